/**
 * The simulator's history beside bars built from its trades, through the adapter: they must be
 * equal, or the seam between history and live trades would be a step.
 */
import { expect, setDefaultTimeout, test } from "bun:test";
import type { BarsLoaded } from "../../../src/domain/bar.ts";
import type { EngineEvent } from "../../../src/domain/event.ts";
import type { SymbolId } from "../../../src/domain/units.ts";
import { Bars } from "../../../src/market/bar-builder.ts";
import { virtualClock } from "../../../src/runtime/clocks.ts";
import { connectInProcess } from "../../../src/simulator/shell/in-process.ts";
import { createBybitVenue } from "../../../src/venue/bybit/bybit-venue.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const START_AT_MS = Date.UTC(2026, 0, 5, 12, 0, 30);
const SPANS = ["1m", "5m"] as const;
const KEPT = 20;

test("bars from trades are the simulator's own, and its history goes on into them", async () => {
  const clock = virtualClock(START_AT_MS);
  const simulator = connectInProcess({ seed: "bars", symbols: 3, accounts: [], clock });
  const bars = new Bars(new Map(SPANS.map((span) => [span, KEPT])), () => {});
  const answers: BarsLoaded[] = [];
  const silent = { info: () => {}, warn: () => {}, error: () => {} };
  const venue = createBybitVenue({
    clock,
    log: silent,
    restUrl: "http://venue",
    wsUrl: "ws://venue",
    apiKey: "",
    apiSecret: "",
    tradeSocket: false,
    seed: "bars",
    fetch: (url, init) => simulator.fetch(url, init),
    openSocket: (url) => simulator.openSocket(url),
  });
  let ids: SymbolId[] = [];
  const started = venue.start((event: EngineEvent) => {
    if (event.kind === "instruments") {
      ids = event.instruments.map(({ id }) => id);
      bars.load(ids);
      for (const id of ids) bars.keep(id);
    } else if (event.kind === "book") bars.works(event.symbolId, clock.nowMs());
    else if (event.kind === "trades") bars.onTrades(event);
    else if (event.kind === "bars_loaded") answers.push(event);
  });
  const pass = async (ms: number) => {
    for (const endMs = clock.nowMs() + ms; clock.nowMs() < endMs; ) {
      await simulator.pass(100);
      bars.closeByTime(clock.nowMs());
    }
  };
  const ask = async () => {
    const before = answers.length;
    for (const span of SPANS) for (const id of ids) venue.loadBars(id, span, KEPT);
    await pass(4_000);
    expect(answers.slice(before).map(({ fault }) => fault)).toEqual(Array(6).fill(""));
    return answers.slice(before);
  };
  await pass(2_000);
  await started;
  for (const { span, symbolId, bars: theirs } of await ask()) bars.take(span, symbolId, theirs);
  await pass(11 * 60_000);
  let compared = 0;
  for (const { span, symbolId, bars: theirs } of await ask()) {
    for (const their of theirs) {
      const our = bars.closed(span, symbolId)?.starting(their.startAtMs);
      if (our?.isComplete !== true) continue;
      expect({ ...our, turnover: 0 }).toEqual({ ...their, turnover: 0 });
      expect(our.turnover / Math.max(1, their.turnover)).toBeCloseTo(our.turnover > 0 ? 1 : 0, 4);
      compared++;
    }
    bars.take(span, symbolId, theirs);
    expect(bars.missing(span, symbolId, clock.nowMs())).toBe(0);
  }
  expect(compared).toBeGreaterThan(SPANS.length * ids.length * (KEPT - 3));
  expect(bars.mismatches).toBe(0);
  await venue.stop();
  await simulator.stop();
});
