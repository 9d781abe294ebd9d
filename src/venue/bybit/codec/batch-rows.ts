/**
 * What became of each order of a batch (Bybit v5, "Batch Place Order"): ids in `result.list`, codes
 * in `retExtInfo.list`, as many as were sent and in that order. The outer code is 0 whatever
 * happened to the rows.
 */
import { asVenueOrderId, type VenueOrderId } from "../../../domain/units.ts";
import type { JsonRecord } from "../../../kernel/json.ts";
import { listOf, numberOf, recordOf, textOf } from "./fields.ts";
import { type RetClass, retCodeOf, retText } from "./ret-codes.ts";

type RowOutcome =
  | { readonly kind: "ok"; readonly venueOrderId: VenueOrderId }
  | {
      readonly kind: "refused";
      readonly code: number;
      readonly retClass: RetClass;
      readonly text: string;
    }
  | { readonly kind: "unknown"; readonly text: string };

const NOT_NAMED: RowOutcome = {
  kind: "unknown",
  text: "the answer to a batch does not name each of its orders",
};

/**
 * The outcome of each of `count` orders. A reply that does not answer for exactly so many says
 * nothing of any: all of them are unknown.
 */
export function batchOutcomesOf(
  result: JsonRecord,
  ext: JsonRecord,
  count: number,
): (at: number) => RowOutcome {
  const ids = listOf(result.list).map(recordOf);
  const codes = listOf(ext.list).map(recordOf);
  const isWhole = ids.length === count && codes.length === count;
  return (at) => {
    const code = numberOf(codes[at] ?? {}, "code");
    if (!isWhole || Number.isNaN(code)) return NOT_NAMED;
    if (code === 0) {
      return { kind: "ok", venueOrderId: asVenueOrderId(textOf(ids[at] ?? {}, "orderId")) };
    }
    const { class: retClass } = retCodeOf(code);
    return { kind: "refused", code, retClass, text: retText(code, textOf(codes[at] ?? {}, "msg")) };
  };
}
