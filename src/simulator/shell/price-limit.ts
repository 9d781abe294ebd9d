/**
 * The price band of a contract: highest buy and lowest sell (venue's formula, mean premium left
 * out).
 */
import { priceText } from "./text.ts";
import type { SimVenue } from "./venue.ts";

export function priceLimits(venue: SimVenue, index: number): { buyLmt: string; sellLmt: string } {
  const instrument = venue.instrumentAt(index);
  const { markTicks, indexTicks } = venue.core.prices(index);
  const { priceLimitRatioX: x, priceLimitRatioY: y } = instrument;
  const buy = Math.min(markTicks * (1 + y), Math.max(indexTicks, markTicks * (1 + x)));
  const sell = Math.max(markTicks * (1 - y), Math.min(indexTicks, markTicks * (1 - x)));
  return {
    buyLmt: priceText(instrument, Math.min(instrument.maxPriceTicks, Math.floor(buy))),
    sellLmt: priceText(instrument, Math.max(instrument.minPriceTicks, Math.ceil(sell))),
  };
}
