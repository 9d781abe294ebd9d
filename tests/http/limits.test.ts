/** Risk limits over HTTP: who may change them, what is refused, what is written and told. */
import { beforeEach, describe, expect, test } from "bun:test";
import { DEFAULT_LIMITS } from "../../src/risk/limits.ts";
import { dashboardApp } from "../../src/web/dashboard.ts";
import { webFixture } from "../support/web-deps.ts";
import { STATIC_DIR } from "./scenario.ts";

/** Somebody who is signed in, and the fixture behind what they see. */
function signedIn(role: "viewer" | "operator") {
  const fixture = webFixture({ symbols: 80 });
  const app = dashboardApp(fixture.deps, { staticDir: STATIC_DIR });
  const headers = { cookie: fixture.cookieOf(role), "x-csrf-token": fixture.csrfOf(role) };
  const send = (method: string, path: string, type: string, body: string) =>
    app.request(path, { method, headers: { ...headers, "content-type": type }, body });
  return {
    fixture,
    get: async (path: string) => await app.request(path, { headers }),
    json: async (method: string, path: string, body: unknown) =>
      await send(method, path, "application/json", JSON.stringify(body)),
    form: async (path: string, fields: Record<string, string>) => {
      const text = new URLSearchParams(fields).toString();
      return await send("POST", path, "application/x-www-form-urlencoded", text);
    },
  };
}
type Visitor = ReturnType<typeof signedIn>;

let ann: Visitor;

beforeEach(() => {
  ann = signedIn("operator");
});

const put = (visitor: Visitor, body: unknown) => visitor.json("PUT", "/api/limits", body);

test("what is wrong below /api/ is answered as JSON, whatever the caller accepts", async () => {
  const answer = await put(ann, { changes: { leverageMax: "much" } });
  expect(answer.status).toBe(400);
  expect(answer.headers.get("content-type")).toContain("application/json");
  expect((await answer.json()).error.message).toContain("leverageMax");
});

describe("GET /api/limits", () => {
  test("says each limit with its bounds, source and use", async () => {
    const rows = await (await ann.get("/api/limits")).json();
    const row = rows.find(({ name }: { name: string }) => name === "orderNotionalUsdtMax");
    // A quarter of 400 USDT is less than the 250 that are set.
    expect(row).toMatchObject({ value: 250, holds: 100, source: "settings", unit: "USDT" });
    const drawdown = rows.find(({ name }: { name: string }) => name === "drawdownUsdtMax");
    expect(drawdown).toMatchObject({ used: 12.5, value: 75 });
  });
});

describe("PUT /api/limits", () => {
  test("tightening acts at once, is written with who, before and after, and is shown", async () => {
    const answer = await put(ann, { changes: { leverageMax: 5 }, reason: "thin week" });
    expect(answer.status).toBe(200);
    const { told, written } = ann.fixture.limits;
    expect(told).toMatchObject([{ kind: "limits_change", changes: { leverageMax: 5 } }]);
    expect(written).toMatchObject([
      { name: "leverageMax", before: 10, after: 5, reason: "thin week", isHeld: true },
    ]);
    const rows = await (await ann.get("/api/limits")).json();
    const row = rows.find(({ name }: { name: string }) => name === "leverageMax");
    expect(row.value).toBe(5);
    expect(row.source).toStartWith("changed by ");
  });

  test("loosening wants a confirmation, and changes nothing without one", async () => {
    const changes = { dailyLossUsdtMax: 80 };
    const first = await put(ann, { changes });
    expect(first.status).toBe(409);
    expect(await first.json()).toMatchObject({
      result: "unconfirmed",
      preview: { changes: [{ name: "dailyLossUsdtMax", before: 50, after: 80, loosens: true }] },
    });
    expect(ann.fixture.limits.told).toEqual([]);
    expect((await put(ann, { changes, confirmed: true })).status).toBe(200);
    expect(ann.fixture.limits.told).toHaveLength(1);
  });

  test("a shorter rest loosens, a longer one tightens", async () => {
    expect((await put(ann, { changes: { stopCooldownMs: 1_000 } })).status).toBe(409);
    expect((await put(ann, { changes: { stopCooldownMs: 600_000 } })).status).toBe(200);
  });

  test("a preview says what would be taken back and changes nothing", async () => {
    const answer = await put(ann, { changes: { totalExposureUsdtMax: 0 }, preview: true });
    expect(answer.status).toBe(200);
    const { preview } = await answer.json();
    expect(preview.cancels.length).toBeGreaterThan(0);
    expect(preview.denies.join()).toContain("exposure of all symbols");
    expect([ann.fixture.limits.told, ann.fixture.limits.written]).toEqual([[], []]);
  });

  const WRONG: readonly [string, unknown, string][] = [
    ["an unknown field", { changes: {}, wanted: 1 }, "wanted"],
    ["an unknown limit", { changes: { leverage: 5 } }, "leverage"],
    ["a value beyond its bounds", { changes: { leverageMax: 1_000 } }, "leverageMax"],
    ["a text", { changes: { leverageMax: "5" } }, "leverageMax"],
    ["a half order", { changes: { openOrdersMax: 2.5 } }, "openOrdersMax"],
    ["a pair that contradicts", { changes: { orderNotionalUsdtMax: 600 } }, "orderNotionalUsdtMax"],
    ["what is built in", { changes: { exitRateMax: 5 } }, "exitRateMax"],
    ["no object", [], "body"],
    ["no changes", { reason: "none" }, "changes"],
  ];
  test.each(WRONG)("%s is named, and nothing changes", async (_name, body, parameter) => {
    const answer = await put(ann, body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(parameter);
    expect([ann.fixture.limits.told, ann.fixture.limits.written]).toEqual([[], []]);
  });

  test("one wrong limit keeps the right ones from changing", async () => {
    const changes = { leverageMax: 5, marginUsePctMax: 101 };
    expect((await put(ann, { changes })).status).toBe(400);
    expect(ann.fixture.limits.told).toEqual([]);
  });

  test("null gives a limit back to the settings", async () => {
    await put(ann, { changes: { leverageMax: 5 } });
    const answer = await put(ann, { changes: { leverageMax: null }, confirmed: true });
    expect(answer.status).toBe(200);
    expect(ann.fixture.limits.written.at(-1)).toMatchObject({ after: 10, isHeld: false });
  });

  test("what loosens must be written, what tightens acts on a full disk too", async () => {
    ann.fixture.limits.diskIsFull = true;
    const loosen = { changes: { dailyLossUsdtMax: 80 }, confirmed: true };
    expect((await put(ann, loosen)).status).toBe(503);
    expect(ann.fixture.limits.told).toEqual([]);
    expect((await put(ann, { changes: { leverageMax: 5 } })).status).toBe(200);
    expect(ann.fixture.limits.told).toHaveLength(1);
  });

  test("a viewer may look and not change", async () => {
    const vic = signedIn("viewer");
    expect((await vic.get("/api/limits")).status).toBe(200);
    expect((await put(vic, { changes: { leverageMax: 5 } })).status).toBe(403);
    expect(vic.fixture.limits.told).toEqual([]);
  });
});

describe("the page's form", () => {
  test("takes filled fields, leaves empty ones, and wants the tick for what loosens", async () => {
    const form = { leverageMax: "5", marginUsePctMax: "", reason: "form" };
    const answer = await ann.form("/limits", form);
    expect(answer.status).toBe(303);
    expect(ann.fixture.limits.told).toMatchObject([{ changes: { leverageMax: 5 } }]);
    expect((await ann.form("/limits", { drawdownUsdtMax: "90" })).status).toBe(409);
    const ticked = { drawdownUsdtMax: "90", confirmed: "yes" };
    expect((await ann.form("/limits", ticked)).status).toBe(303);
  });

  test("the page shows every limit and a field for each that may change", async () => {
    const html = await (await ann.get("/risk")).text();
    for (const name of Object.keys(DEFAULT_LIMITS)) {
      if (["orderRateMax", "exitRateMax", "orderRateWindowMs"].includes(name)) continue;
      expect(html).toContain(`name="${name}"`);
    }
    expect(html).toContain("Fall from the day&#39;s best");
  });
});
