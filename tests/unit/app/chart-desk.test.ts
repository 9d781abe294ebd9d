/** The charts beside the engine: what they are fed, what they ask, and that they break alone. */
import { describe, expect, test } from "bun:test";
import { ChartDesk } from "../../../src/app/chart-desk.ts";
import type { EngineEvent } from "../../../src/domain/event.ts";
import { asExecId, asSteps, asSymbolId, asTicks } from "../../../src/domain/units.ts";
import { OrderBook } from "../../../src/market/book.ts";
import { virtualClock } from "../../../src/runtime/clocks.ts";
import type { Venue } from "../../../src/runtime/ports/venue.ts";
import { webFixture } from "../../support/web-deps.ts";

const START_MS = 1_800_000_000_000;
const A = asSymbolId(0);

function deskOf() {
  const { view } = webFixture({ symbols: 8 });
  const clock = virtualClock(START_MS);
  const got: EngineEvent[] = [];
  const asked: unknown[][] = [];
  const faults: string[] = [];
  const book = new OrderBook(A);
  const note = (text: string) => void faults.push(text);
  const desk = new ChartDesk({
    clock,
    log: { info() {}, warn() {}, error: note },
    areOursShown: true,
  });
  desk.start({
    view: () => view,
    bookOf: () => book,
    featuresOf: () => [{ name: "spreadBps", unit: "bps", value: 1 }],
    venue: () =>
      ({ loadBars: (...question: unknown[]) => asked.push(question) }) as unknown as Venue,
    accept: (event) => void got.push(event),
  });
  desk.accept({ kind: "instruments", instruments: [...view.instruments.values()] });
  return { desk, clock, got, asked, faults, view };
}

function trade(atMs: number, ticks: number): EngineEvent {
  const one = { execId: asExecId("x"), side: "buy", venueAtMs: atMs } as const;
  const trades = [{ ...one, priceTicks: asTicks(ticks), qtySteps: asSteps(5) }];
  return { kind: "trades", symbolId: A, trades };
}

describe("a chart desk", () => {
  test("hands everything to the engine first, but what charts asked for themselves", () => {
    const { desk, got } = deskOf();
    desk.accept(trade(START_MS, 100));
    const answer = { kind: "bars_loaded", symbolId: A, span: "1m", bars: [], fault: "" } as const;
    desk.accept({ ...answer, isForCharts: true });
    desk.accept(answer);
    expect(got.map(({ kind }) => kind)).toEqual(["instruments", "trades", "bars_loaded"]);
  });

  test("asks for the histories of active symbols, one a second, marked as its own", () => {
    const { clock, asked } = deskOf();
    clock.advanceTo(START_MS + 3_500);
    expect(asked).toHaveLength(3);
    for (const question of asked) expect(question[3]).toBe(true);
  });

  test("draws what it was fed, knows symbols by name, and nothing of others", () => {
    const { desk, view } = deskOf();
    const symbol = [...view.instruments.keys()][0] ?? "";
    desk.accept(trade(START_MS + 10, 100));
    desk.bars(symbol, "1s");
    desk.accept(trade(START_MS + 20, 103));
    expect(desk.newest(symbol, "1s", 1)[0]?.closeTicks).toBe(103);
    expect(desk.trades(symbol)).toHaveLength(1);
    expect(desk.features(symbol)).toHaveLength(1);
    expect(desk.ladder(symbol, 3)).toMatchObject({ bids: [], asks: [] });
    for (const answer of [desk.bars("NOPE", "1m"), desk.trades("NOPE"), desk.features("NOPE")]) {
      expect(answer).toEqual([]);
    }
    expect(desk.ladder("NOPE", 3)).toBeNull();
    expect(desk.instrument("NOPE")).toBeNull();
  });

  test("that breaks is said once, and the engine goes on getting everything", () => {
    const { desk, got, faults, clock } = deskOf();
    const broken = { kind: "trades", symbolId: A, trades: null } as unknown as EngineEvent;
    desk.accept(broken);
    desk.accept(broken);
    desk.accept(trade(START_MS, 100));
    clock.advanceTo(START_MS + 2_500);
    expect(faults).toEqual(["charts stand still from now on; trading is not affected"]);
    expect(got.filter(({ kind }) => kind === "trades")).toHaveLength(3);
  });
});
