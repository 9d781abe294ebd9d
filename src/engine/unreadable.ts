/**
 * What the venue holds for us and we cannot read: rows of the account whose size or terms are
 * missing or off the grid, legs of a hedge, contracts that are not traded here.
 *
 * A row that cannot be used is not an absence. Its symbol gets no entries, its position is neither
 * taken over nor proved flat, and it is named wherever people look, until a read of the account
 * made later lists it no more. All other symbols go on.
 */
import type { AccountSnapshot, UnreadableRow } from "../domain/event.ts";
import type { SymbolId } from "../domain/units.ts";
import { counted } from "../kernel/wording.ts";
import { noteUnread } from "./incidents.ts";
import type { EffectsPart, ReportPart, TradingPart, WatchPart } from "./state-parts.ts";

type UnreadablePart = TradingPart & WatchPart & EffectsPart & ReportPart;

/** Kept at once: an account with more open rows of strangers than these is not ours to trade. */
const ROWS_MAX = 200;
/** Names in one text for people. */
const NAMES_MAX = 3;

const keyOf = ({ what, symbol }: UnreadableRow): string => `${what} of ${symbol || "?"}`;

/** A row of the stream: what it names is in doubt from now on. */
export function absorbUnreadable(state: UnreadablePart, row: UnreadableRow, atMs: number): void {
  const { unreadable } = state.control;
  if (unreadable.size >= ROWS_MAX) return;
  const isNew = !unreadable.has(keyOf(row));
  unreadable.set(keyOf(row), { row, sinceMs: atMs });
  if (isNew) tellUnreadable(state, [row], atMs);
}

/** A read of the whole account: what it lists is all there is, but for rows seen after it. */
export function noteUnreadable(state: UnreadablePart, read: AccountSnapshot, atMs: number): void {
  const { unreadable } = state.control;
  const before = new Set(unreadable.keys());
  const listed = new Map(read.unreadable.slice(0, ROWS_MAX).map((row) => [keyOf(row), row]));
  for (const [key, { sinceMs }] of unreadable) {
    if (!listed.has(key) && sinceMs < read.requestedAtMs) unreadable.delete(key);
  }
  for (const [key, row] of listed) {
    unreadable.set(key, { row, sinceMs: unreadable.get(key)?.sinceMs ?? atMs });
  }
  const fresh = [...listed].filter(([key]) => !before.has(key)).map(([, row]) => row);
  const isSame = fresh.length === 0 && before.size === unreadable.size;
  if (!isSame) tellUnreadable(state, fresh, atMs);
}

function tellUnreadable(
  state: UnreadablePart,
  fresh: readonly UnreadableRow[],
  atMs: number,
): void {
  const { outbox, pending, control } = state;
  for (const row of fresh) {
    const { symbol, symbolId, fault } = row;
    const next = symbolId === null ? "flat cannot be proved" : "no entries there";
    outbox.log("error", `cannot read the venue's ${keyOf(row)}: ${next}`, { symbol, fault });
  }
  const text = unreadableText(control);
  if (text === "") outbox.log("info", "everything that the venue holds can be read again");
  noteUnread(state, text, atMs);
  pending.feeds = true;
  pending.due = true;
  for (const { row } of control.unreadable.values()) {
    if (row.symbolId !== null) state.due.add(row.symbolId);
  }
}

/** What is wrong with the open rows of a symbol; empty when they can all be read. */
export function unreadableFault({ control }: TradingPart, id: SymbolId): string {
  for (const { row } of control.unreadable.values()) if (row.symbolId === id) return row.fault;
  return "";
}

/** Symbols whose position cannot be read: nothing is known of their size. */
export function unreadPositions(read: AccountSnapshot): ReadonlySet<SymbolId | null> {
  const rows = read.unreadable.filter(({ what }) => what === "position");
  return new Set(rows.map(({ symbolId }) => symbolId));
}

/** "cannot read the position of AUSDT, order of BUSDT"; empty when there is nothing to say. */
export function unreadableText({ unreadable }: TradingPart["control"]): string {
  if (unreadable.size === 0) return "";
  const names = [...unreadable.keys()];
  const more = names.length - NAMES_MAX;
  const rest = more > 0 ? ` and ${counted(more, "row")} more` : "";
  return `cannot read the venue's ${names.slice(0, NAMES_MAX).join(", ")}${rest}`;
}
