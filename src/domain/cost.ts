/**
 * The open part of one symbol at exact average cost: the arithmetic that every account shares.
 *
 * `cost` is the signed value paid for the open part: long 2 at 100 costs 200, short 2 at 100 costs
 * -200. A reducing trade takes its share of the cost out at average price; the share truncates at
 * 18 decimals, but what is taken out and what stays always add up to what was there, so that
 * realised profit minus remaining cost equals the cash that moved, exactly, for ever.
 */
import { assert } from "../kernel/assert.ts";
import { FIXED_ONE, fixedOf } from "../kernel/fixed.ts";
import { type Instrument, notionalOf } from "./instrument.ts";
import {
  absSteps,
  minSteps,
  type Price,
  type PriceTicks,
  type QtySteps,
  type Side,
  signOf,
  subSteps,
  type Usdt,
  ZERO_STEPS,
} from "./units.ts";

/** Mutable: a part of somebody's row. */
export interface OpenPart {
  /** Signed: positive long, negative short, 0 flat. */
  steps: number;
  /** Signed value paid for it; 0 when flat. */
  cost: Usdt;
}

export interface Trade {
  readonly side: Side;
  readonly priceTicks: PriceTicks;
  readonly qtySteps: QtySteps;
}

interface Moved {
  readonly closedSteps: QtySteps;
  readonly openedSteps: QtySteps;
  /** Profit of the closed part before fees. */
  readonly realised: Usdt;
}

/** Moves the open part by one trade: closes what it reduces, opens the rest. */
export function moveOpenPart(part: OpenPart, instrument: Instrument, trade: Trade): Moved {
  assert(trade.qtySteps > 0, "a trade moves a positive quantity");
  assert(Number.isSafeInteger(trade.qtySteps), "a trade is of whole steps");
  assert(Number.isSafeInteger(trade.priceTicks), "a trade is at whole ticks");
  const sign = signOf(trade.side);
  const before = part.steps;
  const costBefore = part.cost;
  const held = absSteps(before);
  const closedSteps = before * sign < 0 ? minSteps(held, trade.qtySteps) : ZERO_STEPS;
  const openedSteps = subSteps(trade.qtySteps, closedSteps);
  let realised = 0n;
  if (closedSteps > 0) {
    const share = (part.cost * BigInt(closedSteps)) / BigInt(held);
    realised = -BigInt(sign) * notionalOf(instrument, trade.priceTicks, closedSteps) - share;
    part.cost -= share;
  }
  const opened = BigInt(sign) * notionalOf(instrument, trade.priceTicks, openedSteps);
  part.cost += opened;
  part.steps += sign * trade.qtySteps;
  assertSound(part);
  const cash = -BigInt(sign) * notionalOf(instrument, trade.priceTicks, trade.qtySteps);
  assert(realised - part.cost === cash - costBefore, "profit and cost account for all the cash");
  return { closedSteps, openedSteps, realised };
}

/** What holds of every open part, before and after it moves. */
export function assertSound({ steps, cost }: OpenPart): void {
  assert(Number.isSafeInteger(steps), "a position is a whole number of steps");
  assert(steps !== 0 || cost === 0n, "a flat position holds no cost");
  assert(steps <= 0 || cost >= 0n, "a long position was paid for");
  assert(steps >= 0 || cost <= 0n, "a short position was paid to us");
}

/** Signed steps × a price, truncated toward zero at 18 decimals. */
export function valueAt({ qty }: Instrument, steps: number, price: Price): Usdt {
  return (BigInt(steps) * BigInt(qty.unitMantissa) * price) / 10n ** BigInt(qty.decimals);
}

/** Average entry price, truncated; 0 when flat. */
export function averagePriceOf({ steps, cost }: OpenPart, { qty }: Instrument): Price {
  if (steps === 0) return 0n;
  const quantity = BigInt(steps) * fixedOf(BigInt(qty.unitMantissa), qty.decimals);
  const price = (cost * FIXED_ONE) / quantity;
  assert(price >= 0n, "an average price is not negative");
  return price;
}
