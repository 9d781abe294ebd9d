/**
 * Frames of the public socket to market events (Bybit v5, websocket/public).
 *
 * Two readers of the same text: `FastScanner` takes the books, trades and tickers that the venue
 * sends today and leaves everything else to the `JSON.parse` reader below, which decides what it
 * means.
 * Tests hold the two equal. Frames are lent, not given: they are valid until the next `decode`.
 */
import type { BarFrame, PublicTrade, TickerFrame, TradesFrame } from "../../../domain/event.ts";
import type { Instrument } from "../../../domain/instrument.ts";
import { asExecId, type SymbolId } from "../../../domain/units.ts";
import { toUnits } from "../../../kernel/decimal.ts";
import { isRecord, type JsonRecord } from "../../../kernel/json.ts";
import { type Control, controlOf } from "./control-frames.ts";
import { FastScanner } from "./decode-fast.ts";
import { listOf, numberOf, numberOr, parseJson, recordOf, textOf } from "./fields.ts";
import { fillTicker } from "./fill-ticker.ts";
import {
  barOf,
  FRAME_LEVELS_MAX,
  type FrameSet,
  frameSet,
  type NumberedBook,
  tradeOf,
} from "./frames.ts";
import { type KnownTopic, Routes } from "./routes.ts";
import type { SymbolTable } from "./symbol-table.ts";

type UnknownReason =
  | "not_json"
  | "no_topic"
  | "unknown_topic"
  | "unknown_symbol"
  | "symbol_mismatch"
  | "bad_shape";

/** Frames as they came: whether a book follows is not judged yet. */
type DecodedFrame = NumberedBook | TradesFrame | TickerFrame;

export type PublicDecoded =
  | { readonly kind: "frame"; readonly event: DecodedFrame }
  | { readonly kind: "frames"; readonly events: readonly BarFrame[] }
  /** The message is ours and unusable: off the grid, or a field is missing. */
  | {
      readonly kind: "fault";
      readonly topic: KnownTopic["kind"];
      readonly symbolId: SymbolId;
      readonly fault: string;
    }
  | { readonly kind: "control"; readonly control: Control }
  | { readonly kind: "unknown"; readonly reason: UnknownReason };

interface MutableFrame {
  kind: "frame";
  event: DecodedFrame;
}

export class PublicDecoder {
  private readonly routes: Routes;
  private readonly frames: FrameSet = frameSet();
  private readonly fast: FastScanner;
  private readonly single: MutableFrame = { kind: "frame", event: this.frames.book };
  /**
   * Hot messages that needed the JSON reader: rising, it says that the venue changed its shape.
   */
  slowCount = 0;

  constructor(table: SymbolTable) {
    this.routes = new Routes(table);
    this.fast = new FastScanner(this.routes, this.frames);
  }

  /** Total: any text gives a value. The result and its frames are valid until the next call. */
  decode(text: string): PublicDecoded {
    const event = this.fast.scan(text);
    if (event !== null) return this.lend(event);
    const decoded = this.decodeJson(text);
    if (decoded.kind === "frame") this.slowCount++;
    return decoded;
  }

  /** The reference reader, for every legal spelling of the same message. */
  decodeJson(text: string): PublicDecoded {
    const message = parseJson(text);
    if (!isRecord(message)) return unknown("not_json");
    const topicText = textOf(message, "topic");
    if (topicText === "") {
      const control = controlOf(message);
      return control === null ? unknown("no_topic") : { kind: "control", control };
    }
    const topic = this.routes.topicOf(topicText);
    if (topic.kind === "unknown") return unknown("unknown_topic");
    const instrument = this.routes.instrumentOf(topic);
    if (instrument === undefined) return unknown("unknown_symbol");
    switch (topic.kind) {
      case "book":
        return this.bookOf(message, topic, instrument);
      case "trades":
        return this.tradesOf(message, instrument);
      case "ticker":
        return this.tickerOf(message, instrument);
      default:
        return barsOf(message, topic, instrument);
    }
  }

  private bookOf(
    message: JsonRecord,
    topic: KnownTopic & { kind: "book" },
    instrument: Instrument,
  ): PublicDecoded {
    const data = recordOf(message.data);
    if (textOf(data, "s") !== instrument.symbol) return unknown("symbol_mismatch");
    const { book } = this.frames;
    const updateId = numberOf(data, "u");
    const sequence = numberOf(data, "seq");
    const bidCount = fillLevels(book.bids, data.b, instrument);
    const askCount = fillLevels(book.asks, data.a, instrument);
    const problem =
      (typeof bidCount === "string" && bidCount) ||
      (typeof askCount === "string" && askCount) ||
      (!Number.isSafeInteger(updateId) && `u is ${JSON.stringify(data.u) ?? "missing"}`) ||
      (!Number.isSafeInteger(sequence) && `seq is ${JSON.stringify(data.seq) ?? "missing"}`) ||
      (message.type !== "snapshot" && message.type !== "delta" && "type is neither of the two");
    if (problem !== false || typeof bidCount === "string" || typeof askCount === "string") {
      return fault(topic.kind, instrument, String(problem));
    }
    book.symbolId = instrument.id;
    book.depth = topic.depth;
    book.isSnapshot = message.type === "snapshot";
    book.updateId = updateId;
    book.sequence = sequence;
    book.venueAtMs = numberOr(message, "cts", numberOr(message, "ts", 0));
    book.bidCount = bidCount;
    book.askCount = askCount;
    return this.lend(book);
  }

  private tradesOf(message: JsonRecord, instrument: Instrument): PublicDecoded {
    const trades: PublicTrade[] = [];
    if (!Array.isArray(message.data)) return fault("trades", instrument, "data is no list");
    for (const item of listOf(message.data)) {
      const trade = publicTradeOf(recordOf(item), instrument);
      if (typeof trade === "string") return fault("trades", instrument, trade);
      trades.push(trade);
    }
    this.frames.trades.symbolId = instrument.id;
    this.frames.trades.trades = trades;
    return this.lend(this.frames.trades);
  }

  private tickerOf(message: JsonRecord, instrument: Instrument): PublicDecoded {
    const data = recordOf(message.data);
    if (textOf(data, "symbol") !== instrument.symbol) return unknown("symbol_mismatch");
    const { ticker } = this.frames;
    ticker.symbolId = instrument.id;
    ticker.isSnapshot = message.type === "snapshot";
    ticker.venueAtMs = numberOr(message, "ts", 0);
    fillTicker(ticker, data, instrument);
    return this.lend(ticker);
  }

  private lend(event: DecodedFrame): PublicDecoded {
    this.single.event = event;
    return this.single;
  }
}

const unknown = (reason: UnknownReason): PublicDecoded => ({ kind: "unknown", reason });

function fault(topic: KnownTopic["kind"], instrument: Instrument, found: string): PublicDecoded {
  return {
    kind: "fault",
    topic,
    symbolId: instrument.id,
    fault: `${instrument.symbol} ${topic} message is unusable: ${found.slice(0, 200)}`,
  };
}

/** Returns the number of levels written, or what is wrong with them. */
function fillLevels(into: Float64Array, value: unknown, instrument: Instrument): number | string {
  if (!Array.isArray(value)) return "a side of the book is no list";
  if (value.length > FRAME_LEVELS_MAX) return `a side of the book has ${value.length} levels`;
  let at = 0;
  for (const level of listOf(value)) {
    const [priceText, qtyText] = listOf(level);
    if (typeof priceText !== "string" || typeof qtyText !== "string") {
      return `level ${JSON.stringify(level)} is not two texts`;
    }
    const ticks = toUnits(instrument.price, priceText);
    const steps = toUnits(instrument.qty, qtyText);
    if (!(ticks > 0)) return `price "${priceText}" is not on the tick ${instrument.price.unitText}`;
    if (!(steps >= 0)) return `size "${qtyText}" is not on the step ${instrument.qty.unitText}`;
    into[at++] = ticks;
    into[at++] = steps;
  }
  return at / 2;
}

function publicTradeOf(item: JsonRecord, instrument: Instrument): PublicTrade | string {
  if (textOf(item, "s") !== instrument.symbol) return `trade of "${textOf(item, "s")}"`;
  const ticks = toUnits(instrument.price, textOf(item, "p"));
  const steps = toUnits(instrument.qty, textOf(item, "v"));
  const venueAtMs = numberOf(item, "T");
  if (!(ticks > 0)) return `price "${textOf(item, "p")}" is not on the tick`;
  if (!(steps >= 0)) return `size "${textOf(item, "v")}" is not on the step`;
  if (!Number.isSafeInteger(venueAtMs)) return "trade without a time";
  if (item.S !== "Buy" && item.S !== "Sell") return `side ${JSON.stringify(item.S) ?? "missing"}`;
  const side = item.S === "Buy" ? "buy" : "sell";
  return tradeOf(asExecId(textOf(item, "i")), side, { ticks, steps, venueAtMs });
}

function barsOf(
  message: JsonRecord,
  topic: KnownTopic & { kind: "bar" },
  instrument: Instrument,
): PublicDecoded {
  const events: BarFrame[] = [];
  for (const item of listOf(message.data)) {
    const bar = recordOf(item);
    const numbers = {
      startAtMs: numberOf(bar, "start"),
      openTicks: toUnits(instrument.price, textOf(bar, "open")),
      highTicks: toUnits(instrument.price, textOf(bar, "high")),
      lowTicks: toUnits(instrument.price, textOf(bar, "low")),
      closeTicks: toUnits(instrument.price, textOf(bar, "close")),
      volumeSteps: toUnits(instrument.qty, textOf(bar, "volume")),
      turnoverUsdt: numberOf(bar, "turnover"),
    };
    const bad = Object.entries(numbers).find(([, value]) => !Number.isFinite(value));
    if (bad !== undefined) return fault("bar", instrument, `${bad[0]} is missing or off the grid`);
    events.push(
      barOf(instrument, topic.intervalMin, { ...numbers, isClosed: bar.confirm === true }),
    );
  }
  return events.length === 0 ? unknown("bad_shape") : { kind: "frames", events };
}
