/**
 * What all rows of a filter come to, exact. Executions are taken from the sums by the hour as far
 * as the filter asks for no more than what these are apart by; what is left (the hours that the
 * time asked for cuts, and the last minute) is added up row by row, as is everything else.
 */
import type { Term } from "../blotter/filter-terms.ts";
import { matches } from "../blotter/row-match.ts";
import type { BlotterTotals, ListName } from "../blotter/rows.ts";
import type { Fixed } from "../kernel/fixed.ts";
import type { RoundTripRow } from "../pnl/reading.ts";
import { boundsOf, FILLS, isAddedUp, type RawFill } from "./blotter-fills.ts";
import { fateOf, ORDERS, type RawOrder } from "./blotter-orders.ts";
import { type RawRefusal, REFUSALS } from "./blotter-refusals.ts";
import { type Span, type Sqlite, windowsOf } from "./blotter-scan.ts";
import { type TripsOf, tripWindows } from "./blotter-trips.ts";
import { addedUpTo, HOUR_MS } from "./fill-hours.ts";
import { moneyOf } from "./record-rows.ts";

type Totals = { -readonly [Key in keyof BlotterTotals]: BlotterTotals[Key] };

const NONE: BlotterTotals = {
  count: 0,
  traded: 0,
  volume: 0n,
  makerVolume: 0n,
  gross: 0n,
  fees: 0n,
  funding: 0n,
  net: 0n,
  filled: 0,
  unfilled: 0,
  rejected: 0,
  live: 0,
  times: 0,
  won: 0,
};

interface Wanted {
  readonly accountKey: string;
  readonly terms: readonly Term[];
}

/** Adds up, resting between windows; what it returns at last is the whole. */
export function* totalsOf(
  database: Sqlite & TripsOf,
  list: ListName,
  wanted: Wanted,
): Generator<void, BlotterTotals> {
  const totals: Totals = { ...NONE };
  if (list === "trips") {
    for (const rows of tripWindows(database, wanted.terms)) {
      for (const row of rows) addTrip(totals, row);
      yield;
    }
  } else if (list === "orders") {
    for (const rows of windowsOf(database, ORDERS, wanted)) {
      for (const row of rows) addOrder(totals, row);
      yield;
    }
  } else if (list === "refusals") {
    for (const rows of windowsOf(database, REFUSALS, wanted)) {
      for (const row of rows) addRefusal(totals, row);
      yield;
    }
  } else yield* addFills(database, totals, wanted);
  totals.net = totals.gross - totals.fees - totals.funding;
  return totals;
}

function* addFills(database: Sqlite, totals: Totals, wanted: Wanted): Generator<void> {
  const { accountKey, terms } = wanted;
  const bounds = boundsOf(terms);
  // Both in one breath: what is added up meanwhile must not count twice.
  const { added, hours } = database.sqlite.transaction(() => ({
    added: isAddedUp(terms) ? addedUpTo(database) : 0,
    hours: isAddedUp(terms) ? hoursOf(database, accountKey, bounds) : [],
  }))();
  const untimed = terms.filter(({ kind }) => kind !== "time");
  const cut = new Map<number, Span>();
  for (const hour of hours) {
    const { hourAtMs, firstId, lastId } = hour;
    if (hourAtMs >= bounds.fromMs && hourAtMs + HOUR_MS <= bounds.toMs) {
      const isFound = untimed.length === 0 || matches(untimed, factsOfHour(hour));
      if (isFound) addHour(totals, hour);
      continue;
    }
    // At most two: the one that the time begins in and the one that it ends in.
    const { from, to } = cut.get(hourAtMs) ?? { from: firstId, to: lastId };
    cut.set(hourAtMs, { from: Math.min(from, firstId), to: Math.max(to, lastId) });
  }
  for (const rows of rowsWithin(database, wanted, { from: added + 1, to: lastTrade(database) })) {
    for (const row of rows) addFill(totals, row);
    yield;
  }
  for (const [hourAtMs, span] of cut) {
    for (const rows of rowsWithin(database, wanted, span)) {
      for (const row of rows) if (hourOf(row) === hourAtMs) addFill(totals, row);
      yield;
    }
  }
}

const hourOf = ({ venueAtMs }: RawFill): number => Math.floor(venueAtMs / HOUR_MS) * HOUR_MS;

const rowsWithin = (database: Sqlite, wanted: Wanted, span: Span) =>
  windowsOf(database, { ...FILLS, spans: () => [span] }, wanted);

function lastTrade({ sqlite }: Sqlite): number {
  const last = sqlite.query<{ id: number | null }, []>("SELECT max(id) AS id FROM trades").get();
  return last?.id ?? 0;
}

interface Hour {
  readonly hourAtMs: number;
  readonly symbol: string;
  readonly strategy: string;
  readonly side: string;
  readonly isMaker: number;
  readonly execKind: string;
  readonly count: number;
  readonly value: string;
  readonly fee: string;
  readonly funding: string;
  readonly realisedPnl: string;
  readonly firstId: number;
  readonly lastId: number;
}

function hoursOf(
  { sqlite }: Sqlite,
  accountKey: string,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): readonly Hour[] {
  return sqlite
    .query<Hour, [string, number, number]>(
      "SELECT hour_at_ms AS hourAtMs, symbol, strategy, side, is_maker AS isMaker, " +
        "exec_kind AS execKind, count, value, fee, funding, realised_pnl AS realisedPnl, " +
        "first_id AS firstId, last_id AS lastId FROM fill_hours " +
        "WHERE account_key = ? AND is_ours = 1 AND hour_at_ms > ? AND hour_at_ms < ?",
    )
    .all(accountKey, fromMs - HOUR_MS, toMs);
}

const factsOfHour = ({ symbol, strategy, side, isMaker, execKind }: Hour) => ({
  ...{ symbol, strategy, side, kind: execKind, atMs: 0, reason: "", ids: [] },
  maker: isMaker === 1 ? ("yes" as const) : ("no" as const),
});

type Money = Pick<RawFill, "value" | "fee" | "funding" | "realisedPnl" | "isMaker" | "execKind">;

function addHour(totals: Totals, hour: Hour): void {
  addMoney(totals, hour, hour.count);
}

function addFill(totals: Totals, row: RawFill): void {
  addMoney(totals, row, 1);
}

function addMoney(
  totals: Totals,
  row: Omit<Money, "execKind"> & { readonly execKind: string },
  count: number,
): void {
  totals.count += count;
  totals.gross += amountOf(row.realisedPnl);
  totals.fees += amountOf(row.fee);
  totals.funding += amountOf(row.funding);
  // The value of a funding is that of the position it was paid for.
  if (row.execKind === "funding") return;
  const value = moneyOf(row.value);
  totals.traded += count;
  totals.volume += value;
  if (row.isMaker === 1) totals.makerVolume += value;
}

/** Most entries realise nothing, and most executions are no funding. */
const amountOf = (text: string): Fixed => (text === "0" ? 0n : moneyOf(text));

function addOrder(totals: Totals, row: RawOrder): void {
  totals.count++;
  const fate = fateOf(row);
  if (fate === "live") totals.live++;
  else if (fate === "filled") totals.filled++;
  else if (row.state === "rejected" || row.state === "failed") totals.rejected++;
  else if (fate === "cancelled") totals.unfilled++;
}

function addRefusal(totals: Totals, row: RawRefusal): void {
  totals.count++;
  totals.times += row.times;
}

/** Volume is what was entered: what net is measured by. */
function addTrip(totals: Totals, row: RoundTripRow): void {
  totals.count++;
  totals.traded += row.fills;
  totals.volume += row.enteredValue;
  totals.gross += row.gross;
  totals.fees += row.fees;
  totals.funding += row.funding;
  if (row.net > 0n) totals.won++;
}
