/**
 * The whole program from one seed: engine, adapter and simulated venue on a virtual clock, under
 * faults, and at the end every amount, size, order and execution compared with the venue's own.
 *
 * `bun tests/soak/program.ts [--seed TEXT] [--seconds N] [--symbols N] [--log]`. `--slice` is the
 * short run of the ok command: twice with one seed, and both must leave the same record.
 */
import { parseArgs } from "node:util";
import { fillsOf, reckon } from "./program-reckoning.ts";
import { type Outcome, runProgram } from "./program-run.ts";

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    seed: { type: "string", default: "soak" },
    seconds: { type: "string" },
    symbols: { type: "string", default: "30" },
    slice: { type: "boolean", default: false },
    log: { type: "boolean", default: false },
  },
});
const seconds = Number(values.seconds ?? (values.slice ? 60 : 600));
const given = `--seed ${values.seed} --seconds ${seconds} --symbols ${values.symbols}`;
const repeat = `bun tests/soak/program.ts ${given}${values.slice ? " --slice" : ""}`;
/** Differences beyond these are more of the same. */
const SHOWN_MAX = 20;

const first = await run();
if (values.slice) {
  const second = await run();
  const same = first.sha256 === second.sha256 && first.events === second.events;
  if (!same) fail([`the same seed left another record: ${first.sha256}, then ${second.sha256}`]);
  console.log("the same seed left the same record twice");
}

async function run(): Promise<Outcome> {
  const startedMs = performance.now();
  const outcome = await runProgram({
    seed: values.seed,
    seconds,
    symbols: Number(values.symbols),
    ...(values.log ? { onLog: (line: string) => console.log(line) } : {}),
  });
  const tookSec = (performance.now() - startedMs) / 1_000;
  tell(outcome, tookSec);
  const differences = reckon(outcome);
  if (fillsOf(outcome).length === 0) differences.push("nothing was traded: the run proves nothing");
  if (differences.length > 0) fail(differences);
  return outcome;
}

function tell(outcome: Outcome, tookSec: number): void {
  const { virtualSec, planted, submitted, events, framesSent } = outcome;
  const pace = (virtualSec / tookSec).toFixed(1);
  const faults = Object.entries(planted).map(([kind, count]) => `${kind} ${count}`);
  const fills = fillsOf(outcome).length;
  const fundings = fillsOf(outcome).filter(({ execKind }) => execKind === "funding").length;
  console.log(`seed "${values.seed}", ${values.symbols} symbols, ${framesSent} frames`);
  console.log(`  ${virtualSec} virtual s in ${tookSec.toFixed(1)} s: ${pace} a second`);
  console.log(
    `  ${events} events, ${submitted.size} orders, ${fills} executions (${fundings} funding)`,
  );
  console.log(`  faults: ${faults.toSorted().join(", ") || "none"}`);
  console.log(`  journal ${outcome.sha256}, ${outcome.journalEntries} entries`);
}

function fail(differences: readonly string[]): never {
  for (const text of differences.slice(0, SHOWN_MAX)) console.error(text);
  const more = differences.length - SHOWN_MAX;
  if (more > 0) console.error(`and ${more} more`);
  console.error(`repeat: ${repeat}`);
  process.exit(1);
}
