/**
 * How the account can be hurt from here, from the view alone: what is exposed which way, and what
 * is lost when every stop that the exchange holds is hit at once.
 */
import { DEFAULT_FEES } from "../domain/fees.ts";
import { fixedToNumber } from "../kernel/fixed.ts";
import type { MonitorView, PositionAudit } from "./view.ts";

interface Exposed {
  /** Value of what is held long less that held short, in USDT. */
  readonly netUsdt: number;
  readonly longUsdt: number;
  readonly shortUsdt: number;
  /** The largest position, null when all is flat. */
  readonly largest: { readonly symbol: string; readonly usdt: number } | null;
}

export function exposedOf(view: MonitorView): Exposed {
  let longUsdt = 0;
  let shortUsdt = 0;
  let largest: Exposed["largest"] = null;
  for (const { symbol, side, notionalText } of openPositions(view)) {
    const usdt = Math.abs(Number(notionalText));
    if (side === "long") longUsdt += usdt;
    else shortUsdt += usdt;
    if (largest === null || usdt > largest.usdt) largest = { symbol, usdt };
  }
  return { netUsdt: longUsdt - shortUsdt, longUsdt, shortUsdt, largest };
}

interface StopsHit {
  readonly positions: number;
  /** How many of them the exchange holds a stop for. */
  readonly covered: number;
  /** From the marks to the stops, without fees and slippage; what has no stop is not in it. */
  readonly lossUsdt: number;
}

/** Null while a mark is not known: then nothing can be said. */
export function stopsHitOf(view: MonitorView): StopsHit | null {
  const open = openPositions(view);
  let lossUsdt = 0;
  let covered = 0;
  for (const row of open) {
    if (row.stopLossText === "") continue;
    const loss = lossToStop(row);
    if (loss === null) return null;
    covered++;
    lossUsdt += loss;
  }
  return { positions: open.length, covered, lossUsdt };
}

/** What the stop of one position costs from its mark; a stop that locks a gain in costs less. */
export function lossToStop(row: PositionAudit): number | null {
  const [mark, stop, qty] = [row.markText, row.stopLossText, row.qtyText].map(Number);
  if (row.markText === "" || mark === undefined || stop === undefined || qty === undefined) {
    return null;
  }
  return (row.side === "long" ? mark - stop : stop - mark) * qty;
}

export function openPositions({ positions }: MonitorView): readonly PositionAudit[] {
  return [...positions.values()]
    .filter(({ side }) => side !== "flat")
    .sort((one, other) => (one.symbol < other.symbol ? -1 : 1));
}

interface FlattenCost {
  readonly positions: number;
  readonly valueUsdt: number;
  /** What closing at the touch gives against the marks; NaN where a book has no touch. */
  readonly touchUsdt: number;
  /** As the venue publishes them for takers. */
  readonly feesUsdt: number;
}

/** What closing all of it now would come to, if the touch had room for all. */
export function flattenCostOf(view: MonitorView): FlattenCost {
  const open = openPositions(view);
  let valueUsdt = 0;
  let touchUsdt = 0;
  for (const { symbol, side, qtyText, markText, notionalText } of open) {
    const row = view.symbols.get(symbol);
    const text = side === "long" ? row?.bidText : row?.askText;
    const touch = text === undefined || text === "" ? Number.NaN : Number(text);
    const gain = side === "long" ? touch - Number(markText) : Number(markText) - touch;
    touchUsdt += gain * Number(qtyText);
    valueUsdt += Math.abs(Number(notionalText));
  }
  const feesUsdt = valueUsdt * fixedToNumber(DEFAULT_FEES.taker);
  return { positions: open.length, valueUsdt, touchUsdt, feesUsdt };
}
