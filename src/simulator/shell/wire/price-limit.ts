/** The price band of a contract as the core enforces it: highest buy and lowest sell. */

import type { SimVenue } from "../../world/world.ts";
import { priceText } from "./text.ts";

export function priceLimits(venue: SimVenue, index: number): { buyLmt: string; sellLmt: string } {
  const instrument = venue.instrumentAt(index);
  const { highestBuyTicks, lowestSellTicks } = venue.core.priceBand(index);
  return {
    buyLmt: priceText(instrument, highestBuyTicks),
    sellLmt: priceText(instrument, lowestSellTicks),
  };
}
