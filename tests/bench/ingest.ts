/**
 * What one market message costs: a bare JSON.parse, bybit-api's socket client, and our decoder with
 * full state (book, ticker), alone and with every feature and its bars, on the same frames in one
 * process.
 *
 * The feed is 611 symbols with 50-level books, tickers and trades in the shapes that the venue
 * sends, made from a seed. Every reader gets the frames in the same order, warms up first, and the
 * best of five rounds counts. bybit-api keeps no state: its figure is parsing and emitting to one
 * listener.
 */
import { WebsocketClient } from "bybit-api";
import type { SymbolId } from "../../src/domain/units.ts";
import { FeatureTable } from "../../src/features/feature-table.ts";
import { FEATURE_NAMES } from "../../src/features/registry.ts";
import { type Prng, prngOf } from "../../src/kernel/prng.ts";
import { Bars } from "../../src/market/bar-builder.ts";
import { MarketState } from "../../src/market/market-state.ts";
import { PublicDecoder } from "../../src/venue/bybit/codec/decode-public.ts";
import { SymbolTable } from "../../src/venue/bybit/codec/symbol-table.ts";
import { BookHistory } from "../support/book-history.ts";
import { instrumentOf } from "../support/instruments.ts";

const SYMBOLS = 611;
const MESSAGES = 60_000;
const ROUNDS = 5;
/** Shares of the message kinds, as seen on a mixed subscription. */
const BOOK_SHARE = 0.6;
const TICKER_SHARE = 0.27;

const prng = prngOf("ingest");
const instruments = Array.from({ length: SYMBOLS }, (_, id) =>
  instrumentOf({ symbol: `COIN${id}USDT`, id: id as SymbolId, tick: "0.10", step: "0.001" }),
);
const histories = instruments.map(({ symbol }) => new BookHistory(symbol, 50, prng.child(symbol)));
const opening = [
  ...histories.map((history) => history.snapshot()),
  ...instruments.map(({ symbol }) => tickerText(symbol, true, prng)),
];
const kinds = { book: 0, ticker: 0, trade: 0 };
const frames = Array.from({ length: MESSAGES }, (): string => {
  const draw = prng.next();
  // Activity is uneven over symbols, as in life.
  const index = Math.min(SYMBOLS - 1, Math.floor(prng.exponential() * 90));
  const symbol = instruments[index]?.symbol ?? "";
  if (draw < BOOK_SHARE) {
    kinds.book++;
    return histories[index]?.delta() ?? "";
  }
  if (draw < BOOK_SHARE + TICKER_SHARE) {
    kinds.ticker++;
    return tickerText(symbol, false, prng);
  }
  kinds.trade++;
  return tradeText(symbol, prng);
});

const table = new SymbolTable();
table.load(instruments);
const decoder = new PublicDecoder(table);
const market = new MarketState();
market.load(instruments);
let faults = 0;

function ours(text: string): void {
  const decoded = decoder.decode(text);
  if (decoded.kind === "frame" && market.absorb(decoded.event, 1_700_000_000_000) !== null)
    faults++;
}

const features = new FeatureTable(FEATURE_NAMES);
features.load(instruments);
const bars = new Bars(features.barWants(), (id, span, bar) => features.onBar(id, span, bar));
bars.load(instruments.map(({ id }) => id));
let atMs = 1_700_000_000_000;

/** The same at the pace of the venue, about 2,000 messages a second, as the engine feeds it. */
function withFeatures(text: string): void {
  const decoded = decoder.decode(text);
  if (decoded.kind !== "frame") return;
  const { event } = decoded;
  atMs += 0.5;
  market.absorb(event, atMs);
  if (event.kind === "book") features.onBook(event.symbolId, market.book(event.symbolId), atMs);
  if (event.kind === "ticker") {
    features.onTicker(event.symbolId, market.ticker(event.symbolId), atMs);
  }
  if (event.kind !== "trades") return;
  bars.onTrades(event);
  features.onTrades(event.symbolId, event.trades, atMs);
}

let emitted = 0;
const silence = () => {};
const client = new WebsocketClient({}, {
  trace: silence,
  info: silence,
  error: silence,
} as ConstructorParameters<typeof WebsocketClient>[1]);
client.on("update", () => {
  emitted++;
});
const socket = { send: silence } as never;
const onWsMessage = (
  client as unknown as { onWsMessage(event: object, key: string, socket: never): void }
).onWsMessage.bind(client);

let parsed = 0;
const rows = [
  measure("JSON.parse alone, no state", (text) => {
    if (JSON.parse(text) !== null) parsed++;
  }),
  measure("bybit-api client, no state", (text) => {
    onWsMessage({ data: text, type: "message", target: null }, "v5LinearPublic", socket);
  }),
  measure("decode alone", (text) => {
    decoder.decode(text);
  }),
  measure("with every feature and bars", withFeatures),
  measure("decode with full state", ours),
];

const bytes = frames.reduce((sum, frame) => sum + frame.length, 0) / frames.length;
console.log(
  `${SYMBOLS} symbols, ${MESSAGES} messages (${kinds.book} books, ${kinds.ticker} tickers, ` +
    `${kinds.trade} trades), ${bytes.toFixed(0)} bytes on average`,
);
const full = rows.at(-1)?.microseconds ?? 1;
for (const { name, microseconds } of rows) {
  const ratio = (microseconds / full).toFixed(2);
  console.log(
    `  ${name.padEnd(28)} ${microseconds.toFixed(2).padStart(6)} µs a message  ${ratio.padStart(6)} ×`,
  );
}
const live = instruments.filter(({ id }) => market.book(id).state === "live").length;
console.log(
  `checked: ${live} live books, ${faults} faults, ${decoder.slowCount} slow decodes, ` +
    `${emitted} events from bybit-api, ${parsed} parsed`,
);
process.exit(0);

function measure(name: string, read: (text: string) => void) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    for (const text of opening) read(text);
    const startedAt = performance.now();
    for (const text of frames) read(text);
    best = Math.min(best, performance.now() - startedAt);
  }
  return { name, microseconds: (best * 1_000) / frames.length };
}

function tickerText(symbol: string, isSnapshot: boolean, random: Prng): string {
  const price = `${5_000 + random.int(9_999)}.${random.int(10)}0`;
  const size = `${random.int(90)}.${100 + random.int(900)}`;
  const touch = `"bid1Price":"${price}","bid1Size":"${size}","ask1Price":"${price}","ask1Size":"${size}"`;
  const rest =
    `"tickDirection":"PlusTick","price24hPcnt":"0.001624","lastPrice":"${price}",` +
    `"prevPrice24h":"65008.70","highPrice24h":"65282.30","lowPrice24h":"64694.40",` +
    `"prevPrice1h":"65083.80","markPrice":"${price}","indexPrice":"65137.76",` +
    `"openInterest":"59891.732","openInterestValue":"3899996265.01",` +
    `"turnover24h":"1142118412.9021","volume24h":"17573.9120","fundingIntervalHour":"8",` +
    `"fundingCap":"0.005","nextFundingTime":"1786320000000","fundingRate":"0.0001",`;
  const some = `"markPrice":"${price}","openInterestValue":"389999${random.int(9_999)}.01",`;
  const fields = isSnapshot ? rest : random.int(2) === 0 ? some : "";
  const type = isSnapshot ? "snapshot" : "delta";
  return `{"topic":"tickers.${symbol}","type":"${type}","data":{"symbol":"${symbol}",${fields}${touch}},"cs":753843900397,"ts":1786310817583}`;
}

function tradeText(symbol: string, random: Prng): string {
  const count = 1 + Math.floor(random.exponential());
  const trades = Array.from({ length: count }, () => {
    const price = `${5_000 + random.int(9_999)}.${random.int(10)}0`;
    const id = `20f43950-d8dd-5b31-9112-${100_000_000_000 + random.int(1e9)}`;
    return `{"T":1672304486865,"s":"${symbol}","S":"Buy","v":"0.00${1 + random.int(9)}","p":"${price}","L":"PlusTick","i":"${id}","BT":false,"RPI":false,"seq":1783284617}`;
  });
  return `{"topic":"publicTrade.${symbol}","type":"snapshot","ts":1672304486868,"data":[${trades.join(",")}]}`;
}
