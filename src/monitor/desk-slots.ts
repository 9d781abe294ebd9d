/**
 * The rows of the desk's table of symbols: one for each symbol that is watched, with what happened
 * to it in the last minute. A symbol that leaves keeps its row for a while and says why, so that no
 * row vanishes under a hand. Rows stand by name and never by a value that lives.
 */
import type { DoingAudit, PositionAudit, SymbolAudit } from "../engine/audit.ts";

/** A symbol at one second. */
interface SlotMark {
  readonly atMs: number;
  /** Middle of the touch; NaN where there is none. */
  readonly mid: number;
  /** Result since the start of the process, open position included, fees and funding paid. */
  readonly netUsdt: number;
}

export interface DeskSlot {
  readonly symbol: string;
  /** As it was told last. */
  readonly doing: DoingAudit;
  /** Our clock when it was not watched any more; null while it is. */
  readonly leftAtMs: number | null;
  /** Of the last minute, a second apart, oldest first. */
  readonly marks: readonly SlotMark[];
}

/** How long a symbol that left keeps its row. */
export const LEFT_SHOWN_MS = 10_000;
/** What the small line and the result of a minute look back on. */
const MARKS_SPAN_MS = 60_000;
const MARK_EVERY_MS = 1_000;
/** A minute of marks and the one that it began with: bounds the memory of a row. */
const MARKS_MAX = MARKS_SPAN_MS / MARK_EVERY_MS + 1;

interface MarketNow {
  readonly symbols: ReadonlyMap<string, SymbolAudit>;
  readonly positions: ReadonlyMap<string, PositionAudit>;
  readonly atMs: number;
}

/** The rows after the engine has told what it does, by name. */
export function slotsAfter(
  before: readonly DeskSlot[],
  doings: readonly DoingAudit[],
  now: MarketNow,
): readonly DeskSlot[] {
  const known = new Map(before.map((slot) => [slot.symbol, slot]));
  const watched = doings.map((doing): DeskSlot => {
    const { symbol } = doing;
    const marks = marksAfter(known.get(symbol)?.marks ?? [], symbol, now);
    known.delete(symbol);
    return { symbol, doing, leftAtMs: null, marks };
  });
  const left = [...known.values()]
    .map((slot) => ({ ...slot, leftAtMs: slot.leftAtMs ?? now.atMs }))
    .filter(({ leftAtMs }) => now.atMs - leftAtMs < LEFT_SHOWN_MS);
  return [...watched, ...left].sort((one, other) => (one.symbol < other.symbol ? -1 : 1));
}

function marksAfter(
  before: readonly SlotMark[],
  symbol: string,
  now: MarketNow,
): readonly SlotMark[] {
  const last = before.at(-1);
  if (last !== undefined && now.atMs - last.atMs < MARK_EVERY_MS) return before;
  const mark = { atMs: now.atMs, mid: midOf(now.symbols.get(symbol)), netUsdt: netOf(symbol, now) };
  const young = before.filter(({ atMs }) => now.atMs - atMs <= MARKS_SPAN_MS);
  return [...young, mark].slice(-MARKS_MAX);
}

function midOf(row: SymbolAudit | undefined): number {
  if (row === undefined || row.bidText === "" || row.askText === "") return Number.NaN;
  return (Number(row.bidText) + Number(row.askText)) / 2;
}

function netOf(symbol: string, { positions }: MarketNow): number {
  const row = positions.get(symbol);
  return row === undefined ? 0 : netTotalOf(row);
}

/** All that a symbol made since the start of the process, with its open position, in USDT. */
function netTotalOf(row: PositionAudit): number {
  const { realisedText, feesText, fundingText, unrealisedText } = row;
  return (
    Number(realisedText) - Number(feesText) - Number(fundingText) + Number(unrealisedText || "0")
  );
}

/** What a symbol made within the last minute; null until there is something to compare with. */
export function netOfMinute({ marks }: DeskSlot): number | null {
  const [first] = marks;
  const last = marks.at(-1);
  return first === undefined || last === undefined || first === last
    ? null
    : last.netUsdt - first.netUsdt;
}
