/**
 * Symbols whose entries are stopped: by a person, or because the engine cannot protect a position
 * there. Exits, stops and cancels go on. Such a halt outlives the process, and also the resume that
 * a halt of everything waits for: it ends when an operator resumes the symbol.
 */
import type { SymbolHaltAudit } from "./audit.ts";
import type { SymbolHalt } from "./kept-trading.ts";
import type { Close, ReportPart, TradingPart } from "./state-parts.ts";

/** Stops entries of a symbol, or says more about one where they are stopped. */
export function haltSymbol(state: TradingPart & ReportPart, halt: SymbolHalt): void {
  state.control.symbolHalts = new Map(state.control.symbolHalts).set(halt.symbol, halt);
  state.pending.due = true;
}

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

/** True while whatever is there is to be closed, whoever's it is. */
export function isClosing({ control }: TradingPart, symbol: string): boolean {
  const halt = control.symbolHalts.get(symbol);
  return halt !== undefined && (halt.closing !== undefined || halt.isClosed === true);
}

/** The closes that an earlier run did not finish. */
export function closesOf(halts: ReadonlyMap<string, SymbolHalt>) {
  const closes = new Map<string, Close>();
  for (const { symbol, closing } of halts.values()) {
    if (closing !== undefined)
      closes.set(symbol, { told: closing, flatSinceMs: 0, readAgainAtMs: 0 });
  }
  return closes;
}

/** As the audit tells them: by symbol. */
export function symbolHaltRows(halts: ReadonlyMap<string, SymbolHalt>): readonly SymbolHaltAudit[] {
  return [...halts.values()]
    .sort((left, right) => (left.symbol < right.symbol ? -1 : 1))
    .map(({ symbol, by, cause, reason, sinceMs, closing, isClosed }) => {
      const kind = closing !== undefined ? "closing" : isClosed === true ? "closed" : "halted";
      return { symbol, kind, by, cause, reason, sinceMs };
    });
}
