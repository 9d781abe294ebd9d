/**
 * The hard limits of the risk gate: one value, one reason each. Nothing trades beyond them. What a
 * person may write for each stands beside it in limit-terms.ts.
 */
export interface RiskLimits {
  /** One order's value: a slip of one order costs at most its spread to us. */
  readonly orderNotionalUsdtMax: number;
  /** Position and working entries of one symbol together. */
  readonly symbolExposureUsdtMax: number;
  /** The same over all symbols: what a market-wide gap can hit. */
  readonly totalExposureUsdtMax: number;
  /** The same four as shares of equity: the smaller of the two counts. A quarter in one order. */
  readonly orderEquityPctMax: number;
  /** Half the account in one symbol: a gap of 10 % there costs 5 % of it. */
  readonly symbolEquityPctMax: number;
  /** Twice the account over all symbols: a gap of 10 % everywhere costs a fifth of it. */
  readonly totalEquityPctMax: number;
  /** Twenty days like this leave a third: time to look. */
  readonly dailyLossEquityPctMax: number;
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
   * near 9.5 % from its entry, three times as far as the farthest stop, and 2000 USDT take 200.
   */
  readonly leverageMax: number;
  /**
   * Share of equity that initial margin may take: the rest carries losses until they are closed.
   */
  readonly marginUsePctMax: number;
  /** From the mark price to a position's liquidation: nearer than this nothing is added to it. */
  readonly liquidationBandBps: number;
  /**
   * Same-sided exposure of symbols that move together: three quarters of all, so that one fall of
   * the market does not meet the whole of it.
   */
  readonly correlatedExposureUsdtMax: number;
  /** From this correlation of one-minute returns on, two symbols count as one bet. */
  readonly correlationPctMin: number;
  /** So long before a settlement its cost counts: twice as long as any strategy means to hold. */
  readonly fundingGuardMs: number;
  /** Share of the spread that a settlement may cost: the rest is what the trade is made for. */
  readonly fundingSpreadPctMax: number;
  /** So long before a contract's last day ends nothing is entered: books thin out days before. */
  readonly delistingEntryMs: number;
  /** So long before it ends what is held is closed: on the last day nobody may be left. */
  readonly delistingExitMs: number;
  /** A book older than this is not a price. */
  readonly bookAgeMsMax: number;
  /** Loss since the day began, open positions included, at which no entry passes. */
  readonly dailyLossUsdtMax: number;
  /**
   * The same from the day's best moment: half as much again, so that a good day is not given back.
   */
  readonly drawdownUsdtMax: number;
  /** Of the day, in one symbol: two fifths, so that one contract does not end the day for all. */
  readonly symbolLossUsdtMax: number;
  /** Of the day, on one strategy's line: four fifths, so that the others keep a part. */
  readonly strategyLossUsdtMax: number;
  /** After its exchange-held stop went a symbol rests: what ran us over takes minutes to end. */
  readonly stopCooldownMs: number;
  /** So many stop-outs within the window are no accident of one symbol, and the account rests. */
  readonly stopOutsMax: number;
  readonly stopOutWindowMs: number;
  readonly stopOutPauseMs: number;
  /** Round trips that lose in a row: four happen to a fair coin once in sixteen. */
  readonly symbolStreakMax: number;
  /** Ten happen to a fair coin once in a thousand. */
  readonly accountStreakMax: number;
  readonly streakPauseMs: number;
}

export const DEFAULT_LIMITS: RiskLimits = {
  orderNotionalUsdtMax: 250,
  symbolExposureUsdtMax: 500,
  totalExposureUsdtMax: 2_000,
  orderEquityPctMax: 25,
  symbolEquityPctMax: 50,
  totalEquityPctMax: 200,
  dailyLossEquityPctMax: 5,
  openOrdersMax: 40,
  symbolOrdersMax: 4,
  orderRateMax: 5,
  exitRateMax: 8,
  orderRateWindowMs: 1_000,
  priceBandBps: 100,
  markBandBps: 200,
  leverageMax: 10,
  marginUsePctMax: 80,
  liquidationBandBps: 500,
  correlatedExposureUsdtMax: 1_500,
  correlationPctMin: 70,
  fundingGuardMs: 300_000,
  fundingSpreadPctMax: 50,
  delistingEntryMs: 172_800_000,
  delistingExitMs: 86_400_000,
  bookAgeMsMax: 5_000,
  dailyLossUsdtMax: 50,
  drawdownUsdtMax: 75,
  symbolLossUsdtMax: 20,
  strategyLossUsdtMax: 40,
  stopCooldownMs: 300_000,
  stopOutsMax: 4,
  stopOutWindowMs: 3_600_000,
  stopOutPauseMs: 1_800_000,
  symbolStreakMax: 4,
  accountStreakMax: 10,
  streakPauseMs: 900_000,
};

/** Parts of the daily loss at which the other loss limits stand unless they are set themselves. */
const OF_DAILY_LOSS = {
  drawdownUsdtMax: 1.5,
  symbolLossUsdtMax: 0.4,
  strategyLossUsdtMax: 0.8,
} as const;

/** Limits with the other losses in their proportion to the daily one. */
export function scaledToLoss(limits: RiskLimits, dailyLossUsdtMax: number): RiskLimits {
  return {
    ...limits,
    dailyLossUsdtMax,
    drawdownUsdtMax: dailyLossUsdtMax * OF_DAILY_LOSS.drawdownUsdtMax,
    symbolLossUsdtMax: dailyLossUsdtMax * OF_DAILY_LOSS.symbolLossUsdtMax,
    strategyLossUsdtMax: dailyLossUsdtMax * OF_DAILY_LOSS.strategyLossUsdtMax,
  };
}

/**
 * The limits as they hold for an account of that size: of an amount and its share of equity the
 * smaller wins. Null: equity is not known, and the amounts hold alone.
 */
export function limitsAt(limits: RiskLimits, equityUsdt: number | null): RiskLimits {
  if (equityUsdt === null) return limits;
  const equity = Math.max(0, equityUsdt);
  const least = (amountUsdt: number, pct: number) => Math.min(amountUsdt, (equity * pct) / 100);
  return {
    ...limits,
    orderNotionalUsdtMax: least(limits.orderNotionalUsdtMax, limits.orderEquityPctMax),
    symbolExposureUsdtMax: least(limits.symbolExposureUsdtMax, limits.symbolEquityPctMax),
    totalExposureUsdtMax: least(limits.totalExposureUsdtMax, limits.totalEquityPctMax),
    dailyLossUsdtMax: least(limits.dailyLossUsdtMax, limits.dailyLossEquityPctMax),
  };
}
