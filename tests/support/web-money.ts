/** What trading came to, from a literal account: the same answers as the record's, without one. */
import { dayOf } from "../../src/domain/trading-day.ts";
import { fixedToText } from "../../src/kernel/fixed.ts";
import type { ExecutionRow } from "../../src/pnl/execution-row.ts";
import { MoneyFold } from "../../src/pnl/money-fold.ts";
import { addBridge, type Bridge, NO_BRIDGE, netOfBridge } from "../../src/pnl/money-lines.ts";
import type { MoneyQuery, MoneyReader, RoundTripRow } from "../../src/pnl/reading.ts";
import { moneyRows } from "./money-rows.ts";
import { fixtureHistory } from "./web-history.ts";
import { FIXTURE_NOW_MS } from "./web-rows.ts";

const DAY_MS = 86_400_000;
const TIME = { fromMs: FIXTURE_NOW_MS - 300 * DAY_MS, toMs: FIXTURE_NOW_MS - 1_000 };

/** A year of it, made once: every fixture shows the same account. */
const MONEY: MoneyReader = moneyOf(
  moneyRows({ seed: "fixture", count: 900, ...TIME }).map((row) => {
    // Denser towards now, so that today has some too.
    const left = (TIME.toMs - row.fill.atMs) / (TIME.toMs - TIME.fromMs);
    const atMs = Math.floor(TIME.toMs - left ** 3 * (TIME.toMs - TIME.fromMs));
    return { ...row, fill: { ...row.fill, atMs } };
  }),
);

/** What the record has of the past. */
export const FIXTURE_PAST = { money: MONEY, history: fixtureHistory(FIXTURE_NOW_MS) };

/** A reader of these executions, whose days are those of a place. */
export function moneyOf(rows: readonly ExecutionRow[], timeZone = "UTC"): MoneyReader {
  const fold = new MoneyFold({ open: new Map(), throughId: 0 }, (atMs) => dayOf(atMs, timeZone));
  for (const row of rows) fold.add(row);
  const trips = fold.trips.map(completed).reverse();
  return { ...sumsOf(fold), ...tripsOf(trips), day: dayIn(timeZone), isBehind: () => false };
}

function dayIn(timeZone: string): MoneyReader["day"] {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" });
  return (atMs) => ({ ...dayOf(atMs, timeZone), date: format.format(atMs) });
}

type Sums = Pick<MoneyReader, "bridge" | "days" | "symbols" | "hours" | "netAt">;
type Trips = Pick<MoneyReader, "roundTrips" | "distribution" | "closedSince">;
type Wanted = { readonly symbol?: string | undefined; readonly strategy?: string | undefined };

const fits = (query: Wanted, row: { readonly symbol: string; readonly strategy: string }) =>
  (query.symbol === undefined || row.symbol === query.symbol) &&
  (query.strategy === undefined || row.strategy === query.strategy);

function sumsOf(fold: MoneyFold): Sums {
  const sums = (query: MoneyQuery) =>
    [...fold.days.values()].filter(
      (day) => day.startsAtMs >= query.fromMs && day.startsAtMs < query.toMs && fits(query, day),
    );
  const netBefore = (borderMs: number): bigint =>
    sums({ fromMs: 0, toMs: borderMs }).reduce((net, { bridge }) => net + netOfBridge(bridge), 0n);
  const firstMs = Math.min(...[...fold.days.values()].map(({ startsAtMs }) => startsAtMs));
  return {
    bridge: (query) => sums(query).reduce((sum, { bridge }) => addBridge(sum, bridge), NO_BRIDGE),
    days: (query) => grouped(sums(query), ({ startsAtMs }) => startsAtMs),
    symbols: (query) => grouped(sums(query), ({ symbol }) => symbol),
    hours: ({ fromMs, toMs, symbol }) =>
      [...fold.hours.values()].filter(
        (cell) =>
          cell.dayStartsAtMs >= fromMs &&
          cell.dayStartsAtMs < toMs &&
          (symbol === undefined || cell.symbol === symbol),
      ),
    netAt: (borderMs) => netBefore(Math.max(borderMs, firstMs)),
  };
}

function tripsOf(trips: readonly RoundTripRow[]): Trips {
  const within = (query: MoneyQuery) =>
    trips.filter(
      (trip) =>
        trip.closedAtMs >= query.fromMs && trip.closedAtMs < query.toMs && fits(query, trip),
    );
  return {
    roundTrips: ({ limit, before = Infinity, fromMs = 0, toMs = Infinity, symbol, strategy }) =>
      within({ fromMs, toMs, symbol, strategy })
        .filter(({ id }) => id < before)
        .slice(0, limit),
    distribution(query, widthBps, reachBps) {
      const bins = new Map<number, number>();
      for (const { netBps } of within(query)) {
        if (netBps === null) continue;
        const bounded = Math.min(Math.max(netBps, -reachBps), reachBps - 0.000001);
        const fromBps = Math.floor(bounded / widthBps) * widthBps;
        bins.set(fromBps, (bins.get(fromBps) ?? 0) + 1);
      }
      return [...bins]
        .map(([fromBps, count]) => ({ fromBps, trips: count }))
        .sort((left, right) => left.fromBps - right.fromBps);
    },
    closedSince(fromMs) {
      const closed = trips.filter(({ closedAtMs }) => closedAtMs >= fromMs);
      const whole = closed.filter(({ isWhole }) => isWhole);
      return {
        trips: closed.length,
        won: closed.filter(({ net }) => net > 0n).length,
        net: closed.reduce((sum, { net }) => sum + net, 0n),
        wholeNet: whole.reduce((sum, { net }) => sum + net, 0n),
        wholeValue: whole.reduce((sum, { enteredValue }) => sum + enteredValue, 0n),
      };
    },
  };
}

function completed({
  qty,
  entryPrice,
  exitPrice,
  ...trip
}: MoneyFold["trips"][number]): RoundTripRow {
  return {
    ...trip,
    qtyText: fixedToText(qty),
    entryPriceText: fixedToText(entryPrice),
    exitPriceText: fixedToText(exitPrice),
    entryReason: "imbalance 0.42",
    exitReason: trip.id % 3 === 0 ? "stop" : "took 4 bps",
  };
}

function grouped<Sum extends { readonly bridge: Bridge }, Key extends string | number>(
  sums: readonly Sum[],
  keyOf: (sum: Sum) => Key,
): { key: Key; bridge: Bridge }[] {
  const groups = new Map<Key, Bridge>();
  for (const sum of sums) {
    const key = keyOf(sum);
    groups.set(key, addBridge(groups.get(key) ?? NO_BRIDGE, sum.bridge));
  }
  return [...groups]
    .map(([key, bridge]) => ({ key, bridge }))
    .sort((left, right) => (left.key < right.key ? -1 : 1));
}
