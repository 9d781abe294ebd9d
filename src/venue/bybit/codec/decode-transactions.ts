/**
 * Lines of account/transaction-log (Bybit v5): every change of a coin's cash with its kind.
 *
 * A line is an execution of the book's when it names a trade in a linear contract that is traded
 * here; the venue names funding so, too. Whatever else there is, kinds without a name here
 * included, moves cash without being booked. A line whose change cannot be read is a fault: the log
 * is not whole then.
 */
import type { CashLine } from "../../../domain/cash-log.ts";
import { parseFixed } from "../../../kernel/fixed.ts";
import type { Decoded } from "./decode-account.ts";
import { CATEGORY, SETTLE_COIN } from "./encode.ts";
import { numberOr, recordOf, textOf } from "./fields.ts";
import type { SymbolTable } from "./symbol-table.ts";

/** One line: skipped when it is of another coin. Change is cash flow + funding − fee, signed. */
export function decodeTransaction(item: unknown, table: SymbolTable): Decoded<CashLine> {
  const row = recordOf(item);
  if (textOf(row, "currency") !== SETTLE_COIN) return { kind: "skip", reason: "foreign_category" };
  const id = textOf(row, "id");
  const type = textOf(row, "type");
  const text = textOf(row, "change");
  const change = text === "" ? null : parseFixed(text);
  const venueAtMs = numberOr(row, "transactionTime", 0);
  if (change === null || type === "" || venueAtMs === 0) {
    const found = JSON.stringify({ id, type, change: text, transactionTime: row.transactionTime });
    return { kind: "fault", fault: `cannot use a line of the transaction log: ${found}` };
  }
  const isKnown = table.find(textOf(row, "symbol")) !== undefined;
  const isBooked = textOf(row, "category") === CATEGORY && isKnown && textOf(row, "tradeId") !== "";
  const kind = isBooked ? "execution" : type.startsWith("TRANSFER") ? "transfer" : "other";
  return { kind: "ok", value: { id, kind, type, change, venueAtMs } };
}
