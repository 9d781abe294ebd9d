/** What the Simulator page calls up arrives at a real exchange, and is read back from it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { scenarioDesk } from "../../../src/app/scenario-desk.ts";
import { SECRET, type Sim, startSim } from "./support.ts";

let sim: Sim;
beforeAll(async () => {
  sim = await startSim({});
});
afterAll(() => sim.stop());

test("weather is called up, told, refused and cleared", async () => {
  const desk = scenarioDesk(() => ({ url: sim.base, apiSecret: SECRET }));
  expect(await desk.now()).toEqual({ regimes: [], edge: null });
  const wish = { kind: "squeeze", symbols: ["BTCUSDT"], forS: 60, strength: 1 } as const;
  expect(await desk.call(wish)).toBeNull();
  const state = await desk.now();
  expect(state?.regimes).toMatchObject([{ kind: "squeeze", symbols: ["BTCUSDT"], strength: 1 }]);
  const [regime] = state?.regimes ?? [];
  expect((regime?.untilMs ?? 0) - (regime?.fromMs ?? 0)).toBe(60_000);
  expect(await desk.call({ ...wish, symbols: ["NOPEUSDT"] })).toContain("no such contract");
  expect(await desk.clear()).toBeNull();
  expect(await desk.now()).toEqual({ regimes: [], edge: null });
});

test("where no exchange is embedded nothing is asked", async () => {
  const desk = scenarioDesk(() => null);
  expect(await desk.now()).toBeNull();
  expect(await desk.clear()).toContain("no embedded exchange");
});
