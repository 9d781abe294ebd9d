/** What the Simulator page breaks is broken at a real exchange, and mended there. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { faultDesk } from "../../../src/app/fault-desk.ts";
import { SIM_FAULTS } from "../../../src/monitor/sim-faults.ts";
import { SECRET, type Sim, startSim } from "./support.ts";

let sim: Sim;
beforeAll(async () => {
  sim = await startSim({});
});
afterAll(() => sim.stop());

test("faults are switched on, told with what they struck, and switched off", async () => {
  const desk = faultDesk(() => ({ url: sim.base, apiSecret: SECRET }));
  expect((await desk.now())?.faults).toEqual([]);
  for (const { name } of SIM_FAULTS) expect(await desk.add(name)).toBeNull();
  const lasting = SIM_FAULTS.filter(({ isMomentary }) => !isMomentary);
  const live = (await desk.now())?.faults ?? [];
  const names = live.map(({ name }) => name);
  for (const { name } of lasting) expect(names).toContain(name);
  expect(await desk.remove(live[0]?.id ?? 0)).toBeNull();
  expect((await desk.now())?.faults).toHaveLength(live.length - 1);
  expect(await desk.remove(null)).toBeNull();
  expect((await desk.now())?.faults).toEqual([]);
  expect(await desk.add("nonsense")).toContain("no fault called nonsense");
});

test("where no exchange is embedded nothing is asked", async () => {
  const desk = faultDesk(() => null);
  expect(await desk.now()).toBeNull();
  expect(await desk.add("clock")).toContain("no embedded exchange");
});
