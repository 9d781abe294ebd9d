/** How the account is margined and what it pays: bodies of the account endpoints (Bybit v5). */
import type { MarginMode } from "../../../domain/account-terms.ts";
import { type FeeSchedule, feeScheduleOf } from "../../../domain/fees.ts";
import type { SymbolId } from "../../../domain/units.ts";
import type { JsonRecord } from "../../../kernel/json.ts";
import { listOf, numberOr, recordOf, textOf } from "./fields.ts";
import type { SymbolTable } from "./symbol-table.ts";

const MARGIN_MODES: Readonly<Record<string, MarginMode>> = {
  REGULAR_MARGIN: "cross",
  ISOLATED_MARGIN: "isolated",
  PORTFOLIO_MARGIN: "portfolio",
};

/** Of account/info. Null when the venue names a mode that we do not know, or none. */
export function decodeMarginMode(result: JsonRecord): MarginMode | null {
  return MARGIN_MODES[textOf(result, "marginMode")] ?? null;
}

/**
 * Of account/fee-rate: rates of the contracts that we know; rows that cannot be read are left out.
 */
export function decodeFeeRates(
  result: JsonRecord,
  table: SymbolTable,
): ReadonlyMap<SymbolId, FeeSchedule> {
  const fees = new Map<SymbolId, FeeSchedule>();
  for (const item of listOf(result.list)) {
    const row = recordOf(item);
    const instrument = table.find(textOf(row, "symbol"));
    const texts = { maker: textOf(row, "makerFeeRate"), taker: textOf(row, "takerFeeRate") };
    const schedule = feeScheduleOf(texts);
    if (instrument !== undefined && schedule !== null) fees.set(instrument.id, schedule);
  }
  return fees;
}

/** Of position/list for one symbol: leverage, 0 when none is stated, and whether legs are apart. */
export function decodePositionTerms(items: readonly unknown[]): {
  readonly leverage: number;
  readonly isOneWay: boolean;
} {
  const rows = items.map(recordOf);
  const leverages = rows.map((row) => numberOr(row, "leverage", 0));
  const isOneWay = rows.every((row) => numberOr(row, "positionIdx", 0) === 0);
  return { leverage: Math.max(0, ...leverages), isOneWay };
}
