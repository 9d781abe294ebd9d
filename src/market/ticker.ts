/**
 * The venue's ticker of one symbol, merged from snapshot and deltas.
 *
 * A field that a delta leaves out is unchanged, an empty text is cleared (Bybit v5, "Ticker"). All
 * texts are kept as they came; the numbers that the engine reads are parsed once per change. Spot
 * tickers carry no bid, ask, mark or funding: those stay 0 and empty.
 */
import type { TickerFrame } from "../domain/event.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { PriceTicks, QtySteps } from "../domain/units.ts";
import { type Grid, toUnits } from "../kernel/decimal.ts";

/** The venue sends about 30 fields; a frame that grows beyond this is not a ticker. */
export const TICKER_FIELDS_MAX = 128;

export class Ticker {
  /** The venue's own names and texts. */
  fields: Record<string, string> = {};
  /** 0 when unknown, like every number here. */
  lastTicks = 0 as PriceTicks;
  bidTicks = 0 as PriceTicks;
  bidSteps = 0 as QtySteps;
  askTicks = 0 as PriceTicks;
  askSteps = 0 as QtySteps;
  turnover24hUsdt = 0;
  /** A fraction: 0.0068 is 0.68 %. */
  price24hPcnt = 0;
  /** The running prediction for the next settlement, as a fraction. */
  fundingRate = 0;
  /** Venue time. */
  nextFundingAtMs = 0;
  venueAtMs = 0;
  /** Our clock at the last frame; 0 before the first. */
  updatedAtMs = 0;
  private fieldCount = 0;

  /** Text of the last price, empty when unknown. */
  get lastText(): string {
    return this.fields.lastPrice ?? "";
  }

  /** Mark prices need not lie on the tick grid, so they stay text. */
  get markText(): string {
    return this.fields.markPrice ?? "";
  }

  get indexText(): string {
    return this.fields.indexPrice ?? "";
  }

  get fundingRateText(): string {
    return this.fields.fundingRate ?? "";
  }

  /** The mark price as a float, 0 when unknown. For signals and display. */
  get markPrice(): number {
    return numberOf(this.markText);
  }

  apply(frame: TickerFrame, instrument: Instrument, atMs: number): void {
    const changed = frame.fields;
    if (frame.isSnapshot) {
      this.fields = {};
      this.fieldCount = 0;
    }
    for (const name in changed) {
      const text = changed[name];
      if (text === undefined) continue;
      if (this.fields[name] === undefined) {
        if (this.fieldCount >= TICKER_FIELDS_MAX) continue;
        this.fieldCount++;
      }
      this.fields[name] = text;
    }
    this.venueAtMs = frame.venueAtMs;
    this.updatedAtMs = atMs;
    this.parse(frame.isSnapshot ? this.fields : changed, instrument, frame.isSnapshot);
  }

  private parse(
    changed: Readonly<Record<string, string>>,
    { price, qty }: Instrument,
    isSnapshot: boolean,
  ): void {
    const takes = (text: string | undefined): text is string => isSnapshot || text !== undefined;
    if (takes(changed.lastPrice)) this.lastTicks = unitsOf<PriceTicks>(price, changed.lastPrice);
    if (takes(changed.bid1Price)) this.bidTicks = unitsOf<PriceTicks>(price, changed.bid1Price);
    if (takes(changed.bid1Size)) this.bidSteps = unitsOf<QtySteps>(qty, changed.bid1Size);
    if (takes(changed.ask1Price)) this.askTicks = unitsOf<PriceTicks>(price, changed.ask1Price);
    if (takes(changed.ask1Size)) this.askSteps = unitsOf<QtySteps>(qty, changed.ask1Size);
    if (takes(changed.turnover24h)) this.turnover24hUsdt = numberOf(changed.turnover24h);
    if (takes(changed.price24hPcnt)) this.price24hPcnt = numberOf(changed.price24hPcnt);
    if (takes(changed.fundingRate)) this.fundingRate = numberOf(changed.fundingRate);
    if (takes(changed.nextFundingTime)) this.nextFundingAtMs = numberOf(changed.nextFundingTime);
  }
}

/** Off-grid and missing texts are 0: the ticker informs, the book decides. */
function unitsOf<Units extends number>(grid: Grid, text: string | undefined): Units {
  const units = text === undefined || text === "" ? 0 : toUnits(grid, text);
  return (Number.isNaN(units) ? 0 : units) as Units;
}

function numberOf(text: string | undefined): number {
  const value = text === undefined || text === "" ? 0 : Number(text);
  return Number.isFinite(value) ? value : 0;
}
