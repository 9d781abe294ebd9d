/**
 * An instrument as the engine needs it: its grids, its limits, its funding clock.
 * The adapter makes it from the venue's own list; nothing in here is venue text except the symbol.
 */

import type { Grid } from "../kernel/decimal.ts";
import { fixedOf } from "../kernel/fixed.ts";
import {
  ONE_STEP,
  ONE_TICK,
  type PriceTicks,
  type QtySteps,
  type SymbolId,
  type Usdt,
} from "./units.ts";

export type InstrumentStatus = "trading" | "prelaunch" | "delivering" | "closed";

export interface Instrument {
  readonly id: SymbolId;
  /** Where it is listed: one symbol may be listed on several venues. */
  readonly venue: string;
  /** The venue's own name for it. */
  readonly symbol: string;
  readonly baseCoin: string;
  readonly quoteCoin: string;
  readonly status: InstrumentStatus;
  /** Venue time of the listing. */
  readonly launchAtMs: number;
  /** The units that we count in: at least as fine as the venue's own grids, see `recount.ts`. */
  readonly price: Grid;
  readonly qty: Grid;
  /** An order's price is a multiple of it: 1 unless the tick grew while we run. */
  readonly priceLotTicks: PriceTicks;
  /** An order's quantity is a multiple of it: 1 unless the step grew while we run. */
  readonly qtyLotSteps: QtySteps;
  readonly qtyStepsMin: QtySteps;
  readonly limitQtyStepsMax: QtySteps;
  readonly marketQtyStepsMax: QtySteps;
  /** Smallest value of an order that opens or adds. */
  readonly notionalMin: Usdt;
  readonly leverageMax: number;
  /** Share of the mark price that a limit price may lie away from it; absent while not known. */
  readonly priceLimitShare?: number;
  /** Venue time at which the contract ends; absent when no end is announced. */
  readonly deliveryAtMs?: number;
  readonly fundingIntervalMin: number;
}

/** Lots of a contract that is counted in the venue's own units. */
export const OWN_UNITS = { priceLotTicks: ONE_TICK, qtyLotSteps: ONE_STEP } as const;

/**
 * price × quantity in USDT as a float: for limits, scores and pages, never booked. The product of
 * the mantissas is exact up to 2^53, and only the division by a power of ten rounds.
 */
export function notionalUsdtOf(
  { price, qty }: Instrument,
  priceTicks: number,
  qtySteps: number,
): number {
  const mantissa = priceTicks * price.unitMantissa * qtySteps * qty.unitMantissa;
  return mantissa / 10 ** (price.decimals + qty.decimals);
}

/** price × quantity as exact money. */
export function notionalOf(
  instrument: Instrument,
  priceTicks: PriceTicks,
  qtySteps: QtySteps,
): Usdt {
  const { price, qty } = instrument;
  const mantissa =
    BigInt(priceTicks) * BigInt(price.unitMantissa) * BigInt(qtySteps) * BigInt(qty.unitMantissa);
  return fixedOf(mantissa, price.decimals + qty.decimals);
}
