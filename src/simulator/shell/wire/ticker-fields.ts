/**
 * The 24-hour ticker of a contract as numbers and as text.
 *
 * Numbers are compared to find what changed; only changed ones are printed. One table holds names,
 * order and formats, for the stream and for REST.
 */
import type { SimInstrument } from "../../core/api.ts";
import type { TickDirection } from "../../market/trade-tape.ts";
import type { SimVenue } from "../../world/world.ts";
import { floatText, priceNumber, priceText, qtyNumber, qtyText, rateText } from "./text.ts";

const DIRECTIONS: readonly TickDirection[] = [
  "PlusTick",
  "ZeroPlusTick",
  "MinusTick",
  "ZeroMinusTick",
];

type Format = (value: number, instrument: SimInstrument) => string;

const price: Format = (ticks, instrument) => priceText(instrument, ticks);
const optional: Format = (ticks, instrument) => (ticks === 0 ? "" : priceText(instrument, ticks));
const size: Format = (steps, instrument) => (steps === 0 ? "" : qtyText(instrument, steps));
const quantity: Format = (steps, instrument) => qtyText(instrument, steps);
const money: Format = (value) => floatText(value, 2);

/** Stream fields of a perpetual in the venue's order. */
const FIELDS: readonly (readonly [name: string, format: Format])[] = [
  ["tickDirection", (value) => DIRECTIONS[value] ?? "ZeroPlusTick"],
  ["price24hPcnt", (value) => floatText(value, 6)],
  ["lastPrice", price],
  ["prevPrice24h", price],
  ["highPrice24h", price],
  ["lowPrice24h", price],
  ["prevPrice1h", price],
  ["markPrice", price],
  ["indexPrice", price],
  ["openInterest", quantity],
  ["openInterestValue", money],
  ["turnover24h", (value) => floatText(value, 4)],
  ["volume24h", (value) => floatText(value, 4)],
  ["fundingIntervalHour", (value) => String(value)],
  ["fundingCap", rateText],
  ["singleOpenInterest", (steps, instrument) => qtyText(instrument, Math.floor(steps))],
  ["singleOpenInterestValue", money],
  ["nextFundingTime", (value) => String(value)],
  ["fundingRate", rateText],
  ["bid1Price", optional],
  ["bid1Size", size],
  ["ask1Price", optional],
  ["ask1Size", size],
];

export const TICKER_FIELDS = FIELDS.length;
const BID_PRICE = FIELDS.findIndex(([name]) => name === "bid1Price");

/** Fills `into` with the contract's ticker as numbers in table order. */
export function readTicker(venue: SimVenue, index: number, into: Float64Array): void {
  const { core } = venue;
  const instrument = venue.instrumentAt(index);
  const tape = venue.tape.of(index);
  const day = tape.day(core.nowMs);
  const { markTicks, indexTicks } = core.prices(index);
  const bid = venue.levels(index, "Buy", 1);
  const ask = venue.levels(index, "Sell", 1);
  const interest = venue.market.openInterestSteps(index);
  const interestValue = qtyNumber(instrument, interest) * priceNumber(instrument, markTicks);
  into[0] = DIRECTIONS.indexOf(tape.direction);
  into[1] = Math.round((tape.lastTicks / day.prev24hTicks - 1) * 1e6) / 1e6;
  into[2] = tape.lastTicks;
  into[3] = day.prev24hTicks;
  into[4] = day.highTicks;
  into[5] = day.lowTicks;
  into[6] = day.prev1hTicks;
  into[7] = markTicks;
  into[8] = indexTicks;
  into[9] = interest;
  into[10] = Math.round(interestValue * 100) / 100;
  into[11] = day.turnover;
  into[12] = day.volume;
  into[13] = instrument.fundingIntervalMin / 60;
  into[14] = instrument.fundingCap;
  into[15] = interest / 2;
  into[16] = Math.round(interestValue * 50) / 100;
  into[17] = core.nextFundingAtMs(index);
  into[18] = core.fundingRate(index);
  into[19] = bid[0] ?? 0;
  into[20] = bid[1] ?? 0;
  into[21] = ask[0] ?? 0;
  into[22] = ask[1] ?? 0;
}

/** `"name":"text",…` of every field, with the empty pre-listing fields at the end. */
export function tickerSnapshotText(instrument: SimInstrument, values: Float64Array): string {
  const parts = FIELDS.map(
    ([name, format], at) => `"${name}":"${format(values[at] ?? 0, instrument)}"`,
  );
  return `${parts.join(",")},"preOpenPrice":"","preQty":"","curPreListingPhase":""`;
}

/**
 * The changed fields only, "" when nothing changed. Prices of the touch travel with their sizes.
 */
export function tickerDeltaText(
  instrument: SimInstrument,
  before: Float64Array,
  now: Float64Array,
): string {
  let text = "";
  for (let at = 0; at < FIELDS.length; at++) {
    const field = FIELDS[at];
    if (field === undefined) continue;
    const isTouchPrice = at === BID_PRICE || at === BID_PRICE + 2;
    const changed = before[at] !== now[at] || (isTouchPrice && before[at + 1] !== now[at + 1]);
    if (changed) text += `,"${field[0]}":"${field[1](now[at] ?? 0, instrument)}"`;
  }
  return text;
}

/** Fields of market/tickers after the symbol; those without a stream field are empty. */
const REST_ORDER = [
  "lastPrice",
  "indexPrice",
  "markPrice",
  "prevPrice24h",
  "price24hPcnt",
  "highPrice24h",
  "lowPrice24h",
  "prevPrice1h",
  "openInterest",
  "openInterestValue",
  "turnover24h",
  "volume24h",
  "fundingRate",
  "nextFundingTime",
  "predictedDeliveryPrice",
  "basisRate",
  "deliveryFeeRate",
  "deliveryTime",
  "ask1Size",
  "bid1Price",
  "ask1Price",
  "bid1Size",
  "basis",
  "preOpenPrice",
  "preQty",
  "curPreListingPhase",
  "fundingIntervalHour",
  "basisRateYear",
  "fundingCap",
  "singleOpenInterest",
  "singleOpenInterestValue",
];

/** The REST item: the same values in the endpoint's own order and with its extra fields. */
export function tickerItem(venue: SimVenue, index: number): Record<string, string> {
  const values = new Float64Array(TICKER_FIELDS);
  readTicker(venue, index, values);
  const instrument = venue.instrumentAt(index);
  const named: Record<string, string> = {};
  FIELDS.forEach(([name, format], at) => {
    named[name] = format(values[at] ?? 0, instrument);
  });
  const item: Record<string, string> = { symbol: instrument.symbol };
  for (const name of REST_ORDER) item[name] = named[name] ?? "";
  item.deliveryTime = String(instrument.deliveryAtMs);
  return item;
}
