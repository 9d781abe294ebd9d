/** One symbol's chart as JSON, on both apps: columns, what is ours, parameters, size. */
import { describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { CHART_BARS_MAX, haltBandsOf } from "../../src/monitor/chart-picture.ts";
import { monitorApp } from "../../src/web/monitor-api.ts";
import { webFixture } from "../support/web-deps.ts";

const fixture = webFixture({ symbols: 40 });
const app = monitorApp(fixture.deps);

function get(path: string): Promise<Response> {
  return Promise.resolve(app.request(path, { headers: { host: "127.0.0.1:8090" } }));
}

async function chart(query = "?interval=1m") {
  const answer = await get(`/api/symbol/BTCUSDT/bars${query}`);
  expect(answer.status).toBe(200);
  return await answer.json();
}

describe("GET /api/symbol/:symbol/bars", () => {
  test("answers in columns of one length, oldest first, prices on the tick", async () => {
    const { t, o, h, l, c, v, ...told } = await chart();
    expect(told).toMatchObject({ symbol: "BTCUSDT", interval: "1m", spanMs: 60_000, decimals: 2 });
    for (const column of [o, h, l, c, v]) expect(column).toHaveLength(t.length);
    expect(t.length).toBeGreaterThan(800);
    for (const [at, atMs] of t.entries()) {
      expect(atMs % 60_000).toBe(0);
      if (at > 0) expect(atMs).toBeGreaterThan(t[at - 1]);
      expect(h[at]).toBeGreaterThanOrEqual(Math.max(o[at], c[at]));
      expect(l[at]).toBeLessThanOrEqual(Math.min(o[at], c[at]));
    }
  });

  test("carries our fills within it, live orders, entry, stop and the book's state", async () => {
    const { view } = fixture;
    const picture = await chart();
    const ours = [...view.openOrders.values()].filter(({ symbol }) => symbol === "BTCUSDT");
    expect(picture.orders).toHaveLength(ours.length);
    expect(picture.orders[0]).toMatchObject({ price: ours[0]?.priceText });
    const position = view.positions.get("BTCUSDT");
    expect(picture.side).toBe(position?.side);
    expect(picture.entryPrice).toBe(position?.entryPriceText);
    expect(picture.stopLoss).toBe(position?.stopLossText);
    const fills = fixture.deps.trades.trades({ symbol: "BTCUSDT", limit: 1_000 });
    const within = fills.filter(
      (fill) => fill.execKind === "trade" && fill.venueAtMs >= picture.t[0],
    );
    expect(picture.fills).toHaveLength(within.length);
    expect(picture.fills[0]).toMatchObject({ price: within[0]?.priceText });
    expect(picture.bookState).toBe(view.symbols.get("BTCUSDT")?.bookState);
  });

  test("begins at `from`, so that a page asks for what is new only", async () => {
    const whole = await chart("?interval=1s");
    const fromMs = whole.t.at(-3);
    const { t } = await chart(`?interval=1s&from=${fromMs}`);
    expect(t).toEqual(whole.t.slice(-3));
  });

  test("refuses wrong parameters by name, and unknown symbols", async () => {
    for (const [query, parameter] of [
      ["interval=2m", "interval"],
      ["from=yesterday", "from"],
      ["from=-1", "from"],
      ["bars=9", "bars"],
    ]) {
      const answer = await get(`/api/symbol/BTCUSDT/bars?${query}`);
      expect([query, answer.status]).toEqual([query, 400]);
      expect((await answer.json()).error.parameter).toBe(parameter);
    }
    expect((await get("/api/symbol/NOPEUSDT/bars")).status).toBe(404);
  });

  test("fits 25 kB compressed with as many bars as it may have", async () => {
    const picture = await chart("?interval=1s");
    const times = Math.ceil(CHART_BARS_MAX / picture.t.length);
    const grown = Object.fromEntries(
      Object.entries(picture).map(([name, value]) => [
        name,
        Array.isArray(value) && name.length === 1
          ? Array.from({ length: times }, (_, time) => value.map((each) => each + time * 0.1))
              .flat()
              .slice(0, CHART_BARS_MAX)
              .map((each) => Number(each.toFixed(2)))
          : value,
      ]),
    );
    const bytes = gzipSync(JSON.stringify(grown)).byteLength;
    expect(bytes).toBeLessThan(25_000);
  });
});

test("halts are bands of all trading and of the symbol, and one that lasts has no end", () => {
  const { view } = fixture;
  const told = { commandId: "", verdict: "executed", cause: "operator", by: "anna" } as const;
  const rest = { reason: "", isAutomatic: false, outcome: "", isDone: true, outcomeAtMs: 0 };
  const row = (id: string, action: "halt" | "resume" | "pause_symbol", symbol: string) => ({
    ...told,
    ...rest,
    id,
    action,
    symbol,
    atMs: Number(id),
  });
  const halted = {
    ...view,
    trading: { state: "halted", reason: "" } as const,
    interventions: [
      row("500", "halt", ""),
      row("400", "pause_symbol", "ETHUSDT"),
      row("300", "resume", ""),
      row("200", "halt", ""),
      row("100", "halt", ""),
    ],
  };
  expect(
    haltBandsOf(halted, "BTCUSDT").map(({ fromAtMs, untilAtMs }) => [fromAtMs, untilAtMs]),
  ).toEqual([
    [100, 300],
    [500, null],
  ]);
  // A pause that nothing tells of any more is over.
  expect(haltBandsOf({ ...halted, trading: view.trading }, "ETHUSDT")).toHaveLength(1);
});
