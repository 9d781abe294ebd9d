/**
 * Faults of network and exchange against the real adapter, engine and simulator: noticed in time,
 * nothing wrong believed, nothing booked or sent twice, everything equal to the venue again.
 *
 * The groups run beside each other from the start, each on an exchange of its own, since they
 * mostly wait; every test then looks at its own outcome.
 */
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { FaultBench } from "../../support/fault-bench.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { type Outcome, run, SCENARIOS, type Scenario } from "./scenarios.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const GROUPS = [...new Set(SCENARIOS.map(({ group }) => group))];
const benches: FaultBench[] = [];
const outcomes = new Map<Scenario, Promise<Outcome>>();

for (const group of GROUPS) {
  let last: Promise<unknown> = Promise.resolve();
  const started = FaultBench.start({ seed: `faults-${group}`, tradeSocket: group !== "rest" });
  started.then(
    (bench) => benches.push(bench),
    () => {},
  );
  for (const scenario of SCENARIOS.filter((candidate) => candidate.group === group)) {
    const outcome = last.then(async () => run(scenario, await started));
    outcomes.set(scenario, outcome);
    last = outcome.catch(() => {});
  }
}

afterAll(async () => {
  await Promise.all(benches.map((bench) => bench.stop()));
});

for (const group of GROUPS) {
  describe(group, () => {
    for (const scenario of SCENARIOS.filter((candidate) => candidate.group === group)) {
      test(`${scenario.name}: ${scenario.did}`, async () => {
        const outcome = await outcomes.get(scenario);
        expect(outcome?.wrong).toBe("");
      }, 120_000);
    }
  });
}

test("the witness compared live books with the venue's all the while and found no difference", () => {
  expect(benches).toHaveLength(GROUPS.length);
  for (const { compared, harm } of benches) {
    expect(harm).toEqual({ divergences: [], doubles: [], fatal: [] });
    expect(compared).toBeGreaterThan(0);
  }
  const looks = benches.reduce((sum, { compared }) => sum + compared, 0);
  expect(looks).toBeGreaterThan(300);
});

test("every order that a venue ever took was sent once, and no id is there twice", async () => {
  for (const bench of benches) {
    const ids = await bench.ordersAtVenue();
    expect(new Set(ids).size).toBe(ids.length);
    const strangers = ids.filter((id) => bench.submitted.get(id) !== 1);
    expect(strangers).toEqual([]);
  }
});
