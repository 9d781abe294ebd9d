/** Executions of one account in the order of booking, with what the market did around them. */
import type { Price } from "../domain/units.ts";
import type { ExecutionRow, Mids } from "../pnl/execution-row.ts";
import type { JournalDatabase } from "../store/database.ts";
import { fillOf, moneyOf, TRADE_COLUMNS, type TradeRow } from "./record-rows.ts";

type Joined = Omit<TradeRow, "isMaker" | "isOurs"> & {
  readonly isMaker: number;
  readonly isOurs: number;
  readonly midAtFill: string | null;
  readonly midAfter1s: string | null;
  readonly midAfter5s: string | null;
  readonly midAfter30s: string | null;
};

interface RowsWanted {
  readonly accountKey: string;
  /** Rows above this number. */
  readonly afterId: number;
  /** Rows up to this time by our clock; the first younger one ends the list. */
  readonly untilMs: number;
  readonly limit: number;
}

/** The reader of the rows, its statement prepared once. */
export function executionRows({
  sqlite,
}: Pick<JournalDatabase, "sqlite">): (wanted: RowsWanted) => ExecutionRow[] {
  // The plus keeps the planner on the row number: an index by account would have to be sorted.
  const rows = sqlite.query<Joined, [string, number, number]>(
    `SELECT ${TRADE_COLUMNS}, m.mid_at_fill AS midAtFill, m.mid_after_1s AS midAfter1s, ` +
      "m.mid_after_5s AS midAfter5s, m.mid_after_30s AS midAfter30s FROM trades AS t " +
      "LEFT JOIN mark_outs AS m ON m.account_key = t.account_key AND m.exec_id = t.exec_id " +
      "WHERE +t.account_key = ? AND t.id > ? ORDER BY t.id LIMIT ?",
  );
  return ({ accountKey, afterId, untilMs, limit }) => {
    const found = rows.all(accountKey, afterId, limit);
    const young = found.findIndex(({ atMs }) => atMs > untilMs);
    return (young < 0 ? found : found.slice(0, young)).map(rowOf);
  };
}

function rowOf(joined: Joined): ExecutionRow {
  const { midAtFill, midAfter1s, midAfter5s, midAfter30s, ...row } = joined;
  const isOurs = row.isOurs === 1;
  const { id, ...fill } = fillOf({ ...row, isMaker: row.isMaker === 1, isOurs });
  return { id, fill, isOurs, mids: midsOf({ midAtFill, midAfter1s, midAfter5s, midAfter30s }) };
}

type MidTexts = Pick<Joined, "midAtFill" | "midAfter1s" | "midAfter5s" | "midAfter30s">;

function midsOf(texts: MidTexts): Mids | null {
  if (texts.midAtFill === null) return null;
  const price = (text: string | null): Price | null => (text === null ? null : moneyOf(text));
  return {
    atFill: moneyOf(texts.midAtFill),
    after1s: price(texts.midAfter1s),
    after5s: price(texts.midAfter5s),
    after30s: price(texts.midAfter30s),
  };
}
