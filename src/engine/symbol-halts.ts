/**
 * Symbols whose entries are stopped: by a person, or because the engine cannot protect a position
 * there. Exits, stops and cancels go on. Such a halt outlives the process, and also the resume that
 * a halt of everything waits for: it ends when an operator resumes the symbol.
 */
import type { ReportPart, TradingPart } from "./state-parts.ts";

/** Lets a symbol be entered again. False when it was not halted. */
export function resumeSymbol(state: TradingPart & ReportPart, symbol: string): boolean {
  if (!state.control.symbolHalts.has(symbol)) return false;
  const left = new Map(state.control.symbolHalts);
  left.delete(symbol);
  state.control.symbolHalts = left;
  state.pending.due = true;
  return true;
}

/** Why a symbol may not be entered; null while it may. */
export function symbolHaltOf({ control }: TradingPart, symbol: string): string | null {
  const halt = control.symbolHalts.get(symbol);
  return halt === undefined ? null : `${symbol} is halted by ${halt.by}: ${halt.reason}`;
}
