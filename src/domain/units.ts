/**
 * The quantities of the trade, each with its unit in the type.
 *
 * Prices are whole ticks and quantities whole steps of their instrument; money is fixed point.
 * Two clocks exist and are never mixed silently: `atMs` is ours (stamped by the inbox), `venueAtMs`
 * is the exchange's.
 */
import type { Fixed } from "../kernel/fixed.ts";
import type { Unit } from "../kernel/unit.ts";

/** Dense index of an instrument in the catalogue, 0 … n-1: the key of every per-symbol array. */
export type SymbolId = Unit<"symbol_id">;
/** Price ÷ tickSize, always whole. */
export type PriceTicks = Unit<"price_ticks">;
/** Quantity ÷ qtyStep, always whole. */
export type QtySteps = Unit<"qty_steps">;
/** Money in the settle coin (USDT), 18 decimals. */
export type Usdt = Fixed;

export type Side = "buy" | "sell";

/** +1 for buys, -1 for sells: what a fill of that side does to a position. */
export const signOf = (side: Side): 1 | -1 => (side === "buy" ? 1 : -1);
