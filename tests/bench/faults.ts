/**
 * Fault kind × what the adapter did × time to notice × time to recover, on the real adapter, engine
 * and simulator over loopback. Medians; `--repeat N` (3), `--only TEXT` for some of them.
 */
import { parseArgs } from "node:util";
import { type Outcome, run, SCENARIOS, type Scenario } from "../contract/faults/scenarios.ts";
import { FaultBench } from "../support/fault-bench.ts";

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { repeat: { type: "string", default: "3" }, only: { type: "string", default: "" } },
});
const repeats = Number(values.repeat);
const chosen = SCENARIOS.filter(({ name, group }) => `${group} ${name}`.includes(values.only));
const groups = [...new Set(chosen.map(({ group }) => group))];
const outcomes = new Map<Scenario, Outcome[]>();

await Promise.all(groups.map(runGroup));
print();
process.exit([...outcomes.values()].flat().some(({ wrong }) => wrong !== "") ? 1 : 0);

async function runGroup(group: Scenario["group"]): Promise<void> {
  const bench = await FaultBench.start({ seed: `faults-${group}`, tradeSocket: group !== "rest" });
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const scenario of chosen.filter((candidate) => candidate.group === group)) {
      const outcome = await run(scenario, bench).catch(
        (error): Outcome => ({
          name: scenario.name,
          noticeMs: null,
          recoverMs: Number.NaN,
          wrong: String(error.message),
        }),
      );
      outcomes.set(scenario, [...(outcomes.get(scenario) ?? []), outcome]);
    }
  }
  console.log(`${group}: the witness compared ${bench.compared} book states`);
  await bench.stop();
}

function print(): void {
  const row = (cells: readonly string[]) =>
    console.log(
      [46, 66, 9, 10]
        .map((width, at) => (at > 1 ? cells[at]?.padStart(width) : cells[at]?.padEnd(width)))
        .join(" "),
    );
  row(["fault", "what was done", "notice ms", "recover ms"]);
  for (const scenario of chosen) {
    const list = outcomes.get(scenario) ?? [];
    const noticed = list.map(({ noticeMs }) => noticeMs).filter((ms) => ms !== null);
    const recovered = list.map(({ recoverMs }) => recoverMs);
    row([scenario.name, scenario.did, median(noticed), median(recovered)]);
    for (const { wrong } of list) if (wrong !== "") console.log(`    WRONG: ${wrong}`);
  }
}

function median(list: readonly number[]): string {
  const sorted = list.toSorted((left, right) => left - right);
  const middle = sorted[Math.floor(sorted.length / 2)];
  return middle === undefined ? "-" : String(Math.round(middle));
}
