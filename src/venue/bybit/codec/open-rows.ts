/**
 * The rows of a list of open things, sorted into what can be used and what is there all the same.
 *
 * Absence means flat and gone, so nothing that is open may fall out here: a row that is open and
 * cannot be decoded, or is of a contract that is not traded here, becomes an unreadable row with
 * its symbol. Rows that are provably closed are left out when they cannot be used.
 */
import type { UnreadableRow } from "../../../domain/event.ts";
import type { Decoded, SkipReason } from "./decode-account.ts";
import { recordOf, textOf } from "./fields.ts";
import { canOpen, isOpenPosition } from "./raw-counts.ts";
import type { SymbolTable } from "./symbol-table.ts";

const SKIPPED: Readonly<Record<SkipReason, string>> = {
  foreign_category: "it is of a category that is not traded here",
  unknown_symbol: "its contract is not traded here",
  hedge_mode: "it is a leg of a hedge, wanted one-way mode",
  empty: "it is empty",
};

interface OpenRows<Value> {
  readonly values: readonly Value[];
  readonly unreadable: readonly UnreadableRow[];
}

export function openRowsOf<Value>(
  items: readonly unknown[],
  what: UnreadableRow["what"],
  { table, decode }: { readonly table: SymbolTable; decode(item: unknown): Decoded<Value> },
): OpenRows<Value> {
  const values: Value[] = [];
  const unreadable: UnreadableRow[] = [];
  for (const item of items) {
    const decoded = decode(item);
    if (decoded.kind === "ok") values.push(decoded.value);
    else {
      const row = unreadableOf(item, what, decoded, table);
      if (row !== null) unreadable.push(row);
    }
  }
  return { values, unreadable };
}

/** Null when the row holds nothing and can open nothing. */
export function unreadableOf(
  item: unknown,
  what: UnreadableRow["what"],
  decoded: Exclude<Decoded<unknown>, { kind: "ok" }>,
  table: SymbolTable,
): UnreadableRow | null {
  const isOpen = what === "position" ? isOpenPosition(item) : canOpen(item);
  if (!isOpen) return null;
  const symbol = textOf(recordOf(item), "symbol");
  const fault = decoded.kind === "skip" ? SKIPPED[decoded.reason] : decoded.fault;
  return { kind: "unreadable_row", what, symbol, symbolId: table.find(symbol)?.id ?? null, fault };
}
