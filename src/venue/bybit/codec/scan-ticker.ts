/**
 * A ticker's data straight from its text (see decode-fast.ts for what that may and may not do).
 *
 * The names of members are looked up by a hash over their letters, so that no text is made of
 * them. Values that the engine reads become numbers; where the others lie is noted, and texts are
 * cut out only when somebody asks.
 */
import type { TextRow, TickerFrame, VenueTexts } from "../../../domain/event.ts";
import type { Instrument } from "../../../domain/instrument.ts";
import { asSteps, asTicks } from "../../../domain/units.ts";
import { CLOSE, COMMA, OPEN, QUOTE, type TextCursor } from "./text-cursor.ts";

/** The venue sends about 30 members; a message with more is not for this reader. */
const FIELDS_MAX = 64;
/** Names that are remembered: beyond it somebody makes names up, and the JSON reader has them. */
const NAMES_MAX = 256;
/** Slots of the table of names, a power of two: four times the names, so that few collide. */
const SLOTS = 1_024;
/** Odd: spreads short names over the slots. */
const HASH_FACTOR = 31;

/** What a member becomes; those that are not here are texts only. Numbers, as they are switched. */
const TEXT = 0;
const SYMBOL = 1;
const BID = 2;
const BID_SIZE = 3;
const ASK = 4;
const ASK_SIZE = 5;
const LAST = 6;
const MARK = 7;
const TURNOVER = 8;
const CHANGE = 9;
const FUNDING = 10;
const NEXT_FUNDING = 11;
const INDEX = 12;
const ROLES: ReadonlyMap<string, number> = new Map([
  ["symbol", SYMBOL],
  ["bid1Price", BID],
  ["bid1Size", BID_SIZE],
  ["ask1Price", ASK],
  ["ask1Size", ASK_SIZE],
  ["lastPrice", LAST],
  ["markPrice", MARK],
  ["indexPrice", INDEX],
  ["turnover24h", TURNOVER],
  ["price24hPcnt", CHANGE],
  ["fundingRate", FUNDING],
  ["nextFundingTime", NEXT_FUNDING],
]);

interface Field {
  readonly name: string;
  readonly role: number;
  /** What came behind it last time: most likely it comes again. */
  next: Field | null;
  /** The scan that saw it last: a member twice is not for this reader. */
  seenAt: number;
}

/** Where the members of the last scanned message lie. */
class ScannedTexts implements VenueTexts {
  text = "";
  count = 0;
  readonly names: string[] = Array.from({ length: FIELDS_MAX }, () => "");
  readonly starts = new Int32Array(FIELDS_MAX);
  readonly ends = new Int32Array(FIELDS_MAX);

  copyInto(row: TextRow): void {
    const { text, names, starts, ends } = this;
    for (let index = 0; index < this.count; index++) {
      row.put(names[index] ?? "", text, starts[index] ?? 0, ends[index] ?? 0);
    }
  }

  note(name: string, start: number, end: number): void {
    this.names[this.count] = name;
    this.starts[this.count] = start;
    this.ends[this.count++] = end;
  }
}

export class TickerScanner {
  private readonly cursor: TextCursor;
  private readonly texts = new ScannedTexts();
  private readonly fields: (Field | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  /** Before the first member. */
  private readonly start: Field = { name: "", role: TEXT, next: null, seenAt: 0 };
  private nameCount = 0;
  private scans = 0;

  constructor(cursor: TextCursor) {
    this.cursor = cursor;
  }

  /** Fills `ticker` from the data at the cursor; false, and lost, when it declines. */
  data(ticker: TickerFrame, instrument: Instrument): boolean {
    const { cursor, texts } = this;
    this.scans++;
    texts.text = cursor.text;
    texts.count = 0;
    ticker.texts = texts;
    unsay(ticker);
    if (cursor.code() !== OPEN) return cursor.fail();
    let isNamed = false;
    let before = this.start;
    do {
      cursor.at++;
      const field = this.field(before);
      if (field === null || texts.count >= FIELDS_MAX) return cursor.fail();
      const start = cursor.at + 1;
      this.value(field.role, ticker, instrument);
      if (cursor.isLost) return false;
      if (field.role === SYMBOL) isNamed = true;
      before = field;
      texts.note(field.name, start, cursor.at - 1);
    } while (cursor.code() === COMMA);
    if (cursor.code() !== CLOSE || !isNamed) return cursor.fail();
    cursor.at++;
    return true;
  }

  /** An empty price or size is "cleared": rare enough for the JSON reader. */
  private value(role: number, ticker: TickerFrame, { symbol, price, qty }: Instrument): void {
    const { cursor } = this;
    switch (role) {
      case TEXT:
        cursor.skipText();
        break;
      case SYMBOL:
        cursor.expectText(symbol);
        break;
      case BID:
        ticker.bidTicks = asTicks(cursor.units(price));
        break;
      case BID_SIZE:
        ticker.bidSteps = asSteps(cursor.units(qty));
        break;
      case ASK:
        ticker.askTicks = asTicks(cursor.units(price));
        break;
      case ASK_SIZE:
        ticker.askSteps = asSteps(cursor.units(qty));
        break;
      case LAST:
        ticker.lastTicks = asTicks(cursor.units(price));
        break;
      default:
        this.float(role, ticker);
    }
  }

  private float(role: number, ticker: TickerFrame): void {
    const value = this.cursor.float();
    if (role === MARK) ticker.markPrice = value;
    else if (role === INDEX) ticker.indexPrice = value;
    else if (role === TURNOVER) ticker.turnover24hUsdt = value;
    else if (role === CHANGE) ticker.change24h = value;
    else if (role === FUNDING) ticker.fundingRate = value;
    else ticker.nextFundingAtMs = value;
  }

  /** Steps over `"name":`; null when it is no plain name, or stands here a second time. */
  private field(before: Field): Field | null {
    const { cursor } = this;
    const { next } = before;
    const isNext = next !== null && cursor.takeName(next.name);
    const field = isNext ? next : this.found(before);
    if (field === null || field.seenAt === this.scans) return null;
    field.seenAt = this.scans;
    return field;
  }

  private found(before: Field): Field | null {
    const { cursor } = this;
    const { text } = cursor;
    const start = cursor.at + 1;
    if (cursor.code() !== QUOTE) return null;
    let hash = 0;
    let end = start;
    for (let code = text.charCodeAt(end); code !== QUOTE; code = text.charCodeAt(++end)) {
      if (!isNameCode(code)) return null;
      hash = (hash * HASH_FACTOR + code) | 0;
    }
    const field = this.lookUp(hash, start, end);
    if (field === null || !cursor.takeColon(end + 1)) return null;
    before.next = field;
    return field;
  }

  /** The field of the name at `start` … `end`, remembered from now on; null when there are many. */
  private lookUp(hash: number, start: number, end: number): Field | null {
    const { cursor, fields } = this;
    let slot = hash & (SLOTS - 1);
    for (let field = fields[slot]; field !== undefined; field = fields[slot]) {
      if (field.name.length === end - start && cursor.standsAt(start, field.name)) return field;
      slot = (slot + 1) & (SLOTS - 1);
    }
    if (this.nameCount >= NAMES_MAX) return null;
    this.nameCount++;
    // A slice keeps the whole message alive that it was cut from: what is remembered is copied.
    const name = [...cursor.text.slice(start, end)].join("");
    const field: Field = { name, role: ROLES.get(name) ?? TEXT, next: null, seenAt: 0 };
    fields[slot] = field;
    return field;
  }
}

/** Letters and digits: all that the venue's names are made of. */
function isNameCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

/** Before a message is read every number is "unchanged". */
function unsay(ticker: TickerFrame): void {
  ticker.lastTicks = asTicks(Number.NaN);
  ticker.bidTicks = asTicks(Number.NaN);
  ticker.bidSteps = asSteps(Number.NaN);
  ticker.askTicks = asTicks(Number.NaN);
  ticker.askSteps = asSteps(Number.NaN);
  ticker.markPrice = Number.NaN;
  ticker.indexPrice = Number.NaN;
  ticker.turnover24hUsdt = Number.NaN;
  ticker.change24h = Number.NaN;
  ticker.fundingRate = Number.NaN;
  ticker.nextFundingAtMs = Number.NaN;
}
