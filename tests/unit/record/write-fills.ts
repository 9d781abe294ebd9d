/**
 * Run by a test as a process of its own: writes fills and says how many are committed, for ever.
 */
import { openRecord } from "../../../src/record/open-record.ts";
import { handClock, memoryLog, sampleFill, tellFill } from "./samples.ts";
import { openTemp } from "./support-open.ts";

const journal = openRecord({
  database: openTemp(process.argv[2] ?? ""),
  clock: handClock(),
  runId: "run1",
  tradeLog: memoryLog(),
});
for (let written = 0; ; ) {
  for (let n = 0; n < 50; n++) tellFill(journal, sampleFill(`e${written++}`));
  if (journal.flush()) process.stdout.write(`${written}\n`);
  await Bun.sleep(0);
}
