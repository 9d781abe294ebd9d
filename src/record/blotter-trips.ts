/** Closed round trips as a list of the blotter: what the money reader has, filtered. */
import type { Term } from "../blotter/filter-terms.ts";
import { type Facts, isWholeSymbol, matches, sizeOf } from "../blotter/row-match.ts";
import type { MoneyReader, RoundTripRow } from "../pnl/reading.ts";
import { boundsOf } from "./blotter-fills.ts";

export type TripsOf = Pick<MoneyReader, "roundTrips">;

/** Rows asked for at once. */
const WINDOW_ROWS = 1_000;
/** The first of them: a page is most often full after it. */
const FIRST_ROWS = 100;

/** What is found, by windows, newest first; below a row's number where one is given. */
export function* tripWindows(
  { roundTrips }: TripsOf,
  terms: readonly Term[],
  below?: number,
): Generator<readonly RoundTripRow[]> {
  const { fromMs, toMs } = boundsOf(terms);
  const symbol = wholeSymbolOf(terms);
  let before = below;
  for (let limit = FIRST_ROWS; ; limit = WINDOW_ROWS) {
    const rows = roundTrips({ limit, before, symbol, fromMs, toMs });
    yield rows.filter((row) => matches(terms, factsOfTrip(row)));
    if (rows.length < limit) return;
    before = rows.at(-1)?.id;
  }
}

/** One symbol has less to walk over. */
function wholeSymbolOf(terms: readonly Term[]): string | undefined {
  for (const term of terms) {
    if (term.kind !== "text" || term.field !== "symbol" || term.isNot) continue;
    const [value, ...more] = term.values;
    if (value !== undefined && more.length === 0 && isWholeSymbol(value)) return value;
  }
  return undefined;
}

export function factsOfTrip(row: RoundTripRow): Facts {
  const size = sizeOf(row.qtyText);
  return {
    symbol: row.symbol,
    side: row.side,
    strategy: row.strategy,
    atMs: row.closedAtMs,
    reason: `${row.entryReason} ${row.exitReason} ${row.exitKind}`,
    ids: [row.entryClientId, row.exitClientId],
    net: row.net,
    fee: row.fees + row.funding,
    value: row.enteredValue,
    ...(size !== null && { size }),
  };
}
