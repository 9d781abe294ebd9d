/** What the risk gate refused, as a list of the blotter. */

import { denialText } from "../blotter/deny-text.ts";
import type { Term } from "../blotter/filter-terms.ts";
import type { Facts } from "../blotter/row-match.ts";
import type { RefusalRow } from "../blotter/rows.ts";
import {
  among,
  type Condition,
  type ListOf,
  symbolCondition,
  timeCondition,
  wholeTable,
} from "./blotter-scan.ts";
import { denyReasonOf } from "./record-rows.ts";

export interface RawRefusal {
  readonly id: number;
  readonly atMs: number;
  readonly runId: string;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly purpose: string;
  readonly strategy: string;
  readonly code: string;
  readonly reason: string;
  readonly times: number;
}

export const REFUSALS: ListOf<RawRefusal, RefusalRow> = {
  id: "d.id",
  select: () =>
    "SELECT d.id, d.at_ms AS atMs, d.run_id AS runId, d.symbol, d.side, d.purpose, d.strategy, " +
    "d.code, d.reason, d.times FROM denials AS d WHERE +d.account_key = ?",
  conditions: (terms) => terms.flatMap(conditionOf),
  spans: wholeTable("denials"),
  facts: factsOf,
  row: ({ code: _code, reason, ...row }) => ({ ...row, reason: denyReasonOf(reason) }),
};

function conditionOf(term: Term): Condition[] {
  switch (term.kind) {
    case "time":
      return [timeCondition("d.at_ms", term)];
    case "text":
      return term.field === "symbol" ? [symbolCondition("d.symbol", term)] : [];
    case "choice":
      if (term.field === "gate") return [among("d.code", term.isNot, term.values)];
      if (term.field === "side") return [among("d.side", term.isNot, term.values)];
      if (term.field === "strategy") return [among("d.strategy", term.isNot, term.values)];
      if (term.field === "purpose") return [among("d.purpose", term.isNot, term.values)];
      return [];
    default:
      return [];
  }
}

function factsOf(raw: RawRefusal): Facts {
  return {
    symbol: raw.symbol,
    side: raw.side,
    strategy: raw.strategy,
    atMs: raw.atMs,
    get reason() {
      return `${raw.purpose} ${denialText(denyReasonOf(raw.reason))}`;
    },
    ids: [],
    run: raw.runId,
    purpose: raw.purpose,
    gate: raw.code,
  };
}
