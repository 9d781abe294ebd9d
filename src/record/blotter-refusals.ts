/** What the risk gate refused, as a list of the blotter. */

import { denialText } from "../blotter/deny-text.ts";
import type { Facts } from "../blotter/row-match.ts";
import type { RefusalRow } from "../blotter/rows.ts";
import { conditionsOf, type ListOf, wholeTable } from "./blotter-scan.ts";
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
  conditions: (terms) => terms.flatMap((term) => conditionsOf(term, ASKED)),
  spans: wholeTable("denials"),
  facts: factsOf,
  row: ({ code: _code, reason, ...row }) => ({ ...row, reason: denyReasonOf(reason) }),
};

const ASKED = {
  time: "d.at_ms",
  symbol: "d.symbol",
  choices: {
    gate: "d.code",
    side: "d.side",
    strategy: "d.strategy",
    purpose: "d.purpose",
  },
};

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
