/**
 * One symbol's row of the audit: numbers as they were at the tick. Its texts are written when
 * somebody reads them, since most rows are replaced before anybody does.
 */
import type { Instrument } from "../domain/instrument.ts";
import type { PriceTicks } from "../domain/units.ts";
import { decimalText, toText } from "../kernel/decimal.ts";
import type { BookView } from "../market/staleness.ts";
import type { Axes } from "../universe/axes.ts";
import type { Category } from "../universe/category.ts";
import type { SymbolWords } from "../universe/operator-words.ts";
import type { Score } from "../universe/score.ts";
import type { Standing } from "../universe/standing.ts";
import type { SymbolAudit } from "./audit.ts";

/** Prices are 0 and the micro-price also NaN where they are not known. */
interface SymbolNumbers {
  readonly category: Category;
  readonly score: number;
  readonly active: boolean;
  readonly scoreParts: Score;
  readonly axes: Axes | null;
  readonly standing: Standing;
  readonly words: SymbolWords;
  readonly bookState: BookView;
  readonly bookFault: string;
  readonly bidTicks: PriceTicks;
  readonly askTicks: PriceTicks;
  readonly lastTicks: PriceTicks;
  readonly markPrice: number;
  readonly micropriceTicks: number;
  readonly change24hPct: number;
  readonly turnover24hUsdt: number;
  readonly spreadBps: number;
  readonly imbalance: number;
  readonly volatilityBps: number;
  readonly fundingRate: number;
  readonly nextFundingAtMs: number;
  readonly updatedAtMs: number;
  readonly bookAudit: SymbolAudit["bookAudit"];
}

export class SymbolNow implements SymbolAudit {
  private readonly instrument: Instrument;
  private readonly numbers: SymbolNumbers;

  constructor(instrument: Instrument, numbers: SymbolNumbers) {
    this.instrument = instrument;
    this.numbers = numbers;
  }

  get symbol() {
    return this.instrument.symbol;
  }

  get status() {
    return this.instrument.status;
  }

  get category() {
    return this.numbers.category;
  }

  get score() {
    return this.numbers.score;
  }

  get active() {
    return this.numbers.active;
  }

  get scoreParts() {
    return this.numbers.scoreParts;
  }

  get axes() {
    return this.numbers.axes;
  }

  get standing() {
    return this.numbers.standing;
  }

  get words() {
    return this.numbers.words;
  }

  get bookState() {
    return this.numbers.bookState;
  }

  get bookFault() {
    return this.numbers.bookFault;
  }

  get bidText() {
    return this.priceText(this.numbers.bidTicks);
  }

  get askText() {
    return this.priceText(this.numbers.askTicks);
  }

  get lastText() {
    return this.priceText(this.numbers.lastTicks);
  }

  /** With at least the decimals of the tick. */
  get markText() {
    const { markPrice } = this.numbers;
    return markPrice > 0 ? decimalText(markPrice, this.instrument.price.decimals) : "";
  }

  /** It lies between ticks: shown with one more decimal than the grid has. */
  get micropriceText() {
    const { micropriceTicks } = this.numbers;
    if (!(micropriceTicks > 0)) return "";
    const { decimals, unitMantissa } = this.instrument.price;
    return ((micropriceTicks * unitMantissa) / 10 ** decimals).toFixed(decimals + 1);
  }

  get change24hPct() {
    return this.numbers.change24hPct;
  }

  get turnover24hUsdt() {
    return this.numbers.turnover24hUsdt;
  }

  get spreadBps() {
    return this.numbers.spreadBps;
  }

  get imbalance() {
    return this.numbers.imbalance;
  }

  get volatilityBps() {
    return this.numbers.volatilityBps;
  }

  /** Empty where there is no funding. */
  get fundingRateText() {
    const { fundingRate, nextFundingAtMs } = this.numbers;
    return fundingRate === 0 && nextFundingAtMs === 0 ? "" : decimalText(fundingRate, 0);
  }

  get nextFundingAtMs() {
    return this.numbers.nextFundingAtMs;
  }

  get updatedAtMs() {
    return this.numbers.updatedAtMs;
  }

  get bookAudit() {
    return this.numbers.bookAudit;
  }

  private priceText(ticks: PriceTicks): string {
    return ticks > 0 ? toText(this.instrument.price, ticks) : "";
  }
}
