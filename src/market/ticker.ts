/**
 * The venue's ticker of one symbol, merged from snapshot and deltas.
 *
 * A number that a delta leaves out (NaN) is unchanged. The venue's own texts are not kept here:
 * whoever shows them folds them (`market/ticker-board.ts`). What people read is written from the
 * numbers, once a change. Spot tickers carry no bid, ask, mark or funding: those stay 0 and empty.
 */
import type { TickerFrame } from "../domain/event.ts";
import type { Instrument } from "../domain/instrument.ts";
import { type GridChange, stepsAfter, ticksAfter } from "../domain/recount.ts";
import { ZERO_STEPS, ZERO_TICKS } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { decimalText, type Grid, toText } from "../kernel/decimal.ts";

export class Ticker {
  /** 0 when unknown, like every number here. */
  lastTicks = ZERO_TICKS;
  bidTicks = ZERO_TICKS;
  bidSteps = ZERO_STEPS;
  askTicks = ZERO_TICKS;
  askSteps = ZERO_STEPS;
  /** Need not lie on the tick grid. Its shortest decimal text is the venue's number. */
  markPrice = 0;
  indexPrice = 0;
  turnover24hUsdt = 0;
  /** A fraction: 0.0068 is 0.68 %. */
  change24h = 0;
  /** The running prediction for the next settlement, as a fraction. */
  fundingRate = 0;
  /** Venue time; 0 where nothing is ever settled. */
  nextFundingAtMs = 0;
  venueAtMs = 0;
  /** Our clock at the last frame; 0 before the first. */
  updatedAtMs = 0;
  private price: Grid | null = null;
  private readonly last = { of: 0, text: "" };
  private readonly mark = { of: 0, text: "" };

  /** Text of the last price in the decimals of the tick, empty when unknown. */
  get lastText(): string {
    const { last, lastTicks, price } = this;
    if (last.of !== lastTicks) {
      last.of = lastTicks;
      last.text = lastTicks > 0 && price !== null ? toText(price, lastTicks) : "";
    }
    return last.text;
  }

  /** The mark price with at least the decimals of the tick, empty when unknown. */
  get markText(): string {
    const { mark, markPrice, price } = this;
    if (mark.of !== markPrice) {
      mark.of = markPrice;
      mark.text = markPrice > 0 ? decimalText(markPrice, price?.decimals ?? 0) : "";
    }
    return mark.text;
  }

  /** Empty where there is no funding. */
  get fundingRateText(): string {
    const { fundingRate, nextFundingAtMs } = this;
    return fundingRate === 0 && nextFundingAtMs === 0 ? "" : decimalText(fundingRate, 0);
  }

  apply(frame: TickerFrame, instrument: Instrument, atMs: number): void {
    assert(frame.symbolId === instrument.id, "a ticker is read on its own instrument's grid");
    this.price = instrument.price;
    if (frame.isSnapshot) this.forget();
    this.takeTouch(frame);
    const { lastTicks, markPrice, indexPrice, turnover24hUsdt, change24h } = frame;
    const { fundingRate, nextFundingAtMs } = frame;
    if (isSaid(lastTicks)) this.lastTicks = lastTicks;
    if (isSaid(markPrice)) this.markPrice = markPrice;
    if (isSaid(indexPrice)) this.indexPrice = indexPrice;
    if (isSaid(turnover24hUsdt)) this.turnover24hUsdt = turnover24hUsdt;
    if (isSaid(change24h)) this.change24h = change24h;
    if (isSaid(fundingRate)) this.fundingRate = fundingRate;
    if (isSaid(nextFundingAtMs)) this.nextFundingAtMs = nextFundingAtMs;
    this.venueAtMs = frame.venueAtMs;
    this.updatedAtMs = atMs;
  }

  /** Goes over to the new units of the contract: deltas leave out what did not change. */
  recount(change: GridChange): void {
    this.price = change.after.price;
    this.lastTicks = ticksAfter(change, this.lastTicks);
    this.bidTicks = ticksAfter(change, this.bidTicks);
    this.askTicks = ticksAfter(change, this.askTicks);
    this.bidSteps = stepsAfter(change, this.bidSteps);
    this.askSteps = stepsAfter(change, this.askSteps);
    this.last.of = 0;
    this.mark.of = 0;
  }

  private takeTouch({ bidTicks, bidSteps, askTicks, askSteps }: TickerFrame): void {
    if (isSaid(bidTicks)) this.bidTicks = bidTicks;
    if (isSaid(bidSteps)) this.bidSteps = bidSteps;
    if (isSaid(askTicks)) this.askTicks = askTicks;
    if (isSaid(askSteps)) this.askSteps = askSteps;
  }

  private forget(): void {
    this.lastTicks = ZERO_TICKS;
    this.bidTicks = ZERO_TICKS;
    this.bidSteps = ZERO_STEPS;
    this.askTicks = ZERO_TICKS;
    this.askSteps = ZERO_STEPS;
    this.markPrice = 0;
    this.indexPrice = 0;
    this.turnover24hUsdt = 0;
    this.change24h = 0;
    this.fundingRate = 0;
    this.nextFundingAtMs = 0;
  }
}

/** NaN is the one number that differs from itself. */
const isSaid = (value: number): boolean => !Number.isNaN(value);
