/**
 * A second venue under the very same engine: another wire, another way to count, two contracts,
 * market data and orders. Nothing below src/venue/ knows of it.
 */

import { describe, expect, test } from "bun:test";
import type { EngineEvent } from "../../../src/domain/event.ts";
import { isLive } from "../../../src/domain/order.ts";
import { tradingOf } from "../../../src/engine/control.ts";
import { createEngine, type EngineState } from "../../../src/engine/state.ts";
import { step, tell } from "../../../src/engine/step.ts";
import { fixedToNumber } from "../../../src/kernel/fixed.ts";
import { prngOf } from "../../../src/kernel/prng.ts";
import { type VirtualClock, virtualClock } from "../../../src/runtime/clocks.ts";
import { dispatcher } from "../../../src/runtime/dispatcher.ts";
import { EngineLoop } from "../../../src/runtime/loop.ts";
import type { LogPort } from "../../../src/runtime/ports/log.ts";
import { commandOf } from "../../support/commands.ts";
import { openedOf } from "../../support/known-account.ts";
import { OtherExchange } from "../../support/other-venue/exchange.ts";
import { lineTo } from "../../support/other-venue/line.ts";
import { createOtherVenue } from "../../support/other-venue/venue.ts";
import { OPTIONS } from "../engine/tape.ts";

const START_MS = Date.UTC(2026, 0, 5, 12);

interface Desk {
  readonly engine: EngineState;
  readonly exchange: OtherExchange;
  readonly clock: VirtualClock;
  readonly logs: readonly string[];
  readonly fatal: readonly unknown[];
  seen(kind: EngineEvent["kind"]): number;
  run(forMs: number): void;
  command(action: "halt" | "flatten"): void;
}

function desk(seed: string): Desk {
  const clock = virtualClock(START_MS);
  const exchange = new OtherExchange(clock, prngOf(seed));
  const logs: string[] = [];
  const fatal: unknown[] = [];
  const seen = new Map<string, number>();
  const note = (level: string) => (text: string) => void logs.push(`${level} ${text}`);
  const log: LogPort = { info: note("info"), warn: note("warn"), error: note("error") };
  const venue = createOtherVenue({ clock, log, openSocket: lineTo(exchange, clock) });
  const engine = createEngine(OPTIONS);
  const perform = dispatcher({
    venue: () => venue,
    log,
    setTimer: (name, dueAtMs) => loop.setTimer(name, dueAtMs),
    audit: () => {},
    keepTrading: () => {},
    keepWords: () => {},
    openAccount: (accountId) => loop.accept(openedOf(accountId)),
  });
  const loop: EngineLoop = new EngineLoop({
    clock,
    step: (event, stamp) => step(engine, event, stamp),
    tell: (stamp) => tell(engine, stamp),
    perform,
    onFatal: (error) => fatal.push(error),
  });
  void venue.start((event) => {
    seen.set(event.kind, (seen.get(event.kind) ?? 0) + 1);
    loop.accept(event);
  });
  return {
    engine,
    exchange,
    clock,
    logs,
    fatal,
    seen: (kind) => seen.get(kind) ?? 0,
    run: (forMs) => clock.advanceTo(clock.nowMs() + forMs),
    command: (action) => loop.accept(commandOf(action)),
  };
}

/** What the program booked against what the venue's own plain books say. */
function expectEqualBooks({ engine, exchange }: Desk): void {
  const { ledger, market } = engine;
  for (const { id, symbol } of market.instruments()) {
    expect(ledger.stepsOf(id)).toBe(exchange.positions.get(symbol)?.size ?? 0);
  }
  expect(ledger.fillCount).toBe(exchange.deals.length);
  const fees = exchange.deals.reduce((sum, { fee }) => sum + fee, 0);
  expect(fixedToNumber(ledger.fees)).toBeCloseTo(fees, 6);
  expect(10_000 + fixedToNumber(ledger.realised) - fees).toBeCloseTo(exchange.cash, 6);
}

describe("another venue under the same engine", () => {
  test("trades both contracts; sizes, fills, fees and profit equal the venue's own books", () => {
    const run = desk("two contracts");
    run.run(40_000);
    const { engine, exchange } = run;
    expect(run.fatal).toEqual([]);
    expect(tradingOf(engine).state).toBe("on");
    const named = engine.market.instruments().map(({ venue, symbol }) => `${venue} ${symbol}`);
    expect(named).toEqual(["other TIN-PERP", "other ZINC-PERP"]);
    expect(engine.counters.ordersSubmitted).toBeGreaterThan(20);
    const dealt = new Set(exchange.deals.map(({ name }) => name));
    expect([...dealt].sort()).toEqual(["TIN-PERP", "ZINC-PERP"]);
    expect(exchange.deals.length).toBeGreaterThan(10);
    expect(engine.ledger.realised).not.toBe(0n);
    expectEqualBooks(run);
  });

  test("holds its books against the venue's own pictures", () => {
    const run = desk("pictures");
    run.run(20_000);
    for (const { id } of run.engine.market.instruments()) {
      expect(run.engine.market.bookAudit(id)).toMatchObject({ matched: true });
    }
  });

  test("a hole in its count takes the feeds down; all is asked for anew and trading goes on", () => {
    const run = desk("a hole");
    run.run(20_000);
    const before = run.exchange.deals.length;
    run.exchange.skipNext = true;
    run.run(150);
    const { market, control } = run.engine;
    expect(control.feeds.market?.up).toBe(false);
    expect(market.instruments().map(({ id }) => market.book(id).state)).toEqual([
      "quarantined",
      "quarantined",
    ]);
    run.run(20_000);
    expect(market.instruments().map(({ id }) => market.book(id).state)).toEqual(["live", "live"]);
    expect(run.exchange.deals.length).toBeGreaterThan(before);
    expect(run.fatal).toEqual([]);
    expectEqualBooks(run);
  });

  test("the red button ends flat", () => {
    const run = desk("red button");
    run.run(20_000);
    run.command("flatten");
    run.run(10_000);
    const { engine, exchange } = run;
    expect([...exchange.positions.values()].map(({ size }) => size)).toEqual([0, 0]);
    expect(exchange.open).toEqual([]);
    expect([...engine.orders.all()].filter(({ state }) => isLive(state))).toEqual([]);
    expectEqualBooks(run);
  });
});
