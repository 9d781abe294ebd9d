/**
 * What the engine knows of the account's terms at the venue; see terms-keeping.ts for the rules.
 */
import type { AccountTerms, SymbolTerms } from "../domain/account-terms.ts";
import { DEFAULT_FEES, type FeeSchedule } from "../domain/fees.ts";
import type { SymbolId } from "../domain/units.ts";

/** When a question was put; 0 when it never was. Mutable: a part of somebody's row. */
export interface Asked {
  firstAtMs: number;
  lastAtMs: number;
}

export const newAsked = (): Asked => ({ firstAtMs: 0, lastAtMs: 0 });

/** What is known of one symbol's terms, and since when. */
interface KnownTerms extends SymbolTerms {
  readonly atMs: number;
}

/** What is known of the account's terms. Mutable: the engine's own copy. */
export interface Terms {
  account: AccountTerms | null;
  accountAtMs: number;
  readonly accountAsked: Asked;
  /** At most one row per symbol that was ever active. */
  readonly symbols: Map<SymbolId, KnownTerms>;
  readonly symbolsAsked: Map<SymbolId, Asked>;
  /**
   * Where the venue would liquidate, in fractional ticks: of positions that it names a price of.
   */
  readonly liquidation: Map<SymbolId, number>;
  /** Whole and never changed: news replaces it. */
  fees: ReadonlyMap<SymbolId, FeeSchedule>;
}

export function newTerms(): Terms {
  return {
    account: null,
    accountAtMs: 0,
    accountAsked: newAsked(),
    symbols: new Map(),
    symbolsAsked: new Map(),
    liquidation: new Map(),
    fees: new Map(),
  };
}

/** What the account pays on a symbol: as the venue says, else as it publishes for everybody. */
export function feesOf(
  { terms }: { readonly terms: Pick<Terms, "fees"> },
  id: SymbolId,
): FeeSchedule {
  return terms.fees.get(id) ?? DEFAULT_FEES;
}
