/** The hard limits of the risk gate: one value, one reason each. Nothing trades beyond them. */
export interface RiskLimits {
  /** One order's value: a slip of one order costs at most its spread to us. */
  readonly orderNotionalUsdtMax: number;
  /** Position and working entries of one symbol together. */
  readonly symbolExposureUsdtMax: number;
  /** The same over all symbols: what a market-wide gap can hit. */
  readonly totalExposureUsdtMax: number;
  /** Live orders of ours over all symbols. */
  readonly openOrdersMax: number;
  /** Live orders of one symbol: two quotes, an exit, and one being replaced. */
  readonly symbolOrdersMax: number;
  /** Orders sent inside `orderRateWindowMs` that may be entries. */
  readonly orderRateMax: number;
  /** The venue takes 10 creates a second per account; the gap to it is kept for exits. */
  readonly exitRateMax: number;
  readonly orderRateWindowMs: number;
  /** Distance of a limit price from the mid: beyond it the price is a mistake. */
  readonly priceBandBps: number;
  /**
   * Distance of the book's mid from the venue's mark price: beyond it one of the two is wrong, and
   * the mark is what liquidates. Recorded majors keep within 15 bps, thin contracts within 60.
   */
  readonly markBandBps: number;
  /**
   * Leverage that a symbol may be set to at the venue. At 10 an isolated position is liquidated
   * near 9.5 % from its entry, three times as far as the farthest stop, and 2000 USDT take 200 of
   * margin.
   */
  readonly leverageMax: number;
  /**
   * Share of equity that initial margin may take: the rest carries losses until they are closed.
   */
  readonly marginUsePctMax: number;
  /** A book older than this is not a price. */
  readonly bookAgeMsMax: number;
  /** Loss since 00:00 UTC, open positions included, at which no entry passes. */
  readonly dailyLossUsdtMax: number;
}

export const DEFAULT_LIMITS: RiskLimits = {
  orderNotionalUsdtMax: 250,
  symbolExposureUsdtMax: 500,
  totalExposureUsdtMax: 2_000,
  openOrdersMax: 40,
  symbolOrdersMax: 4,
  orderRateMax: 5,
  exitRateMax: 8,
  orderRateWindowMs: 1_000,
  priceBandBps: 100,
  markBandBps: 200,
  leverageMax: 10,
  marginUsePctMax: 80,
  bookAgeMsMax: 5_000,
  dailyLossUsdtMax: 50,
};
