/**
 * Believes nothing: random valid book histories with planted faults go through decoder and market
 * state as frame text. After every delivered frame a live book must equal the truth of that very
 * frame, and a planted fault must have put its book into quarantine.
 *
 * `bun run soak [--frames N] [--seed TEXT]`; `--slice` is the short run of the ok command.
 */
import { parseArgs } from "node:util";
import type { SymbolId } from "../../src/domain/units.ts";
import { prngOf } from "../../src/kernel/prng.ts";
import { QUIET_PERIOD_MS } from "../../src/market/book.ts";
import { MarketState } from "../../src/market/market-state.ts";
import { PublicReader } from "../../src/venue/bybit/codec/public-reader.ts";
import { SymbolTable } from "../../src/venue/bybit/codec/symbol-table.ts";
import { BookHistory, type TruthLevel } from "../support/book-history.ts";
import { instrumentOf } from "../support/instruments.ts";

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    frames: { type: "string" },
    seed: { type: "string", default: "soak" },
    slice: { type: "boolean", default: false },
  },
});
const frameCount = Number(values.frames ?? (values.slice ? 200_000 : 10_000_000));
const seed = values.seed;

const SYMBOLS = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT", "DOGEUSDT"];
const DEPTHS = [50, 200, 50, 1_000, 50];
/** One frame in this many is broken. */
const FAULT_EVERY = 40;
const FRAME_MS = 20;

const prng = prngOf(seed);
const table = new SymbolTable();
const market = new MarketState();
const instruments = SYMBOLS.map((symbol, id) =>
  instrumentOf({ symbol, id: id as SymbolId, tick: "0.10", step: "0.001" }),
);
table.load(instruments);
market.load(instruments);
const reader = new PublicReader(table);
const histories = SYMBOLS.map(
  (symbol, index) => new BookHistory(symbol, DEPTHS[index] ?? 50, prng.child(symbol)),
);

/** How a frame is broken. Each must be noticed on the frame it delivers last. */
const FAULTS: Readonly<Record<string, (history: BookHistory) => readonly string[]>> = {
  gap: (history) => {
    history.delta();
    return [history.delta()];
  },
  "long gap": (history) => {
    for (let missed = 0; missed < 30; missed++) history.delta();
    return [history.delta()];
  },
  duplicate: (history) => {
    const frame = history.delta();
    return [frame, frame];
  },
  reorder: (history) => {
    const first = history.delta();
    return [history.delta(), first];
  },
  "falling seq": (history) => [history.delta().replace(/"seq":\d+/, '"seq":1')],
  crossed: (history) => {
    const best = history.truth("bids")[0]?.ticks ?? 0;
    history.updateId++;
    return [history.frame("delta", [], [{ ticks: best, steps: 5 }])];
  },
  "off the tick": (history) => [history.delta().replace(/\["(\d+)\.\d+"/, '["$1.055"')],
  "negative size": (history) => {
    history.updateId++;
    return [history.frame("delta", [{ ticks: 10, steps: -7_001 }], [])];
  },
  truncated: (history) => {
    const cut = history.delta();
    return [cut.slice(0, cut.length - 1 - prng.int(cut.length - 2)), history.delta()];
  },
  "too many levels": (history) => {
    history.updateId++;
    const flood = Array.from({ length: history.depth }, (_, level) => ({
      ticks: 40_000 - level,
      steps: 1,
    }));
    return [history.frame("delta", flood, [])];
  },
  "missing u": (history) => [history.delta().replace(/"u":\d+,/, "")],
  "snapshot upside down": (history) => [
    history.frame("snapshot", [...history.truth("bids")].reverse(), history.truth("asks")),
  ],
};
const faultNames = Object.keys(FAULTS);
const planted: Record<string, number> = Object.fromEntries(faultNames.map((name) => [name, 0]));

let atMs = 1_700_000_000_000;
let delivered = 0;
let compared = 0;
let restarts = 0;
const startedAt = performance.now();

for (const history of histories) deliver(history, history.snapshot());
while (delivered < frameCount) {
  const history = pick(histories);
  const draw = prng.int(FAULT_EVERY);
  if (draw === 0) plant(history);
  else if (draw === 1 && prng.int(20) === 0) {
    restarts++;
    deliver(history, history.restart());
    expectLive(history, "a restart is no fault");
  } else if (draw === 2 && prng.int(5) === 0) {
    deliver(history, history.snapshot());
    expectLive(history, "a repeated snapshot is no fault");
  } else deliver(history, history.delta());
}

const seconds = (performance.now() - startedAt) / 1_000;
console.log(`${delivered} frames, ${compared} comparisons, ${restarts} restarts, seed "${seed}"`);
for (const [name, count] of Object.entries(planted)) console.log(`  ${name.padEnd(22)} ${count}`);
console.log(`no fault unnoticed, no silent divergence, ${seconds.toFixed(1)} s`);

/** Breaks one frame, looks that it was noticed, then recovers the book as the adapter would. */
function plant(history: BookHistory): void {
  const name = pick(faultNames);
  for (const text of FAULTS[name]?.(history) ?? []) deliver(history, text, true);
  const book = bookOf(history);
  planted[name] = (planted[name] ?? 0) + 1;
  if (book.state === "live") fail(history, `"${name}" was not noticed`);
  deliver(history, history.delta(), true);
  if (bookOf(history).state === "live") fail(history, "a delta ended a quarantine");
  deliver(history, history.snapshot());
  if (bookOf(history).state === "live") fail(history, "there was no quiet period");
  for (let waitedMs = 0; waitedMs <= QUIET_PERIOD_MS; waitedMs += FRAME_MS) {
    deliver(history, history.delta());
  }
  expectLive(history, "a clean snapshot and a quiet period end a quarantine");
}

function deliver(history: BookHistory, text: string, isBroken = false): void {
  atMs += FRAME_MS;
  delivered++;
  const read = reader.read(text);
  if (read.kind === "frame") market.absorb(read.event, atMs);
  else if (read.kind === "fault" || read.kind === "gap") {
    market.absorb({ kind: "book_fault", symbolId: read.symbolId, fault: read.fault }, atMs);
  } else if (!isBroken) fail(history, `a valid frame did not decode: ${JSON.stringify(read)}`);
  const book = bookOf(history);
  if (book.state !== "live") return;
  if (!isBroken && book.sequence !== history.crossSeq) fail(history, "the book stands still");
  if (book.sequence === history.crossSeq) compare(history);
}

function compare(history: BookHistory): void {
  const book = bookOf(history);
  compared++;
  same(history, book.bids, book.bidCount, history.truth("bids"));
  same(history, book.asks, book.askCount, history.truth("asks"));
}

function same(
  history: BookHistory,
  levels: Float64Array,
  count: number,
  truth: readonly TruthLevel[],
): void {
  if (count !== truth.length) fail(history, `${count} levels, the truth has ${truth.length}`);
  for (const [index, { ticks, steps }] of truth.entries()) {
    if (levels[index * 2] !== ticks || levels[index * 2 + 1] !== steps) {
      fail(history, `silent divergence at level ${index}`);
    }
  }
}

function expectLive(history: BookHistory, fact: string): void {
  const book = bookOf(history);
  if (book.state !== "live")
    fail(history, `must hold: ${fact}; found ${book.state} (${book.fault})`);
}

function bookOf(history: BookHistory) {
  return market.book(SYMBOLS.indexOf(history.symbol) as SymbolId);
}

function pick<Item>(items: readonly Item[]): Item {
  return items[prng.int(items.length)] as Item;
}

function fail(history: BookHistory, what: string): never {
  console.error(`${history.symbol} at frame ${delivered}: ${what}`);
  console.error(`repeat: bun run soak --seed ${seed} --frames ${frameCount}`);
  process.exit(1);
}
