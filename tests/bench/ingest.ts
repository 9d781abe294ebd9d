/**
 * What one market message costs: a bare JSON.parse, bybit-api's socket client, and our reader
 * alone, with full state (books, tickers, tape, the board of texts), and with the engine behind it.
 *
 * The feed is 611 symbols with 50-level books, tickers and trades in the shapes that the venue
 * sends, made from a seed. The readers take turns every few thousand frames, so that a busy machine
 * is busy for all of them. What counts is the CPU time of the thread, as the ratio within a round:
 * median and spread over the rounds after two of warm-up. bybit-api keeps no state: its figure is
 * parsing and emitting to one listener.
 *
 * `bun tests/bench/ingest.ts [--rounds N]`
 */
import { parseArgs } from "node:util";
import { WebsocketClient } from "bybit-api";
import type { SymbolId } from "../../src/domain/units.ts";
import { createEngine } from "../../src/engine/state.ts";
import { step } from "../../src/engine/step.ts";
import { FeatureTable } from "../../src/features/feature-table.ts";
import { FEATURE_NAMES } from "../../src/features/registry.ts";
import { type Prng, prngOf } from "../../src/kernel/prng.ts";
import { Bars } from "../../src/market/bar-builder.ts";
import { MarketState } from "../../src/market/market-state.ts";
import { TickerBoard } from "../../src/market/ticker-board.ts";
import { PublicReader } from "../../src/venue/bybit/codec/public-reader.ts";
import { SymbolTable } from "../../src/venue/bybit/codec/symbol-table.ts";
import { BookHistory } from "../support/book-history.ts";
import { instrumentOf } from "../support/instruments.ts";
import { OPTIONS } from "../unit/engine/tape.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "7" } } });

const SYMBOLS = 611;
const MESSAGES = 60_000;
const ROUNDS = Number(values.rounds);
const WARM_UP_ROUNDS = 2;
/** Frames of one kind that a reader takes in one go. */
const TURN = 2_000;
const KINDS = ["book", "ticker", "trade"] as const;
type Kind = (typeof KINDS)[number];
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
/** In their order; each kind apart, since one kind's order means nothing to another's. */
const frames: Record<Kind, string[]> = { book: [], ticker: [], trade: [] };
for (let message = 0; message < MESSAGES; message++) {
  const draw = prng.next();
  // Activity is uneven over symbols, as in life.
  const index = Math.min(SYMBOLS - 1, Math.floor(prng.exponential() * 90));
  const symbol = instruments[index]?.symbol ?? "";
  if (draw < BOOK_SHARE) frames.book.push(histories[index]?.delta() ?? "");
  else if (draw < BOOK_SHARE + TICKER_SHARE) frames.ticker.push(tickerText(symbol, false, prng));
  else frames.trade.push(tradeText(symbol, prng));
}

const table = new SymbolTable();
table.load(instruments);
const AT_MS = 1_700_000_000_000;
let faults = 0;

/** Our reader, and what its frames are given to. */
function ours(take: (event: FrameEvent) => void) {
  const reader = new PublicReader(table);
  return (text: string): void => {
    const read = reader.read(text);
    if (read.kind === "frame") take(read.event);
    else faults++;
  };
}
type FrameEvent = Extract<ReturnType<PublicReader["read"]>, { kind: "frame" }>["event"];

function freshState() {
  const market = new MarketState();
  const board = new TickerBoard();
  market.load(instruments);
  board.absorb({ kind: "instruments", instruments });
  return { market, board };
}

function withState() {
  const { market, board } = freshState();
  const read = ours((event) => {
    if (event.kind === "ticker") board.absorb(event);
    if (market.absorb(event, AT_MS) !== null) faults++;
  });
  return { market, read };
}

function withEngine() {
  const engine = createEngine(OPTIONS);
  const board = new TickerBoard();
  const stamp = { seq: 0, atMs: AT_MS };
  const take = (event: Parameters<typeof step>[1]) => {
    if (event.kind === "ticker" || event.kind === "instruments") board.absorb(event);
    stamp.seq++;
    step(engine, event, stamp);
  };
  take({ kind: "instruments", instruments });
  return ours(take);
}

/** Every feature and its bars, at the pace of the venue: about 2,000 messages a second. */
function withFeatures() {
  const { market, board } = freshState();
  const features = new FeatureTable(FEATURE_NAMES);
  features.load(instruments);
  const bars = new Bars(features.barWants(), (id, span, bar) => features.onBar(id, span, bar));
  bars.load(instruments.map(({ id }) => id));
  let atMs = AT_MS;
  return ours((event) => {
    atMs += 0.5;
    if (event.kind === "ticker") board.absorb(event);
    market.absorb(event, atMs);
    const id = event.symbolId;
    if (event.kind === "book") features.onBook(id, market.book(id), atMs);
    else if (event.kind === "ticker") features.onTicker(id, market.ticker(id), atMs);
    else {
      bars.onTrades(event);
      features.onTrades(id, event.trades, atMs);
    }
  });
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
const state = withState();
const readers: readonly { readonly name: string; readonly read: (text: string) => void }[] = [
  {
    name: "JSON.parse alone, no state",
    read(text) {
      if (JSON.parse(text) !== null) parsed++;
    },
  },
  {
    name: "bybit-api client, no state",
    read(text) {
      onWsMessage({ data: text, type: "message", target: null }, "v5LinearPublic", socket);
    },
  },
  { name: "our reader alone", read: ours(() => {}) },
  { name: "our reader with full state", read: state.read },
  { name: "with every feature and bars", read: withFeatures() },
  { name: "our reader and the engine", read: withEngine() },
];

const rounds: Record<Kind, number[]>[] = [];
for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
  const taken = playRound(round);
  if (round >= WARM_UP_ROUNDS) rounds.push(taken);
}
print();
process.exit(0);

/** Every reader reads everything; answers the milliseconds by kind and reader. */
function playRound(round: number): Record<Kind, number[]> {
  for (const { read } of readers) for (const text of opening) read(text);
  const taken = {
    book: readers.map(() => 0),
    ticker: readers.map(() => 0),
    trade: readers.map(() => 0),
  };
  for (const kind of KINDS) {
    for (let from = 0; from < frames[kind].length; from += TURN) {
      const turn = frames[kind].slice(from, from + TURN);
      for (let place = 0; place < readers.length; place++) {
        // Nobody is always first.
        const at = (place + round + from / TURN) % readers.length;
        const read = readers[at]?.read ?? (() => {});
        const startedMs = threadMs();
        for (const text of turn) read(text);
        taken[kind][at] = (taken[kind][at] ?? 0) + threadMs() - startedMs;
      }
    }
  }
  return taken;
}

/** CPU time of this thread: what others run meanwhile does not count, save for the caches. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function print(): void {
  const all = KINDS.flatMap((kind) => frames[kind]);
  const bytes = all.reduce((sum, frame) => sum + frame.length, 0) / all.length;
  console.log(
    `${SYMBOLS} symbols, ${MESSAGES} messages (${frames.book.length} books, ` +
      `${frames.ticker.length} tickers, ${frames.trade.length} trades), ${bytes.toFixed(0)} bytes ` +
      `on average, ${ROUNDS} rounds: µs a message, ratio to JSON.parse of the same round`,
  );
  for (const [at, { name }] of readers.entries()) {
    const cells = [["all", KINDS] as const, ...KINDS.map((kind) => [kind, [kind]] as const)].map(
      ([label, kinds]) => `${label} ${cellOf(at, kinds)}`,
    );
    console.log(`  ${name.padEnd(27)} ${cells.join("  ")}`);
  }
  const live = instruments.filter(({ id }) => state.market.book(id).state === "live").length;
  console.log(`checked: ${live} live books, ${faults} faults, ${emitted} events, ${parsed} parsed`);
}

/** "1.23 µs 0.62 × (0.58–0.66)": medians, with the least and the greatest ratio. */
function cellOf(at: number, kinds: readonly Kind[]): string {
  const count = kinds.reduce((sum, kind) => sum + frames[kind].length, 0);
  const msOf = (taken: Record<Kind, number[]>, reader: number) =>
    kinds.reduce((sum, kind) => sum + (taken[kind][reader] ?? 0), 0);
  const micros = rounds.map((taken) => (msOf(taken, at) * 1_000) / count).sort((a, b) => a - b);
  const ratios = rounds.map((taken) => msOf(taken, at) / msOf(taken, 0)).sort((a, b) => a - b);
  const middle = (list: readonly number[]) => list[Math.floor(list.length / 2)] ?? Number.NaN;
  const spread = `${ratios[0]?.toFixed(2)}–${ratios.at(-1)?.toFixed(2)}`;
  return `${middle(micros).toFixed(2)} µs ${middle(ratios).toFixed(2)} × (${spread})`;
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
