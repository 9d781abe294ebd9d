/**
 * The terms on which the venue lets an account trade: margin mode, position mode and leverage.
 *
 * They are the account's own settings and may be changed behind our back, on the venue's page or by
 * another program. They are read when the account becomes known, at arming, and again now and then.
 */
import type { FeeSchedule } from "./fees.ts";
import type { SymbolId } from "./units.ts";

/**
 * "cross": one pot for all positions. "portfolio": by a model of the venue's that we do not know.
 */
export type MarginMode = "cross" | "isolated" | "portfolio";

/** How the whole account is margined, as the venue answered. */
export interface AccountTerms {
  readonly kind: "account_terms";
  /** Null when it could not be read. */
  readonly marginMode: MarginMode | null;
  /** Why it could not be read, empty when it was. */
  readonly fault: string;
}

/** How one symbol is margined, as the venue answered after it was asked for what we want. */
export interface SymbolTerms {
  readonly kind: "symbol_terms";
  readonly symbolId: SymbolId;
  /** 0 when it could not be read. */
  readonly leverage: number;
  /** One position a symbol; else a long and a short leg stand side by side. */
  readonly isOneWay: boolean;
  /** Why it could not be read or set, empty when it was. */
  readonly fault: string;
}

/**
 * What the account pays, by symbol, as the venue states it; symbols that are left out are not said.
 */
export interface FeesLoaded {
  readonly kind: "fees_loaded";
  readonly fees: ReadonlyMap<SymbolId, FeeSchedule>;
}

/**
 * Why trading may not be armed on such an account, with what was found and wanted; null if it may.
 */
export function objectionTo({ marginMode }: Pick<AccountTerms, "marginMode">): string | null {
  if (marginMode !== "portfolio") return null;
  return "the account's margin mode is portfolio, wanted cross or isolated";
}
