/**
 * What is known of a symbol beyond the moment: slow statistics that survive a restart.
 * All are exponentially weighted over minutes; `samples` says how much to believe them.
 */
export interface SymbolProfile {
  readonly symbol: string;
  readonly samples: number;
  readonly spreadBps: number;
  readonly volatilityBps1m: number;
  readonly tradesPerMin: number;
  readonly turnover24hUsdt: number;
  readonly topDepthUsdt: number;
  readonly fills: number;
  readonly makerFills: number;
  readonly netPnlUsdt: number;
  readonly category: string;
  readonly score: number;
  readonly updatedAtMs: number;
}
