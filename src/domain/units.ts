/**
 * The quantities of the trade, each with its unit in the type.
 *
 * Prices are whole ticks and quantities whole steps of their instrument; money is fixed point.
 * Two clocks exist and are never mixed silently: `atMs` is ours (stamped by the inbox), `venueAtMs`
 * is the exchange's.
 */
import { assert } from "../kernel/assert.ts";
import type { Id, Kind, Unit } from "../kernel/unit.ts";

/** Dense index of an instrument in the catalogue, 0 … n-1: the key of every per-symbol array. */
export type SymbolId = Unit<"symbol_id">;
/** Price ÷ tickSize, always whole. */
export type PriceTicks = Unit<"price_ticks">;
/** Quantity ÷ qtyStep, always whole. */
export type QtySteps = Unit<"qty_steps">;
export const ZERO_TICKS = 0 as PriceTicks;
export const ZERO_STEPS = 0 as QtySteps;
export const ONE_TICK = 1 as PriceTicks;
export const ONE_STEP = 1 as QtySteps;
/** Money in the settle coin (USDT), 18 decimals. */
export type Usdt = Kind<"usdt">;
/** USDT for one whole unit of the base coin, 18 decimals: what a mark or an entry price is. */
export type Price = Kind<"price">;
/** A share of a value, 18 decimals: what a fee or a funding rate is. */
export type Rate = Kind<"rate">;

/** A computed price in ticks: whole and not negative, else the computation is wrong. */
export function wholeTicks(value: number): PriceTicks {
  assert(Number.isSafeInteger(value) && value >= 0, "a price is whole ticks");
  return value as PriceTicks;
}

/** A computed quantity in steps: whole and not negative, else the computation is wrong. */
export function wholeSteps(value: number): QtySteps {
  assert(Number.isSafeInteger(value) && value >= 0, "a quantity is whole steps");
  return value as QtySteps;
}

/** What is read back from a column or a row that holds nothing else. */
export const asTicks = (stored: number): PriceTicks => stored as PriceTicks;
export const asSteps = (stored: number): QtySteps => stored as QtySteps;
export const asSymbolId = (stored: number): SymbolId => stored as SymbolId;

export const addSteps = (one: QtySteps, other: QtySteps): QtySteps => asSteps(one + other);
export const minSteps = (one: QtySteps, other: QtySteps): QtySteps => (one < other ? one : other);
/** The size of a signed position. */
export const absSteps = (signed: number): QtySteps => asSteps(Math.abs(signed));

/** What stays of `whole` when `part` of it is gone. */
export function subSteps(whole: QtySteps, part: QtySteps): QtySteps {
  assert(part <= whole, "no more is taken than is there");
  return asSteps(whole - part);
}

export type Side = "buy" | "sell";

/** +1 for buys, -1 for sells: what a fill of that side does to a position. */
export const signOf = (side: Side): 1 | -1 => (side === "buy" ? 1 : -1);

/** Our own id of an order: a function of (run, strategy, sequence), at most 36 of [0-9A-Za-z_-]. */
export type ClientOrderId = Id<"client_order_id">;
/** The venue's id of an order. */
export type VenueOrderId = Id<"venue_order_id">;
/** The venue's id of one execution: what makes a repeated one count once. */
export type ExecId = Id<"exec_id">;

/** Text that is known to be such an id: at the border, and where an id is made. */
export const asClientOrderId = (text: string): ClientOrderId => text as ClientOrderId;
export const asVenueOrderId = (text: string): VenueOrderId => text as VenueOrderId;
export const asExecId = (text: string): ExecId => text as ExecId;

/** Of an order that is not ours. */
export const NO_CLIENT_ID = asClientOrderId("");
/** Of an order that the venue has not named. */
export const NO_VENUE_ID = asVenueOrderId("");
