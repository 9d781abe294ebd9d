/** Executions as a list of the blotter, with why their orders were wanted. */
import { asksFor } from "../blotter/filter.ts";
import type { Term } from "../blotter/filter-terms.ts";
import { type Facts, isWholeSymbol, sizeOf } from "../blotter/row-match.ts";
import type { FillRow } from "../blotter/rows.ts";
import { type Fixed, fixedToText } from "../kernel/fixed.ts";
import {
  type Condition,
  conditionsOf,
  type ListOf,
  type Span,
  type Sqlite,
} from "./blotter-scan.ts";
import { addedUpTo, HOUR_MS } from "./fill-hours.ts";
import { fillOf, moneyOf, TRADE_COLUMNS, type TradeRow } from "./record-rows.ts";

export type RawFill = Omit<TradeRow, "isMaker" | "isOurs"> & {
  readonly isMaker: number;
  readonly isOurs: number;
  readonly purpose: string | null;
  readonly reason: string | null;
};

const COLUMNS = `${TRADE_COLUMNS}, o.purpose, o.reason`;

export const FILLS: ListOf<RawFill, FillRow> = {
  id: "t.id",
  select: (terms) => {
    // One symbol has an index that is in order of row numbers; else row numbers alone are walked.
    const isOne = terms.some(isOneSymbol);
    return (
      `SELECT ${COLUMNS} FROM trades AS t LEFT JOIN orders AS o ON o.client_id = t.client_id ` +
      `WHERE ${isOne ? "" : "+"}t.account_key = ? AND t.is_ours = 1`
    );
  },
  conditions: (terms) => terms.flatMap(conditionOf),
  spans: spansOf,
  facts: factsOf,
  row: ({ isMaker, isOurs, purpose, reason, ...raw }) => ({
    ...fillOf({ ...raw, isMaker: isMaker === 1, isOurs: isOurs === 1 }),
    runId: raw.runId,
    purpose: purpose ?? "",
    reason: reason ?? "",
  }),
};

const isOneSymbol = (term: Term): boolean =>
  term.kind === "text" &&
  term.field === "symbol" &&
  !term.isNot &&
  term.values.length === 1 &&
  term.values.every(isWholeSymbol);

const ASKED = {
  time: "t.venue_at_ms",
  symbol: "t.symbol",
  choices: {
    side: "t.side",
    kind: "t.exec_kind",
    strategy: "t.strategy",
    run: "t.run_id",
    purpose: "o.purpose",
    maker: "iif(t.is_maker, 'yes', 'no')",
  },
};

function conditionOf(term: Term): Condition[] {
  if (term.kind === "amount") return term.isNot ? [] : amountOf(term);
  // An execution without an order of ours has no purpose: SQL would leave it out of "not that".
  const isLeftOpen = term.kind === "choice" && term.field === "purpose" && term.isNot;
  return isLeftOpen ? [] : conditionsOf(term, ASKED);
}

const REAL_NET = "(CAST(t.realised_pnl AS REAL) - CAST(t.fee AS REAL) - CAST(t.funding AS REAL))";
const REALS: Readonly<Record<string, string>> = {
  net: REAL_NET,
  fee: "(CAST(t.fee AS REAL) + CAST(t.funding AS REAL))",
  value: "CAST(t.value AS REAL)",
  size: "CAST(t.qty_text AS REAL)",
};

/** By floats, with more room than they can be wrong by: exact amounts are compared afterwards. */
function amountOf({ field, op, amount }: Extract<Term, { kind: "amount" }>): Condition[] {
  const column = REALS[field];
  if (column === undefined) return [];
  const wanted = Number(fixedToText(amount));
  const room = 1e-6 + Math.abs(wanted) * 1e-9;
  const below = { sql: `${column} < ?`, values: [wanted + room] };
  const above = { sql: `${column} > ?`, values: [wanted - room] };
  if (op === "=") return [below, above];
  return op === "<" || op === "<=" ? [below] : [above];
}

/** What is not added up yet lies above; below, the hours say where the time asked for can be. */
function spansOf(database: Sqlite, accountKey: string, terms: readonly Term[]): readonly Span[] {
  const { sqlite } = database;
  const last = sqlite.query<{ id: number | null }, []>("SELECT max(id) AS id FROM trades").get();
  const newest = last?.id ?? 0;
  const added = addedUpTo(database);
  const { fromMs, toMs } = boundsOf(terms);
  const young = newest > added ? [{ from: added + 1, to: newest }] : [];
  if (fromMs === 0 && toMs === Number.MAX_SAFE_INTEGER) {
    return added > 0 ? [...young, { from: 1, to: added }] : young;
  }
  const old = sqlite
    .query<{ from: number | null; to: number | null }, [string, number, number]>(
      'SELECT min(first_id) AS "from", max(last_id) AS "to" FROM fill_hours ' +
        "WHERE account_key = ? AND is_ours = 1 AND hour_at_ms > ? AND hour_at_ms < ?",
    )
    .get(accountKey, fromMs - HOUR_MS, toMs);
  if (old === null || old.from === null || old.to === null) return young;
  return [...young, { from: old.from, to: old.to }];
}

/** The time that all terms together leave: from the first, before the second. */
export function boundsOf(terms: readonly Term[]): { fromMs: number; toMs: number } {
  let fromMs = 0;
  let toMs = Number.MAX_SAFE_INTEGER;
  for (const term of terms) {
    if (term.kind !== "time") continue;
    if (term.field === "from") fromMs = Math.max(fromMs, term.atMs);
    else toMs = Math.min(toMs, term.atMs);
  }
  return { fromMs, toMs };
}

function factsOf(raw: RawFill): Facts {
  const { purpose, reason } = raw;
  let money: { net: Fixed; fee: Fixed; value: Fixed } | null = null;
  const moneyNow = () => {
    money ??= moneyFactsOf(raw);
    return money;
  };
  return {
    symbol: raw.symbol,
    side: raw.side,
    strategy: raw.strategy,
    atMs: raw.venueAtMs,
    reason: reason === null ? "" : `${purpose ?? ""} ${reason}`,
    ids: [raw.clientId, raw.venueOrderId],
    run: raw.runId,
    kind: raw.execKind,
    maker: raw.isMaker === 1 ? "yes" : "no",
    ...(purpose !== null && { purpose }),
    get net() {
      return moneyNow().net;
    },
    get fee() {
      return moneyNow().fee;
    },
    get value() {
      return moneyNow().value;
    },
    get size() {
      return sizeOf(raw.qtyText) ?? 0n;
    },
  };
}

function moneyFactsOf(raw: RawFill): { net: Fixed; fee: Fixed; value: Fixed } {
  const fee = moneyOf(raw.fee);
  const funding = moneyOf(raw.funding);
  const net = moneyOf(raw.realisedPnl) - fee - funding;
  return { net, fee: fee + funding, value: moneyOf(raw.value) };
}

/** Terms that sums by the hour can answer: no more is asked than they are apart by. */
export function isAddedUp(terms: readonly Term[]): boolean {
  return !asksFor(terms, [
    ...["reason", "order", "purpose", "run"],
    ...["net", "bps", "fee", "value", "size"],
  ]);
}
