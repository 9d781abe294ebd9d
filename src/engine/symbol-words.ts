/**
 * What people say of a symbol beyond pausing and closing it: pin, block, note, numbers. Each takes
 * effect in the step that hears it and is written in the same breath, so that it outlives the
 * process; it belongs to an account and is refused before that is known.
 */
import type { OperatorCommand } from "../domain/event.ts";
import type { SymbolId } from "../domain/units.ts";
import { must, unreachable } from "../kernel/assert.ts";
import {
  type Mark,
  NOTE_CHARS_MAX,
  OVERRIDE_BOUNDS,
  type OverrideName,
  type SymbolOverrides,
  type SymbolWords,
} from "../universe/operator-words.ts";
import type { EffectsPart, MarketPart, TradingPart, UniversePart } from "./state-parts.ts";

export type WordAction =
  | "pin_symbol"
  | "unpin_symbol"
  | "block_symbol"
  | "unblock_symbol"
  | "edit_profile";

type Said = Pick<OperatorCommand, "symbol" | "edit"> & { readonly action: WordAction };

type WordsPart = TradingPart & MarketPart & UniversePart & EffectsPart;

/** Why it is not taken, null when it is. */
export function objectionToWords(state: WordsPart, said: Said): string | null {
  const { action, symbol, edit } = said;
  const id = state.market.idOf(symbol);
  if (id === undefined) return `no contract is called "${symbol}"`;
  if (state.control.accountKey === "") return "the account is not known yet";
  const { pin, block } = state.universe.words(id);
  switch (action) {
    case "pin_symbol":
      return block === null ? pinObjection(state, id) : `it is blocked by ${block.by}: unblock it`;
    case "unpin_symbol":
      return pin === null ? `${symbol} is not pinned` : null;
    case "block_symbol":
      return null;
    case "unblock_symbol":
      return block === null ? `${symbol} is not blocked` : null;
    case "edit_profile":
      return editObjection(edit);
    default:
      return unreachable(action);
  }
}

function pinObjection({ universe }: UniversePart, id: SymbolId): string | null {
  const pinned = universe.allWords().filter(({ pin }) => pin !== null);
  const { activeMax } = universe.parameters;
  if (universe.words(id).pin !== null || pinned.length < activeMax) return null;
  const names = pinned.map(({ symbol }) => symbol).join(", ");
  return `${pinned.length} symbols are pinned, as many as there are seats: ${names}`;
}

function editObjection(edit: OperatorCommand["edit"]): string | null {
  if (edit === undefined) return "what is to be changed is missing";
  const { note = "", overrides = {} } = edit;
  if (note.length > NOTE_CHARS_MAX) return `the note is longer than ${NOTE_CHARS_MAX} characters`;
  for (const [name, value] of Object.entries(overrides)) {
    if (!isOverrideName(name)) return `there is no number called "${name}"`;
    const { min, max } = OVERRIDE_BOUNDS[name];
    if (value !== null && !(value >= min && value <= max)) return `${name} is not ${min} to ${max}`;
  }
  return null;
}

const isOverrideName = (name: string): name is OverrideName => Object.hasOwn(OVERRIDE_BOUNDS, name);

/** Takes what was said and sees to its being written; returns what came of it, in words. */
export function takeWords(state: WordsPart, said: Said, mark: Mark): string {
  const id = must(state.market.idOf(said.symbol), "what is not listed was refused");
  const before = state.universe.words(id);
  const words = { ...wordsAfter(before, said, mark), by: mark.by, updatedAtMs: mark.atMs };
  state.universe.take(id, words, mark.atMs);
  state.outbox.push({ kind: "keep_words", words });
  return outcomeOf(before, said);
}

function wordsAfter(before: SymbolWords, { action, edit }: Said, mark: Mark): SymbolWords {
  switch (action) {
    case "pin_symbol":
      return { ...before, pin: mark };
    case "unpin_symbol":
      return { ...before, pin: null };
    case "block_symbol":
      // A block is the stronger word.
      return { ...before, block: mark, pin: null };
    case "unblock_symbol":
      return { ...before, block: null };
    case "edit_profile": {
      const { note = before.note, overrides = {} } = edit ?? {};
      return { ...before, note, overrides: overridesAfter(before.overrides, overrides) };
    }
    default:
      return unreachable(action);
  }
}

function overridesAfter(
  before: SymbolOverrides,
  changes: Readonly<Record<string, number | null>>,
): SymbolOverrides {
  const after: Record<OverrideName, number | null> = { ...before };
  for (const [name, value] of Object.entries(changes))
    if (isOverrideName(name)) after[name] = value;
  return after;
}

function outcomeOf({ pin, block }: SymbolWords, { action, edit }: Said): string {
  switch (action) {
    case "pin_symbol":
      return pin === null ? "pinned" : "was pinned already";
    case "unpin_symbol":
      return "not pinned any more";
    case "block_symbol":
      if (block !== null) return "was blocked already";
      return pin === null ? "blocked" : "blocked, and not pinned any more";
    case "unblock_symbol":
      return "not blocked any more";
    case "edit_profile": {
      const names = Object.keys(edit?.overrides ?? {});
      const parts = [...(edit?.note === undefined ? [] : ["note"]), ...names];
      return parts.length === 0 ? "nothing to change" : `changed ${parts.join(", ")}`;
    }
    default:
      return unreachable(action);
  }
}
