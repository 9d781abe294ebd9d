/**
 * Reads what trading came to: what is kept (src/record/money-rollup.ts), and the last minutes,
 * which are folded from the executions when somebody asks. Both are made by the same fold from the
 * same rows, so that a figure does not depend on how much of it is kept.
 */
import { dayOf } from "../domain/trading-day.ts";
import type { Usdt } from "../domain/units.ts";
import { MoneyFold } from "../pnl/money-fold.ts";
import { addBridge, type Bridge, NO_BRIDGE } from "../pnl/money-lines.ts";
import type { MoneyQuery, MoneyReader, RoundTripQuery, RoundTripRow } from "../pnl/reading.ts";
import type { JournalDatabase } from "../store/database.ts";
import { exactOf } from "./exact-sums.ts";
import { executionRows } from "./execution-rows.ts";
import { cursorReader } from "./money-cursor.ts";
import { addTo, type DaysWanted, dayGroups } from "./money-statements.ts";
import { moneyOf } from "./record-rows.ts";
import { tripCompleter, tripReader } from "./trip-rows.ts";

/** Executions folded at a reading: minutes of a busy account. What is beyond is not counted yet. */
const TAIL_MAX = 5_000;
/** A reading serves all who ask within it: pages ask for several figures, streams once a second. */
const TAIL_KEPT_MS = 500;
const TRIPS_PER_QUERY_MAX = 1_000;

interface MoneyOf {
  readonly database: Pick<JournalDatabase, "sqlite">;
  /** Asked at each call: empty until it is known, and then there is nothing. */
  readonly accountKey: () => string;
  /** In whose midnight the days begin. */
  readonly timeZone: string;
  readonly nowMs: () => number;
}

/** What is not kept yet. */
interface Tail {
  readonly accountKey: string;
  readonly fold: MoneyFold;
  /** Newest first. */
  readonly trips: readonly RoundTripRow[];
  readonly takenAtMs: number;
  readonly isBehind: boolean;
}

export function createMoneyReader(of: MoneyOf): MoneyReader {
  const { database } = of;
  const tail = tailReader(of);
  const byDay = dayGroups(database, "starts_at_ms");
  const bySymbol = dayGroups(database, "symbol");
  const days = (query: MoneyQuery) => {
    const groups = keptGroups(byDay(wantedOf(of, query)), Number);
    for (const sum of tailDays(tail(), query)) addTo(groups, sum.startsAtMs, sum.bridge);
    return listOf(groups).sort((left, right) => left.key - right.key);
  };
  return {
    day: dayReader(of.timeZone),
    days,
    roundTrips: tripsOf(of, tail),
    bridge: (query) => days(query).reduce((sum, { bridge }) => addBridge(sum, bridge), NO_BRIDGE),
    symbols(query) {
      const groups = keptGroups(bySymbol(wantedOf(of, query)), String);
      for (const sum of tailDays(tail(), query)) addTo(groups, sum.symbol, sum.bridge);
      return listOf(groups).sort((left, right) => (left.key < right.key ? -1 : 1));
    },
    hours: hoursOf(of, tail),
    distribution: distributionOf(of, tail),
    closedSince: closedSinceOf(of, tail),
    netAt: netAtOf(of),
    isBehind: () => tail().isBehind,
  };
}

function dayReader(timeZone: string): MoneyReader["day"] {
  const parts = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  const format = new Intl.DateTimeFormat("en-CA", { ...parts, timeZone });
  return (atMs) => ({ ...dayOf(atMs, timeZone), date: format.format(atMs) });
}

const wantedOf = (of: MoneyOf, { fromMs, toMs, symbol, strategy }: MoneyQuery): DaysWanted => ({
  accountKey: of.accountKey(),
  ...{ fromMs, toMs },
  symbol: symbol ?? null,
  strategy: strategy ?? null,
});

function tailReader({ database, accountKey, timeZone, nowMs }: MoneyOf): () => Tail {
  const rows = executionRows(database);
  const cursor = cursorReader(database, timeZone);
  const completed = tripCompleter(database);
  let kept: Tail | null = null;
  return () => {
    const key = accountKey();
    const takenAtMs = nowMs();
    const isFresh = kept !== null && takenAtMs - kept.takenAtMs < TAIL_KEPT_MS;
    if (kept !== null && isFresh && kept.accountKey === key) return kept;
    const from = cursor(key);
    const untilMs = Number.MAX_SAFE_INTEGER;
    const wanted = { accountKey: key, afterId: from.throughId, untilMs, limit: TAIL_MAX };
    const young = key === "" ? [] : rows(wanted);
    const fold = new MoneyFold(from, (atMs) => dayOf(atMs, timeZone));
    for (const row of young) fold.add(row);
    const trips = fold.trips.map(completed).reverse();
    kept = { accountKey: key, fold, trips, takenAtMs, isBehind: young.length === TAIL_MAX };
    return kept;
  };
}

const fits = (
  wanted: { readonly symbol?: string | undefined; readonly strategy?: string | undefined },
  row: { readonly symbol: string; readonly strategy: string },
): boolean =>
  (wanted.symbol === undefined || wanted.symbol === row.symbol) &&
  (wanted.strategy === undefined || wanted.strategy === row.strategy);

function tailDays({ fold }: Tail, query: MoneyQuery) {
  const { fromMs, toMs } = query;
  return [...fold.days.values()].filter(
    (sum) => sum.startsAtMs >= fromMs && sum.startsAtMs < toMs && fits(query, sum),
  );
}

function keptGroups<Key>(
  rows: readonly { readonly key: string | number; readonly bridge: Bridge }[],
  keyOf: (key: string | number) => Key,
): Map<Key, Bridge> {
  return new Map(rows.map(({ key, bridge }) => [keyOf(key), bridge]));
}

const listOf = <Key>(groups: ReadonlyMap<Key, Bridge>) =>
  [...groups].map(([key, bridge]) => ({ key, bridge }));

function tripsOf(of: MoneyOf, tail: () => Tail): MoneyReader["roundTrips"] {
  const kept = tripReader(of.database);
  return (query: RoundTripQuery): readonly RoundTripRow[] => {
    const limit = Math.min(Math.max(0, Math.trunc(query.limit)), TRIPS_PER_QUERY_MAX);
    const { before = Number.MAX_SAFE_INTEGER, fromMs = 0, toMs = Number.MAX_SAFE_INTEGER } = query;
    const young = tail().trips.filter(
      (trip) =>
        trip.id < before &&
        trip.closedAtMs >= fromMs &&
        trip.closedAtMs < toMs &&
        fits(query, trip),
    );
    if (young.length >= limit) return young.slice(0, limit);
    const older = kept({ ...query, accountKey: of.accountKey(), limit: limit - young.length });
    return [...young, ...older];
  };
}

function hoursOf({ database, accountKey }: MoneyOf, tail: () => Tail): MoneyReader["hours"] {
  interface Row {
    readonly day: number;
    readonly hour: number;
    readonly nano: string;
    readonly rest: number;
    readonly fills: number;
  }
  const rows = database.sqlite.query<Row, [string, number, number, string | null]>(
    "SELECT day_starts_at_ms AS day, hour, CAST(sum(net_nano) AS TEXT) AS nano, " +
      "sum(net_rest) AS rest, sum(fills) AS fills FROM money_hours WHERE account_key = ?1 " +
      "AND day_starts_at_ms >= ?2 AND day_starts_at_ms < ?3 AND (?4 IS NULL OR symbol = ?4) " +
      "GROUP BY day_starts_at_ms, hour",
  );
  return ({ fromMs, toMs, symbol }) => [
    ...rows.all(accountKey(), fromMs, toMs, symbol ?? null).map((row) => ({
      dayStartsAtMs: row.day,
      hour: row.hour,
      net: exactOf(row.nano, row.rest),
      fills: row.fills,
    })),
    ...[...tail().fold.hours.values()].filter(
      (sum) =>
        sum.dayStartsAtMs >= fromMs &&
        sum.dayStartsAtMs < toMs &&
        (symbol === undefined || symbol === sum.symbol),
    ),
  ];
}

function distributionOf(of: MoneyOf, tail: () => Tail): MoneyReader["distribution"] {
  type Slots = [string, number, number, string | null, string | null, number, number];
  const rows = of.database.sqlite.query<{ bin: number; trips: number }, Slots>(
    "SELECT CAST(floor(min(max(net_bps, -?7), ?7 - 0.000001) / ?6) AS INTEGER) AS bin, " +
      "count(*) AS trips FROM round_trips WHERE account_key = ?1 AND closed_at_ms >= ?2 " +
      "AND closed_at_ms < ?3 AND net_bps IS NOT NULL AND (?4 IS NULL OR symbol = ?4) " +
      "AND (?5 IS NULL OR strategy = ?5) GROUP BY bin",
  );
  return (query, widthBps, reachBps) => {
    const { accountKey, fromMs, toMs, symbol, strategy } = wantedOf(of, query);
    const found = rows.all(accountKey, fromMs, toMs, symbol, strategy, widthBps, reachBps);
    const bins = new Map(found.map(({ bin, trips }) => [bin, trips]));
    for (const trip of tail().trips) {
      const isIn = trip.closedAtMs >= fromMs && trip.closedAtMs < toMs && fits(query, trip);
      if (!isIn || trip.netBps === null) continue;
      const within = Math.min(Math.max(trip.netBps, -reachBps), reachBps - 0.000001);
      const bin = Math.floor(within / widthBps);
      bins.set(bin, (bins.get(bin) ?? 0) + 1);
    }
    return [...bins]
      .map(([bin, trips]) => ({ fromBps: bin * widthBps, trips }))
      .sort((left, right) => left.fromBps - right.fromBps);
  };
}

/** An hour of a very busy account. */
const SUMMARY_TRIPS_MAX = 20_000;

function closedSinceOf(of: MoneyOf, tail: () => Tail): MoneyReader["closedSince"] {
  interface Row {
    readonly nano: string;
    readonly rest: number;
    readonly enteredValue: string;
    readonly isWhole: number;
  }
  const rows = of.database.sqlite.query<Row, [string, number, number]>(
    "SELECT CAST(net_nano AS TEXT) AS nano, net_rest AS rest, entered_value AS enteredValue, " +
      "is_whole AS isWhole FROM round_trips WHERE account_key = ? AND closed_at_ms >= ? " +
      "ORDER BY closed_at_ms DESC LIMIT ?",
  );
  return (fromMs) => {
    const kept = rows.all(of.accountKey(), fromMs, SUMMARY_TRIPS_MAX).map((row) => ({
      net: exactOf(row.nano, row.rest),
      enteredValue: moneyOf(row.enteredValue),
      isWhole: row.isWhole === 1,
    }));
    const young = tail().trips.filter(({ closedAtMs }) => closedAtMs >= fromMs);
    const trips = [...young, ...kept];
    const whole = trips.filter(({ isWhole }) => isWhole);
    const sum = (amounts: readonly Usdt[]): Usdt => amounts.reduce((total, one) => total + one, 0n);
    return {
      trips: trips.length,
      won: trips.filter(({ net }) => net > 0n).length,
      net: sum(trips.map(({ net }) => net)),
      wholeNet: sum(whole.map(({ net }) => net)),
      wholeValue: sum(whole.map(({ enteredValue }) => enteredValue)),
    };
  };
}

/** A border before the account's first day is that day's: nothing was booked before it. */
function netAtOf({ database, accountKey }: MoneyOf): MoneyReader["netAt"] {
  const at = database.sqlite.query<{ startsAtMs: number; net: string }, [string, number]>(
    "SELECT starts_at_ms AS startsAtMs, net FROM days WHERE account_key = ? " +
      "AND starts_at_ms >= ? ORDER BY starts_at_ms LIMIT 1",
  );
  const first = database.sqlite.query<{ startsAtMs: number | null }, [string]>(
    "SELECT min(starts_at_ms) AS startsAtMs FROM days WHERE account_key = ?",
  );
  return (borderMs) => {
    const key = accountKey();
    const found = at.get(key, borderMs);
    if (found === null) return null;
    const isFirst = found.startsAtMs === first.get(key)?.startsAtMs;
    return found.startsAtMs === borderMs || isFirst ? moneyOf(found.net) : null;
  };
}
