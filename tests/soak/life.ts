/**
 * One life of an account from one seed: `bun tests/soak/life.ts [--seed TEXT] [--hours N]
 * [--borders kill,wire] [--every SEC] [--log] [--twice]`. `--every` is the mean time between two
 * borders. `--json` is for the runner of many seeds.
 */
import { parseArgs } from "node:util";
import { type LifeOutcome, runLife } from "./life/account-life.ts";
import { BORDERS, BORDERS_DEFAULT, type BorderName } from "./life/borders/list.ts";

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    seed: { type: "string", default: "1" },
    hours: { type: "string", default: "2" },
    borders: { type: "string", default: BORDERS_DEFAULT.join(",") },
    every: { type: "string", default: "90" },
    log: { type: "boolean", default: false },
    twice: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const SHOWN_MAX = 20;
const borders = values.borders.split(",").filter((name): name is BorderName => name in BORDERS);

const startedMs = performance.now();
const first = await live();
const tookSec = (performance.now() - startedMs) / 1_000;
const { user, system } = process.cpuUsage();
const cpuSec = (user + system) / 1_000_000;
if (values.json) console.log(JSON.stringify({ ...first, cpuSec }));
else tell(first);
if (values.twice) {
  const second = await live();
  if (second.sha256 !== first.sha256) fail(["the same seed lived another life"]);
  console.log("the same seed lived the same life twice");
}
if (first.complaints.length > 0) fail(first.complaints);

function live(): Promise<LifeOutcome> {
  return runLife({
    seed: values.seed,
    hours: Number(values.hours),
    borders,
    everySec: Number(values.every),
    ...(values.log ? { onLog: (line: string) => console.log(line) } : {}),
  });
}

function tell(outcome: LifeOutcome): void {
  const crossed = Object.entries(outcome.crossed).map(([name, count]) => `${name} ${count}`);
  console.log(`seed "${outcome.seed}": ${outcome.virtualSec} virtual s in ${tookSec.toFixed(1)} s`);
  console.log(`  ${outcome.starts} starts, ${outcome.executions} executions`);
  console.log(
    `  borders: ${crossed.join(", ")}; unprotected ${outcome.unprotectedMsMax} ms at most`,
  );
  console.log(`  ${outcome.sha256}`);
}

function fail(complaints: readonly string[]): never {
  if (!values.json) {
    for (const text of complaints.slice(0, SHOWN_MAX)) console.error(text);
    const more = complaints.length - SHOWN_MAX;
    if (more > 0) console.error(`and ${more} more`);
    const what = `--seed ${values.seed} --hours ${values.hours} --borders ${values.borders}`;
    console.error(`repeat: bun tests/soak/life.ts ${what} --log`);
  }
  process.exit(1);
}
