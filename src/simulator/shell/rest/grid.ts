/**
 * A changed tick or step, by request while the market runs:
 * `{"symbol":"BTCUSDT","tickSize":"1","qtyStep":"0.01"}`. Each must be a multiple of what the
 * contract was listed with; the list says the new ones at once, and streams go on without a word,
 * as the venue's do.
 */
import { z } from "zod";
import { toUnits } from "../../../kernel/decimal.ts";
import type { SimVenue } from "../../world/world.ts";

const GridSchema = z.strictObject({
  symbol: z.string(),
  tickSize: z.string().optional(),
  qtyStep: z.string().optional(),
});

/** Throws ZodError for bad input, RangeError for what the contract cannot have. */
export function changeGrid(venue: SimVenue, input: unknown): void {
  const { symbol, tickSize, qtyStep } = GridSchema.parse(input);
  const instrument = venue.instrument(symbol);
  if (instrument === undefined) throw new RangeError(`no contract ${symbol} is listed`);
  const { index, price, qty, tickLot, stepLot } = instrument;
  const lots = {
    tickLot: tickSize === undefined ? tickLot : toUnits(price, tickSize),
    stepLot: qtyStep === undefined ? stepLot : toUnits(qty, qtyStep),
  };
  if (!(lots.tickLot >= 1)) throw new RangeError(`wanted a multiple of ${price.unitText}`);
  if (!(lots.stepLot >= 1)) throw new RangeError(`wanted a multiple of ${qty.unitText}`);
  venue.core.setLots(index, lots);
}
