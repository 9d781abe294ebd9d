/**
 * A cursor over one message's text: the small steps that the fast readers are made of.
 *
 * It knows only plain JSON as the venue writes it: texts without escapes, whole numbers, no blanks.
 * After anything else it is lost and stays lost, and its caller gives the message up. Characters
 * are compared one by one: a call of `startsWith` costs more than the ten comparisons it saves.
 */
import { type Grid, scaleToGrid } from "../../../kernel/decimal.ts";

export const QUOTE = 34;
export const COMMA = 44;
const DOT = 46;
const MINUS = 45;
const COLON = 58;
export const OPEN_LIST = 91;
const BACKSLASH = 92;
export const CLOSE_LIST = 93;
export const OPEN = 123;
export const CLOSE = 125;
/** Below this a character may not stand in a JSON text unescaped. */
const BLANK = 32;
const ZERO = 48;
const NINE = 57;
/** Fifteen digits are always exact in a double; longer numbers go to the JSON reader. */
const DIGITS_MAX = 15;
/** Where the cursor stands after something unexpected. */
const LOST = -1;
/** 10^0 … 10^15, each exact as a double. */
const POWERS = Array.from({ length: DIGITS_MAX + 1 }, (_, exponent) => 10 ** exponent);

export class TextCursor {
  text = "";
  at = 0;

  get isLost(): boolean {
    return this.at === LOST;
  }

  code(): number {
    return this.text.charCodeAt(this.at);
  }

  codeAhead(by: number): number {
    return this.text.charCodeAt(this.at + by);
  }

  lose(): void {
    this.at = LOST;
  }

  /** Loses the way and answers 0. */
  lost(): number {
    this.at = LOST;
    return 0;
  }

  fail(): false {
    this.at = LOST;
    return false;
  }

  /** Steps over `literal` when it stands here. */
  take(literal: string): boolean {
    if (!this.standsAt(this.at, literal)) return false;
    this.at += literal.length;
    return true;
  }

  /** Steps over `"name":` when it stands here. */
  takeName(name: string): boolean {
    const { at, text } = this;
    const end = at + name.length + 1;
    const isHere =
      text.charCodeAt(at) === QUOTE &&
      text.charCodeAt(end) === QUOTE &&
      text.charCodeAt(end + 1) === COLON &&
      this.standsAt(at + 1, name);
    if (isHere) this.at = end + 2;
    return isHere;
  }

  /** Steps over the text `"expected"`, or is lost. */
  expectText(expected: string): void {
    const { at, text } = this;
    const end = at + expected.length + 1;
    const isHere =
      text.charCodeAt(at) === QUOTE &&
      text.charCodeAt(end) === QUOTE &&
      this.standsAt(at + 1, expected);
    this.at = isHere ? end + 1 : LOST;
  }

  /** Steps over a text without escapes and answers where it began; its end is before the quote. */
  skipText(): number {
    const { text } = this;
    const start = this.at + 1;
    if (this.at === LOST || text.charCodeAt(this.at) !== QUOTE) return this.lost();
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.at = at + 1;
        return start;
      }
      if (code === BACKSLASH || code < BLANK) break;
    }
    return this.lost();
  }

  /** A text without escapes. */
  plainText(): string {
    const start = this.skipText();
    return this.at === LOST ? "" : this.text.slice(start, this.at - 1);
  }

  flag(): void {
    if (!this.take("false") && !this.take("true")) this.lose();
  }

  /** A whole number of at most {@link DIGITS_MAX} digits, not negative. */
  whole(): number {
    const { text } = this;
    const start = this.at;
    let at = start;
    let value = 0;
    for (let code = text.charCodeAt(at); code >= ZERO && code <= NINE; ) {
      value = value * 10 + (code - ZERO);
      code = text.charCodeAt(++at);
    }
    const digits = at - start;
    const hasLeadingZero = digits > 1 && text.charCodeAt(start) === ZERO;
    if (digits === 0 || digits > DIGITS_MAX || hasLeadingZero) return this.lost();
    this.at = at;
    return value;
  }

  /** A quoted decimal on the grid, as whole units; lost when it is anything else. */
  units(grid: Grid): number {
    const { text } = this;
    let at = this.at;
    if (text.charCodeAt(at) !== QUOTE) return this.lost();
    let mantissa = 0;
    let point = 0;
    for (;;) {
      const code = text.charCodeAt(++at);
      if (code >= ZERO && code <= NINE) mantissa = mantissa * 10 + (code - ZERO);
      else if (code === DOT && point === 0) point = at;
      else if (code === QUOTE) break;
      else return this.lost();
    }
    if (at === this.at + 1) return this.lost();
    const units = scaleToGrid(grid, mantissa, point === 0 ? 0 : at - point - 1);
    if (Number.isNaN(units)) return this.lost();
    this.at = at + 1;
    return units;
  }

  /**
   * A quoted decimal as the double nearest to it, 0 for an empty text. Lost when it has more digits
   * than are exact: with fewer, one division of two exact numbers rounds as `Number` does.
   */
  float(): number {
    const { text } = this;
    let at = this.at;
    if (text.charCodeAt(at) !== QUOTE) return this.lost();
    if (text.charCodeAt(at + 1) === QUOTE) {
      this.at = at + 2;
      return 0;
    }
    const isNegative = text.charCodeAt(at + 1) === MINUS;
    if (isNegative) at++;
    let mantissa = 0;
    let digits = 0;
    let point = 0;
    for (;;) {
      const code = text.charCodeAt(++at);
      if (code >= ZERO && code <= NINE) {
        mantissa = mantissa * 10 + (code - ZERO);
        digits++;
      } else if (code === DOT && point === 0) point = at;
      else if (code === QUOTE) break;
      else return this.lost();
    }
    if (digits === 0 || digits > DIGITS_MAX) return this.lost();
    this.at = at + 1;
    const value = point === 0 ? mantissa : mantissa / (POWERS[at - point - 1] ?? Number.NaN);
    return isNegative ? -value : value;
  }

  /** Steps behind the colon at `at`; false, and no step, when none is there. */
  takeColon(at: number): boolean {
    if (this.text.charCodeAt(at) !== COLON) return false;
    this.at = at + 1;
    return true;
  }

  /** Whether `literal` stands at `from`. */
  standsAt(from: number, literal: string): boolean {
    const { text } = this;
    for (let index = 0; index < literal.length; index++) {
      if (text.charCodeAt(from + index) !== literal.charCodeAt(index)) return false;
    }
    return true;
  }
}
