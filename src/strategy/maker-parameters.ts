/** The maker's numbers, each with its reason. */
export interface MakerParameters {
  /** Value of one quote in USDT: small against the queues it joins. */
  readonly quoteNotionalUsdt: number;
  /** No quote adds to a position beyond this value. */
  readonly inventoryNotionalUsdtMax: number;
  /** Least spread minus two maker fees at which to quote: below it a round trip loses by design. */
  readonly edgeBpsMin: number;
  readonly makerFeeBps: number;
  /** Spread at which to step one tick inside the touch instead of joining it. */
  readonly improveSpreadTicksMin: number;
  /** Queue imbalance beyond 0.5 ± this: quote only the side that leans against it. */
  readonly leanImbalance: number;
  /** One-second volatility above which no entry is quoted: the touch is run over. */
  readonly volatilityBpsMax: number;
  /** A resting quote stays while its price is this close to the wanted one. */
  readonly requoteBps: number;
  /** A quote rests at least this long before it is moved: queue place and rate limit are costly. */
  readonly requoteCooldownMs: number;
  /** Least time between two exit orders of a symbol. */
  readonly exitRetryMs: number;
  /** Profit at which the resting exit stands first: both maker fees and a little more. */
  readonly takeProfitBps: number;
  /** After this the exit rests at the touch, profitable or not. */
  readonly exitAgedMs: number;
  /** After this it takes liquidity, as a limit that may not slip far. */
  readonly holdingMsMax: number;
  /** After so much more it becomes a market order. */
  readonly marketExitAfterMs: number;
  /** How far an exit that takes liquidity may slip beyond the touch. */
  readonly exitSlipBps: number;
  /** A resting exit is never further from the mid: inside the gate's band. */
  readonly exitBandBps: number;
  /** Loss at which the engine exits at once. */
  readonly softStopBps: number;
  /** Distance of the exchange-held stop: behind the soft stop, for when we are not there. */
  readonly stopDistanceBps: number;
}

/** For money: content with no trade where the spread does not pay two fees. */
export const DEFAULT_MAKER: MakerParameters = {
  quoteNotionalUsdt: 100,
  inventoryNotionalUsdtMax: 200,
  edgeBpsMin: 1,
  makerFeeBps: 2,
  improveSpreadTicksMin: 3,
  leanImbalance: 0.3,
  volatilityBpsMax: 8,
  requoteBps: 1,
  requoteCooldownMs: 1_500,
  exitRetryMs: 500,
  takeProfitBps: 5,
  exitAgedMs: 20_000,
  holdingMsMax: 90_000,
  marketExitAfterMs: 10_000,
  exitSlipBps: 10,
  exitBandBps: 60,
  softStopBps: 40,
  stopDistanceBps: 80,
};

/** For the simulator: small, as soon as the fees are paid, and in its livelier markets too. */
export const SIM_MAKER: MakerParameters = {
  ...DEFAULT_MAKER,
  quoteNotionalUsdt: 60,
  inventoryNotionalUsdtMax: 120,
  edgeBpsMin: 0,
  volatilityBpsMax: 30,
};
