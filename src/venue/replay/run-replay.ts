/**
 * `scalper replay FILE`: plays a recorded session into the engine's market stage, or into a
 * consumer that the caller brings, and prints what it all came to.
 *
 * When a file holds several depths of one symbol's book, the deepest wins. Problems go to stderr:
 * bad lines, unusable messages, unknown topics, books that ended in quarantine.
 */
import type { EngineEvent, TradesFrame } from "../../domain/event.ts";
import { errorText } from "../../kernel/wording.ts";
import { MarketState } from "../../market/market-state.ts";
import { TickerBoard } from "../../market/ticker-board.ts";
import { type VirtualClock, virtualClock } from "../../runtime/clocks.ts";
import type { EventSink } from "../../runtime/ports/venue.ts";
import {
  booksAsLines,
  type PrintedTrade,
  printBooks,
  tickersAsLines,
  tradesAsLines,
} from "./print.ts";
import { type ReplayReport, replayFile } from "./replay-file.ts";

/** Where the events go. The market state is read when the file is at its end. */
interface ReplayConsumer {
  readonly clock: VirtualClock;
  readonly accept: EventSink;
  readonly market: MarketState;
}

export interface ReplayOptions {
  readonly file: string;
  readonly print: "books" | "tickers" | "trades";
  readonly json: boolean;
  /** The engine on a virtual clock; the market stage alone when left out. */
  readonly consume?: ReplayConsumer;
}

export interface ReplayOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Trades kept for printing: about 1 GB of recording. Later ones are counted and reported. */
const TRADES_MAX = 5_000_000;
/** EX_NOINPUT of sysexits.h. */
const EXIT_NO_INPUT = 66;

/** Never rejects: a file that cannot be read is a text on stderr and an exit code. */
export async function runReplay(options: ReplayOptions): Promise<ReplayOutput> {
  const consumer = options.consume ?? marketConsumer();
  const board = new TickerBoard();
  function accept(event: EngineEvent): void {
    if (event.kind === "ticker" || event.kind === "instruments") board.absorb(event);
    consumer.accept(event);
  }
  const frames: { symbolId: number; trades: TradesFrame["trades"] }[] = [];
  let tradeCount = 0;
  let tradesLost = 0;
  function keep({ symbolId, trades }: TradesFrame): void {
    if (tradeCount + trades.length > TRADES_MAX) tradesLost += trades.length;
    else frames.push({ symbolId, trades });
    tradeCount += trades.length;
  }
  let report: ReplayReport;
  try {
    const { file } = options;
    const watch = options.print === "trades" ? { onTrades: keep } : {};
    report = await replayFile({ file, clock: consumer.clock, sink: accept, ...watch });
  } catch (error) {
    const stderr = `cannot replay "${options.file}": ${errorText(error)}\n`;
    return { stdout: "", stderr, exitCode: EXIT_NO_INPUT };
  }
  const problems = problemsOf(report);
  if (tradesLost > 0)
    problems.push(`${tradesLost} trades after the first ${TRADES_MAX} not printed`);
  const { market } = consumer;
  const { books, quarantined } = printBooks(market, report.printers, report.updateIdOf);
  if (quarantined.length > 0) problems.push(`left out, in quarantine: ${quarantined.join(", ")}`);
  const trades = () => frames.flatMap((frame) => printTrades(frame, report));
  const stdout = {
    books: () => outputOf(options.json, books, booksAsLines),
    tickers: () => outputOf(options.json, board.tickers(), tickersAsLines),
    trades: () => outputOf(options.json, trades(), tradesAsLines),
  }[options.print]();
  const stderr = problems.map((problem) => `replay: ${problem}\n`).join("");
  return { stdout, stderr, exitCode: 0 };
}

/** The market stage by itself, as the engine feeds it. */
export function marketConsumer(): ReplayConsumer {
  const clock = virtualClock(0);
  const market = new MarketState();
  function accept(event: EngineEvent): void {
    switch (event.kind) {
      case "instruments":
        market.load(event.instruments);
        break;
      case "book":
      case "trades":
      case "ticker":
      case "bar":
      case "book_fault":
        market.absorb(event, clock.nowMs());
        break;
      default:
        break;
    }
  }
  return { clock, accept, market };
}

function outputOf<Value>(json: boolean, value: Value, lines: (value: Value) => string[]): string {
  return json
    ? `${JSON.stringify(value)}\n`
    : lines(value)
        .map((line) => `${line}\n`)
        .join("");
}

function printTrades(
  frame: { readonly symbolId: number; readonly trades: TradesFrame["trades"] },
  report: ReplayReport,
): PrintedTrade[] {
  const instrument = report.instruments[frame.symbolId];
  const printers = report.printers[frame.symbolId];
  if (instrument === undefined || printers === undefined) return [];
  return frame.trades.map((trade) => ({
    symbol: instrument.symbol,
    execId: trade.execId,
    side: trade.side === "buy" ? "Buy" : "Sell",
    price: printers.tradePrice(trade.priceTicks),
    size: printers.tradeSize(trade.qtySteps),
    venueAtMs: trade.venueAtMs,
  }));
}

function problemsOf(report: ReplayReport): string[] {
  const problems: string[] = [];
  if (report.badLines > 0) {
    const samples = report.badSamples.join("; ");
    problems.push(`${report.badLines} of ${report.lines} lines are bad: ${samples}`);
  }
  if (report.faults > 0) {
    problems.push(`${report.faults} messages are unusable: ${report.faultSamples.join("; ")}`);
  }
  for (const [reason, count] of Object.entries(report.unknown)) {
    problems.push(`${count} messages ignored (${reason.replaceAll("_", " ")})`);
  }
  if (report.ambiguous.length > 0) {
    const symbols = report.ambiguous.join(", ");
    problems.push(`trailing zeros come and go in ${symbols}: printed without them`);
  }
  if (report.messages === 0) problems.push("the file holds no received message");
  return problems;
}
