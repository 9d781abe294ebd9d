/**
 * The charts beside the engine: fed with what the venue says after the engine has had it, moved on
 * once a second, and asked by pages. A fault in here costs the charts and nothing else: the first
 * one is logged, and they stand still from then on.
 */
import type { ChartReader, FeatureNow } from "../charts/chart-reader.ts";
import { ChartTape } from "../charts/chart-tape.ts";
import { type Ladder, ladderOf, levelIn } from "../charts/ladder.ts";
import { type LevelOf, QueueWatch } from "../charts/queue-watch.ts";
import type { EngineEvent } from "../domain/event.ts";
import { isLive } from "../domain/order.ts";
import type { SymbolId } from "../domain/units.ts";
import type { AuditTick } from "../engine/audit.ts";
import { errorStack } from "../kernel/wording.ts";
import type { OrderBook } from "../market/book.ts";
import type { MonitorView } from "../monitor/view.ts";
import type { AuditReader } from "../runtime/ports/audit-reader.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import type { Venue } from "../runtime/ports/venue.ts";

/** Bars close by it, and the venue is asked at most once in it. */
const TICK_MS = 1_000;

/** What is known only once the engine is there. */
interface ChartSources {
  readonly view: () => MonitorView;
  /** Null for an id that nobody has. */
  readonly bookOf: (id: SymbolId) => OrderBook | null;
  readonly featuresOf: (id: SymbolId) => readonly FeatureNow[];
  readonly venue: () => Venue | null;
  readonly accept: (event: EngineEvent) => void;
}

interface ChartDeskOptions {
  readonly clock: Clock;
  readonly log: LogPort;
  /** Our own orders are part of the book, as they are at a venue. */
  readonly areOursShown: boolean;
}

export class ChartDesk implements ChartReader {
  /** Hears of our orders. */
  readonly reader: AuditReader = { name: "charts", onTick: (tick) => this.onTick(tick) };
  private readonly options: ChartDeskOptions;
  private readonly tape = new ChartTape();
  private readonly queues: QueueWatch;
  private sources: ChartSources | null = null;
  private cancel = () => {};
  private isBroken = false;

  constructor(options: ChartDeskOptions) {
    this.options = options;
    this.queues = new QueueWatch(options.areOursShown);
  }

  /** Begins to move on once a second. */
  start(sources: ChartSources): void {
    this.sources = sources;
    this.cancel = this.options.clock.after(TICK_MS, () => this.tick());
  }

  stop(): void {
    this.cancel();
  }

  /** Where the venue's events go: to the engine first, and at once. */
  readonly accept = (event: EngineEvent): void => {
    if (event.kind === "bars_loaded" && event.isForCharts === true) {
      this.guarded(() => this.tape.absorb(event, this.options.clock.nowMs()));
      return;
    }
    this.sources?.accept(event);
    switch (event.kind) {
      case "trades":
        if (this.isBroken) return;
        this.guarded(() => {
          this.tape.absorb(event, 0);
          this.queues.onTrades(event.symbolId, event.trades);
        });
        return;
      case "instruments":
      case "book_fault":
      case "feed_status":
        this.guarded(() => this.tape.absorb(event, this.options.clock.nowMs()));
        return;
      default:
    }
  };

  instrument: ChartReader["instrument"] = (symbol) =>
    this.sources?.view().instruments.get(symbol) ?? null;

  newest: ChartReader["newest"] = (symbol, span, count) => {
    const id = this.lookedAt(symbol);
    return id === null ? [] : this.tape.newestOf(id, span, count);
  };

  bars: ChartReader["bars"] = (symbol, span) => {
    const id = this.lookedAt(symbol);
    return id === null ? [] : this.tape.barsOf(id, span);
  };

  trades: ChartReader["trades"] = (symbol) => {
    const id = this.lookedAt(symbol);
    return id === null ? [] : this.tape.tradesOf(id);
  };

  features: ChartReader["features"] = (symbol) => {
    const id = this.lookedAt(symbol);
    return id === null ? [] : (this.sources?.featuresOf(id) ?? []);
  };

  ladder(symbol: string, levels: number): Ladder | null {
    const id = this.lookedAt(symbol);
    const book = id === null ? null : (this.sources?.bookOf(id) ?? null);
    return book === null ? null : ladderOf(book, levels);
  }

  ahead: ChartReader["ahead"] = (clientId) => this.queues.aheadOf(clientId);

  private lookedAt(symbol: string): SymbolId | null {
    const id = this.sources?.view().instruments.get(symbol)?.id ?? null;
    if (id !== null) this.guarded(() => this.tape.look(id, this.options.clock.nowMs()));
    return id;
  }

  private tick(): void {
    this.guarded(() => this.moveOn());
    this.cancel = this.options.clock.after(TICK_MS, () => this.tick());
  }

  private moveOn(): void {
    const { sources } = this;
    if (sources === null) return;
    const atMs = this.options.clock.nowMs();
    const { universe, positions, instruments, feeds } = sources.view();
    this.tape.tick(atMs, (id) => sources.bookOf(id)?.state === "live");
    this.queues.look(this.levelOf);
    const held = [...positions.values()].filter(({ side }) => side !== "flat");
    for (const symbol of [...universe.active, ...held.map((row) => row.symbol)]) {
      const instrument = instruments.get(symbol);
      if (instrument !== undefined) this.tape.look(instrument.id, atMs);
    }
    const question = feeds.rest?.up === true ? this.tape.question(atMs) : null;
    if (question === null) return;
    sources.venue()?.loadBars(question.symbolId, question.span, question.count, true);
  }

  private onTick(tick: AuditTick): void {
    for (const entry of tick.entries) {
      if (entry.kind !== "order") continue;
      const { clientId, symbol, side, priceTicks, qtySteps, filledSteps, state } = entry.order;
      const id = this.sources?.view().instruments.get(symbol)?.id;
      if (id === undefined) continue;
      const leftSteps = Math.max(0, qtySteps - filledSteps);
      const order = { clientId, symbolId: id, side, priceTicks, leftSteps, isLive: isLive(state) };
      this.queues.onOrder(order, this.levelOf);
    }
  }

  private readonly levelOf: LevelOf = (id, side, priceTicks) => {
    const book = this.sources?.bookOf(id) ?? null;
    return book === null ? { qtySteps: null, venueAtMs: 0 } : levelIn(book, side, priceTicks);
  };

  private guarded(work: () => void): void {
    if (this.isBroken) return;
    try {
      work();
    } catch (error) {
      this.isBroken = true;
      const text = errorStack(error);
      this.options.log.error("charts stand still from now on; trading is not affected", { text });
    }
  }
}
