/** What trading costs: fees as shares of the traded value, and the spread, in basis points. */
import { must } from "../kernel/assert.ts";
import { fixedToNumber, mulFixed, parseFixed } from "../kernel/fixed.ts";
import type { Rate, Usdt } from "./units.ts";

/** Shares of a trade's value; a maker rate may be negative. */
export interface FeeSchedule {
  readonly maker: Rate;
  readonly taker: Rate;
}

/** Decimal text such as "0.0002" to a schedule. Null when one of the two is no decimal. */
export function feeScheduleOf(texts: {
  readonly maker: string;
  readonly taker: string;
}): FeeSchedule | null {
  const maker = texts.maker === "" ? null : parseFixed(texts.maker);
  const taker = texts.taker === "" ? null : parseFixed(texts.taker);
  return maker === null || taker === null ? null : { maker, taker };
}

/**
 * What an account without a volume tier pays on USDT perpetuals, as the venue publishes it: 2 and
 * 5.5 basis points. The only place where these stand; who was told nothing else uses them.
 */
export const DEFAULT_FEES: FeeSchedule = must(
  feeScheduleOf({ maker: "0.0002", taker: "0.00055" }),
  "the default fees are decimals",
);

/** A rate in basis points: for scores, costs and pages, not for money. */
export const bpsOfRate = (rate: Rate): number => Number((fixedToNumber(rate) * 10_000).toFixed(9));

/** Both rates in basis points. */
export const feesInBps = ({ maker, taker }: FeeSchedule) => ({
  makerFeeBps: bpsOfRate(maker),
  takerFeeBps: bpsOfRate(taker),
});

/** The fee of a trade, positive when paid, truncated toward zero at 18 decimals. */
export function feeOf(fees: FeeSchedule, value: Usdt, isMaker: boolean): Usdt {
  return mulFixed(value, isMaker ? fees.maker : fees.taker);
}

/** What a round trip that rests on both sides of the touch leaves after its two fees, in bps. */
export function makerEdgeBps(spreadBps: number, makerFeeBps: number): number {
  return spreadBps - 2 * makerFeeBps;
}

/** What a round trip costs that takes on both ways: two fees and the spread, in bps. */
export function takerCostBps(spreadBps: number, takerFeeBps: number): number {
  return spreadBps + 2 * takerFeeBps;
}
