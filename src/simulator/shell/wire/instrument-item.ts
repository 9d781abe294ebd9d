/** Entries of the venue's instrument lists, in its key order. */

import { trimZeros } from "../../../kernel/decimal.ts";
import type { SimInstrument } from "../../core/api.ts";
import { MAKER_FEE_RATE, type SimVenue, TAKER_FEE_RATE } from "../../world/world.ts";
import { priceText, qtyText, rateText } from "./text.ts";

/** One linear contract of market/instruments-info. */
export function instrumentItem(venue: SimVenue, index: number): Record<string, unknown> {
  const instrument = venue.instrumentAt(index);
  const listing = venue.listing(index);
  const maxLimitQty = qtyText(instrument, instrument.maxLimitQtySteps);
  return {
    symbol: instrument.symbol,
    contractType: "LinearPerpetual",
    status: instrument.status,
    baseCoin: instrument.baseCoin,
    quoteCoin: instrument.quoteCoin,
    launchTime: String(instrument.launchAtMs),
    deliveryTime: String(instrument.deliveryAtMs),
    deliveryFeeRate: "",
    priceScale: String(instrument.price.decimals),
    leverageFilter: {
      minLeverage: "1",
      maxLeverage: instrument.maxLeverage.toFixed(2),
      leverageStep: "0.01",
    },
    priceFilter: {
      minPrice: priceText(instrument, instrument.minPriceTicks),
      maxPrice: priceText(instrument, instrument.maxPriceTicks),
      tickSize: tickText(instrument),
    },
    lotSizeFilter: {
      maxOrderQty: maxLimitQty,
      minOrderQty: qtyText(instrument, Math.max(instrument.minQtySteps, instrument.stepLot)),
      qtyStep: stepText(instrument),
      postOnlyMaxOrderQty: maxLimitQty,
      maxMktOrderQty: qtyText(instrument, instrument.maxMarketQtySteps),
      minNotionalValue: String(instrument.minNotional),
    },
    unifiedMarginTrade: true,
    fundingInterval: instrument.fundingIntervalMin,
    settleCoin: instrument.settleCoin,
    copyTrading: listing.copyTrading,
    upperFundingRate: rateText(instrument.fundingCap),
    lowerFundingRate: rateText(-instrument.fundingCap),
    isPreListing: instrument.status === "PreLaunch",
    preListingInfo: instrument.status === "PreLaunch" ? preListing(instrument.launchAtMs) : null,
    riskParameters: {
      priceLimitRatioX: rateText(instrument.priceLimitRatioX),
      priceLimitRatioY: rateText(instrument.priceLimitRatioY),
    },
    displayName: "",
    symbolType: listing.symbolType,
    forbidUplWithdrawal: false,
    symbolId: listing.symbolId,
  };
}

/** As it was listed, or in the decimals of the units that it is counted in once it was changed. */
const tickText = (instrument: SimInstrument): string =>
  instrument.tickLot === 1
    ? instrument.price.unitText
    : trimZeros(priceText(instrument, instrument.tickLot));
const stepText = (instrument: SimInstrument): string =>
  instrument.stepLot === 1 ? instrument.qty.unitText : qtyText(instrument, instrument.stepLot);

function preListing(launchAtMs: number): Record<string, unknown> {
  return {
    curAuctionPhase: "NotStarted",
    phases: [{ phase: "ContinuousTrading", startTime: String(launchAtMs), endTime: "" }],
    auctionFeeInfo: {
      auctionFeeRate: "0",
      takerFeeRate: TAKER_FEE_RATE,
      makerFeeRate: MAKER_FEE_RATE,
    },
    skipCallAuction: true,
  };
}

/**
 * Spot pairs offered for market data: the first linear contracts' coins, without contracts of 1000.
 */
const SPOT_PAIRS_MAX = 5;

interface SpotPair {
  readonly symbol: string;
  /** The linear contract whose prices the pair shows. */
  readonly index: number;
}

export function spotPairs(venue: SimVenue): SpotPair[] {
  return venue.listings
    .filter(({ instrument }) => !/^\d/.test(instrument.baseCoin))
    .slice(0, SPOT_PAIRS_MAX)
    .map(({ instrument }) => ({ symbol: instrument.symbol, index: instrument.index }));
}

/** One pair of market/instruments-info with category spot. */
export function spotInstrumentItem(venue: SimVenue, pair: SpotPair): Record<string, unknown> {
  const instrument = venue.instrumentAt(pair.index);
  const maxQty = qtyText(instrument, instrument.maxMarketQtySteps);
  return {
    symbolId: pair.index + 9,
    symbol: pair.symbol,
    baseCoin: instrument.baseCoin,
    quoteCoin: instrument.quoteCoin,
    innovation: "0",
    status: "Trading",
    marginTrading: "utaOnly",
    stTag: "0",
    lotSizeFilter: {
      basePrecision: instrument.qty.unitText,
      quotePrecision: "0.0000001",
      minOrderQty: instrument.qty.unitText,
      maxOrderQty: maxQty,
      minOrderAmt: "5",
      maxOrderAmt: "8000000",
      maxLimitOrderQty: maxQty,
      maxMarketOrderQty: maxQty,
      postOnlyMaxLimitOrderSize: qtyText(instrument, instrument.maxMarketQtySteps * 5),
    },
    priceFilter: { tickSize: instrument.price.unitText },
    riskParameters: { priceLimitRatioX: "0.01", priceLimitRatioY: "0.02" },
    symbolType: "",
    xstockMultiplier: "1",
  };
}
