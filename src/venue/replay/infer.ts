/**
 * Price and quantity grids from a recording that comes without its instrument list.
 *
 * A first pass over the books and trades finds, for each symbol, the most decimals that the venue
 * wrote. When every text has exactly that many, the market keeps its decimals ("fixed", linear
 * contracts); otherwise it drops trailing zeros ("trimmed", spot). Books and trades are looked at
 * apart for that, since only their own texts are printed again. Tickers and bars take no part:
 * they may carry averages and index prices.
 */
import { type Instrument, OWN_UNITS } from "../../domain/instrument.ts";
import { asSymbolId, wholeSteps } from "../../domain/units.ts";
import { type Grid, gridOf, toText } from "../../kernel/decimal.ts";
import { VENUE_NAME } from "../bybit/codec/encode.ts";
import { listOf, parseJson, recordOf, textOf } from "../bybit/codec/fields.ts";
import { parseTopic } from "../bybit/codec/topics.ts";

/** Beyond it a recording is not one venue's market; further symbols are counted as unknown. */
const SYMBOLS_MAX = 10_000;
/** 10^-15 is finer than any grid of the venue and still exact in 2^53 for small prices. */
const DECIMALS_MAX = 15;
const PLAIN_DECIMAL = /^\d+(?:\.(\d*))?$/;

/** What one kind of text (price or size, of books or trades) looked like. */
class DecimalsSeen {
  max = 0;
  private min = DECIMALS_MAX;
  private count = 0;
  private hasTrailingZero = false;

  add(text: string): void {
    const decimals = PLAIN_DECIMAL.exec(text)?.[1]?.length ?? 0;
    if (decimals > DECIMALS_MAX || !PLAIN_DECIMAL.test(text)) return;
    this.count++;
    this.max = Math.max(this.max, decimals);
    this.min = Math.min(this.min, decimals);
    if (decimals > 0 && text.endsWith("0")) this.hasTrailingZero = true;
  }

  /** All texts have the same decimals: zeros were kept. */
  get isUniform(): boolean {
    return this.count > 0 && this.min === this.max;
  }

  /** Trailing zeros that come and go cannot be told from the number again. */
  get isAmbiguous(): boolean {
    return !this.isUniform && this.hasTrailingZero;
  }
}

interface SymbolSeen {
  readonly bookPrice: DecimalsSeen;
  readonly bookSize: DecimalsSeen;
  readonly tradePrice: DecimalsSeen;
  readonly tradeSize: DecimalsSeen;
}

/** Whole units to the text that the venue wrote. */
type Printer = (units: number) => string;

export interface Printers {
  readonly bookPrice: Printer;
  readonly bookSize: Printer;
  readonly tradePrice: Printer;
  readonly tradeSize: Printer;
}

export interface Inferred {
  readonly instruments: readonly Instrument[];
  readonly printers: readonly Printers[];
  /** Symbols whose texts mix both styles: their printed zeros may differ from the recording. */
  readonly ambiguous: readonly string[];
}

/** Collects from received frames; `finish` gives the instruments in order of first appearance. */
export class GridInference {
  private readonly seen = new Map<string, SymbolSeen>();

  add(frameText: string): void {
    const message = recordOf(parseJson(frameText));
    const topic = parseTopic(textOf(message, "topic"));
    if (topic.kind === "unknown") return;
    const symbol = this.symbolOf(topic.symbol);
    if (symbol === undefined) return;
    if (topic.kind === "book") {
      const { b, a } = recordOf(message.data);
      for (const level of [...listOf(b), ...listOf(a)]) {
        const [price, size] = listOf(level);
        symbol.bookPrice.add(String(price));
        if (size !== "0") symbol.bookSize.add(String(size));
      }
    } else if (topic.kind === "trades") {
      for (const item of listOf(message.data)) {
        symbol.tradePrice.add(textOf(recordOf(item), "p"));
        symbol.tradeSize.add(textOf(recordOf(item), "v"));
      }
    }
  }

  finish(): Inferred {
    const instruments: Instrument[] = [];
    const printers: Printers[] = [];
    const ambiguous: string[] = [];
    for (const [symbol, seen] of this.seen) {
      const { bookPrice, bookSize, tradePrice, tradeSize } = seen;
      const price = gridWith(Math.max(bookPrice.max, tradePrice.max), bookPrice);
      const qty = gridWith(Math.max(bookSize.max, tradeSize.max), bookSize);
      instruments.push(instrumentOf(symbol, instruments.length, { price, qty }));
      printers.push({
        bookPrice: printerOf(price, bookPrice),
        bookSize: printerOf(qty, bookSize),
        tradePrice: printerOf(price, tradePrice),
        tradeSize: printerOf(qty, tradeSize),
      });
      if (Object.values(seen).some((texts: DecimalsSeen) => texts.isAmbiguous))
        ambiguous.push(symbol);
    }
    return { instruments, printers, ambiguous };
  }

  private symbolOf(symbol: string): SymbolSeen | undefined {
    let seen = this.seen.get(symbol);
    if (seen !== undefined || this.seen.size >= SYMBOLS_MAX) return seen;
    seen = {
      bookPrice: new DecimalsSeen(),
      bookSize: new DecimalsSeen(),
      tradePrice: new DecimalsSeen(),
      tradeSize: new DecimalsSeen(),
    };
    this.seen.set(symbol, seen);
    return seen;
  }
}

/** The printers of an instrument that came with the recording. */
export function printersOf({ price, qty }: Instrument): Printers {
  const printPrice: Printer = (units) => toText(price, units);
  const printQty: Printer = (units) => toText(qty, units);
  return {
    bookPrice: printPrice,
    bookSize: printQty,
    tradePrice: printPrice,
    tradeSize: printQty,
  };
}

function gridWith(decimals: number, texts: DecimalsSeen): Grid {
  const unitText = decimals === 0 ? "1" : `0.${"1".padStart(decimals, "0")}`;
  const keepsZeros = texts.isUniform && texts.max === decimals;
  return gridOf(unitText, keepsZeros ? "fixed" : "trimmed");
}

/** Uniform texts are written with their own decimals, even where the grid is finer. */
function printerOf(grid: Grid, texts: DecimalsSeen): Printer {
  if (!texts.isUniform) return (units) => toText({ ...grid, style: "trimmed" }, units);
  const own = gridWith(texts.max, texts);
  const scale = 10 ** (grid.decimals - texts.max);
  return (units) => toText(own, units / scale);
}

function instrumentOf(
  symbol: string,
  id: number,
  grids: { readonly price: Grid; readonly qty: Grid },
): Instrument {
  return {
    id: asSymbolId(id),
    venue: VENUE_NAME,
    symbol,
    baseCoin: symbol.replace(/USDT$/, ""),
    quoteCoin: "USDT",
    status: "trading",
    launchAtMs: 0,
    ...grids,
    ...OWN_UNITS,
    qtyStepsMin: wholeSteps(1),
    limitQtyStepsMax: wholeSteps(Number.MAX_SAFE_INTEGER),
    marketQtyStepsMax: wholeSteps(Number.MAX_SAFE_INTEGER),
    notionalMin: 0n,
    leverageMax: 1,
    fundingIntervalMin: 480,
  };
}
