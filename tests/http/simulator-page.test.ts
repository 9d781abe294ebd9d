/** The Simulator page: what runs, who may call weather up, what is refused. */
import { beforeEach, describe, expect, test } from "bun:test";
import { FAULT_TERMS } from "../../src/app/fault-desk.ts";
import { prngOf } from "../../src/kernel/prng.ts";
import { SIM_FAULTS } from "../../src/monitor/sim-faults.ts";
import { SCENARIO_KINDS } from "../../src/monitor/weather.ts";
import { REGIME_KINDS } from "../../src/simulator/market/regime.ts";
import { Faults } from "../../src/simulator/shell/faults.ts";
import { dashboardApp } from "../../src/web/dashboard.ts";
import { type WebFixture, webFixture } from "../support/web-deps.ts";
import { STATIC_DIR } from "./scenario.ts";

const PATH = "/simulator/scenario";
const FAULTS = "/simulator/faults";
let fixture: WebFixture;

beforeEach(() => {
  fixture = webFixture({ symbols: 20 });
});

async function ask(
  role: "viewer" | "operator",
  fields: Record<string, string> | null = null,
  path = PATH,
) {
  const app = dashboardApp(fixture.deps, { staticDir: STATIC_DIR });
  const cookie = fixture.cookieOf(role);
  if (fields === null) return await app.request("/simulator", { headers: { cookie } });
  const body = new URLSearchParams({ csrf: fixture.csrfOf(role), ...fields }).toString();
  const headers = { cookie, "content-type": "application/x-www-form-urlencoded" };
  return await app.request(path, { method: "POST", headers, body });
}

test("the page offers what the simulator knows", () => {
  expect([...SCENARIO_KINDS]).toEqual([...REGIME_KINDS]);
});

describe("calling weather up", () => {
  test("an operator's wish reaches the exchange, and the page says what runs", async () => {
    const fields = { kind: "crash", symbols: "btcusdt, ETHUSDT", forS: "120", strength: "1.5" };
    const answer = await ask("operator", fields);
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe("/simulator");
    const symbols = ["BTCUSDT", "ETHUSDT"];
    expect(fixture.scenario.called).toEqual([{ kind: "crash", symbols, forS: 120, strength: 1.5 }]);
    const page = await (await ask("viewer")).text();
    expect(page).toContain("BTCUSDT ETHUSDT");
    expect(page).toContain("<td>crash</td>");
  });

  test("clear takes all away", async () => {
    await ask("operator", { kind: "calm" });
    await ask("operator", { clear: "yes", kind: "calm" });
    expect(fixture.scenario.called.at(-1)).toBe("clear");
    expect(await (await ask("operator")).text()).toContain("left to itself");
  });

  test("viewers, wrong tokens and wrong values change nothing", async () => {
    expect((await ask("viewer", { kind: "crash" })).status).toBe(403);
    expect((await ask("operator", { kind: "crash", csrf: "another" })).status).toBe(403);
    for (const wrong of [
      { kind: "sunshine" },
      { kind: "calm", forS: "0" },
      { kind: "calm", strength: "9" },
    ]) {
      expect((await ask("operator", wrong)).status).toBe(400);
    }
    expect(fixture.scenario.called).toEqual([]);
  });

  test("what the exchange refuses is said", async () => {
    const answer = await ask("operator", { kind: "crash", symbols: "NOPEUSDT" });
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain("no such contract is listed");
  });
});

test("without an embedded exchange there is nothing to call", async () => {
  fixture.scenario.state = null;
  const page = await (await ask("operator")).text();
  expect(page).toContain("no embedded exchange");
  expect(page).not.toContain(PATH);
});

describe("faults", () => {
  test("each that a click makes is one that the simulator takes", () => {
    const faults = new Faults(prngOf("faults"));
    for (const { name } of SIM_FAULTS) faults.add(FAULT_TERMS[name]);
    expect(faults.all()).toHaveLength(SIM_FAULTS.length);
  });

  test("the page says what is broken, with the seed, and offers to mend it", async () => {
    const page = await (await ask("viewer")).text();
    expect(page).toContain("clock_skew");
    expect(page).toContain("Seed “scalper”");
    expect(page).toContain('name="remove" value="7" aria-pressed="true"');
    expect(page).toContain('name="name" value="cut-public"');
  });

  test("are switched on and off by an operator, and left a row in the trail", async () => {
    expect((await ask("operator", { name: "slow-acks" }, FAULTS)).status).toBe(303);
    expect((await ask("operator", { remove: "7" }, FAULTS)).status).toBe(303);
    expect((await ask("operator", { remove: "all" }, FAULTS)).status).toBe(303);
    expect(fixture.faults.called).toEqual(["slow-acks", 7, null]);
    expect(fixture.trail.deeds.map(({ detail }) => detail)).toEqual([
      "name=slow-acks",
      "remove=7",
      "remove=all",
    ]);
  });

  test("are not a viewer's, and what is none is refused", async () => {
    expect((await ask("viewer", { name: "slow-acks" }, FAULTS)).status).toBe(403);
    expect((await ask("operator", { remove: "x" }, FAULTS)).status).toBe(400);
    expect(fixture.faults.called).toEqual([]);
    expect((await ask("operator", { name: "nonsense" }, FAULTS)).status).toBe(409);
  });
});
