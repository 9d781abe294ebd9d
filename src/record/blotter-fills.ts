/** Executions as a list of the blotter, with why their orders were wanted. */
import { asksFor } from "../blotter/filter.ts";
import type { Term } from "../blotter/filter-terms.ts";
import { type Facts, sizeOf } from "../blotter/row-match.ts";
import type { FillRow } from "../blotter/rows.ts";
import { type Fixed, fixedToText } from "../kernel/fixed.ts";
import {
  among,
  type Condition,
  type ListOf,
  type Span,
  type Sqlite,
  symbolCondition,
  timeCondition,
} from "./blotter-scan.ts";
import { addedUpTo, HOUR_MS } from "./fill-hours.ts";
import { fillOf, moneyOf, type TradeRow } from "./record-rows.ts";

export type RawFill = Omit<TradeRow, "isMaker" | "isOurs"> & {
  readonly isMaker: number;
  readonly isOurs: number;
  readonly purpose: string | null;
  readonly reason: string | null;
};

const COLUMNS =
  "t.id, t.exec_id AS execId, t.exec_kind AS execKind, t.run_id AS runId, " +
  "t.account_key AS accountKey, t.is_ours AS isOurs, t.symbol_id AS symbolId, t.symbol, " +
  "t.venue_order_id AS venueOrderId, t.client_id AS clientId, t.strategy, t.side, " +
  "t.price_ticks AS priceTicks, t.qty_steps AS qtySteps, t.price_text AS priceText, " +
  "t.qty_text AS qtyText, t.value, t.fee, t.funding, t.realised_pnl AS realisedPnl, " +
  "t.position_steps AS positionSteps, t.is_maker AS isMaker, t.venue_at_ms AS venueAtMs, " +
  "t.at_ms AS atMs, o.purpose, o.reason";

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
  /.(USDT|USDC|PERP)$/.test(term.values[0] ?? "");

function conditionOf(term: Term): Condition[] {
  switch (term.kind) {
    case "time":
      return [timeCondition("t.venue_at_ms", term)];
    case "text":
      return term.field === "symbol" ? [symbolCondition("t.symbol", term)] : [];
    case "choice":
      return choiceOf(term);
    case "amount":
      return term.isNot ? [] : amountOf(term);
    case "word":
      return [];
  }
}

function choiceOf({ field, isNot, values }: Extract<Term, { kind: "choice" }>): Condition[] {
  switch (field) {
    case "side":
      return [among("t.side", isNot, values)];
    case "kind":
      return [among("t.exec_kind", isNot, values)];
    case "strategy":
      return [among("t.strategy", isNot, values)];
    case "run":
      return [among("t.run_id", isNot, values)];
    case "purpose":
      return isNot ? [] : [among("o.purpose", false, values)];
    case "maker":
      return [among("iif(t.is_maker, 'yes', 'no')", isNot, values)];
    default:
      return [];
  }
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
