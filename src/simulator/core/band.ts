/**
 * The price band of futures orders (priceLimitRatioX and Y) and the premium it follows.
 *
 * The premium is the mean over 30 seconds, sampled each second, of the book's middle minus the mark
 * price. While there is no mark price the band is the contract's whole price range.
 */
import type { SimSide } from "./api.ts";
import type { SymbolState } from "./exchange-state.ts";

interface PriceBand {
  readonly highestBuyTicks: number;
  readonly lowestSellTicks: number;
}

/** Takes the second's sample; a book with one side empty gives none. */
export function samplePremium(symbol: SymbolState): void {
  const bid = symbol.book.bestTicks("Buy");
  const ask = symbol.book.bestTicks("Sell");
  if (bid === 0 || ask === 0 || symbol.markTicks === 0) return;
  symbol.premium.add((bid + ask) / 2 - symbol.markTicks);
}

/** Highest buy: min(mark (1+Y), max(index, mark (1+X) + max(0, P))); lowest sell mirrored. */
export function bandOf(symbol: SymbolState): PriceBand {
  const { minPriceTicks, maxPriceTicks, priceLimitRatioX: x } = symbol.instrument;
  const y = symbol.instrument.priceLimitRatioY;
  const { markTicks: mark, indexTicks: index } = symbol;
  if (mark === 0) return { highestBuyTicks: maxPriceTicks, lowestSellTicks: minPriceTicks };
  const premium = symbol.premium.mean();
  const high = Math.min(mark * (1 + y), Math.max(index, mark * (1 + x) + Math.max(0, premium)));
  const low = Math.max(mark * (1 - y), Math.min(index, mark * (1 - x) + Math.min(0, premium)));
  return {
    highestBuyTicks: Math.min(maxPriceTicks, Math.floor(high)),
    lowestSellTicks: Math.max(minPriceTicks, Math.ceil(low)),
  };
}

/** The price a limit order gets: futures move what is outside the band to its border. */
export function clampToBand(symbol: SymbolState, side: SimSide, priceTicks: number): number {
  const band = bandOf(symbol);
  return side === "Buy"
    ? Math.min(priceTicks, band.highestBuyTicks)
    : Math.max(priceTicks, band.lowestSellTicks);
}

/** The worst price a market order may reach. */
export function protectiveTicks(symbol: SymbolState, side: SimSide): number {
  const band = bandOf(symbol);
  return side === "Buy" ? band.highestBuyTicks : band.lowestSellTicks;
}
