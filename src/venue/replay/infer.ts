/**
 * Price and quantity grids from a recording that comes without its instrument list.
 *
 * A first pass over the books and trades finds, for each symbol, the most decimals that the venue
 * wrote. When every text has exactly that many, the market keeps its decimals ("fixed", linear
 * contracts); otherwise it drops trailing zeros ("trimmed", spot). Books and trades are looked at
 * apart for the style, since only their own texts are printed again. Tickers and bars take no part:
 * they may carry averages and index prices.
 */
import type { Instrument } from "../../domain/instrument.ts";
import type { QtySteps, SymbolId } from "../../domain/units.ts";
import { type DecimalStyle, type Grid, gridOf } from "../../kernel/decimal.ts";
import { listOf, parseJson, recordOf, textOf } from "../bybit/codec/json.ts";
import { parseTopic } from "../bybit/codec/topics.ts";

/** Beyond it a recording is not one venue's market; further symbols are counted as unknown. */
export const SYMBOLS_MAX = 10_000;
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

  /** The style of these texts on a grid of `decimals`. */
  styleOn(decimals: number): DecimalStyle {
    return this.count > 0 && this.min === decimals ? "fixed" : "trimmed";
  }

  /** Trailing zeros that come and go cannot be told from the number again. */
  isAmbiguousOn(decimals: number): boolean {
    return this.styleOn(decimals) === "trimmed" && this.hasTrailingZero;
  }
}

interface SymbolSeen {
  readonly bookPrice: DecimalsSeen;
  readonly bookSize: DecimalsSeen;
  readonly tradePrice: DecimalsSeen;
  readonly tradeSize: DecimalsSeen;
}

/** Grids in which the venue's texts can be written again. */
export interface PrintGrids {
  readonly bookPrice: Grid;
  readonly bookSize: Grid;
  readonly tradePrice: Grid;
  readonly tradeSize: Grid;
}

export interface Inferred {
  readonly instruments: readonly Instrument[];
  readonly grids: readonly PrintGrids[];
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
    const grids: PrintGrids[] = [];
    const ambiguous: string[] = [];
    for (const [symbol, seen] of this.seen) {
      const priceDecimals = Math.max(seen.bookPrice.max, seen.tradePrice.max);
      const sizeDecimals = Math.max(seen.bookSize.max, seen.tradeSize.max);
      const printed: PrintGrids = {
        bookPrice: gridWith(priceDecimals, seen.bookPrice),
        bookSize: gridWith(sizeDecimals, seen.bookSize),
        tradePrice: gridWith(priceDecimals, seen.tradePrice),
        tradeSize: gridWith(sizeDecimals, seen.tradeSize),
      };
      const mixed =
        [seen.bookPrice, seen.tradePrice].some((texts) => texts.isAmbiguousOn(priceDecimals)) ||
        [seen.bookSize, seen.tradeSize].some((texts) => texts.isAmbiguousOn(sizeDecimals));
      if (mixed) ambiguous.push(symbol);
      instruments.push(instrumentOf(symbol, instruments.length, printed));
      grids.push(printed);
    }
    return { instruments, grids, ambiguous };
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

/** The grids of instruments that came with the recording. */
export function gridsOf(instrument: Instrument): PrintGrids {
  const { price, qty } = instrument;
  return { bookPrice: price, bookSize: qty, tradePrice: price, tradeSize: qty };
}

function gridWith(decimals: number, texts: DecimalsSeen): Grid {
  const unitText = decimals === 0 ? "1" : `0.${"1".padStart(decimals, "0")}`;
  return gridOf(unitText, texts.styleOn(decimals));
}

function instrumentOf(symbol: string, id: number, grids: PrintGrids): Instrument {
  return {
    id: id as SymbolId,
    symbol,
    baseCoin: symbol.replace(/USDT$/, ""),
    quoteCoin: "USDT",
    status: "trading",
    launchAtMs: 0,
    price: grids.bookPrice,
    qty: grids.bookSize,
    qtyStepsMin: 1 as QtySteps,
    limitQtyStepsMax: Number.MAX_SAFE_INTEGER as QtySteps,
    marketQtyStepsMax: Number.MAX_SAFE_INTEGER as QtySteps,
    notionalMin: 0n,
    leverageMax: 1,
    fundingIntervalMin: 480,
  };
}
