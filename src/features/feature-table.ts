/**
 * The features of every symbol: one named column each, updated in O(1) a market frame.
 *
 * Built for the names that somebody asked for; only their parts run. Quantities that fade are
 * gathered into a running second and folded into their averages when it is over, so that no
 * exponential is taken per frame. All are signals as floats; nothing here is ever booked or sent.
 */
import type { Bar, BarSpan } from "../domain/bar.ts";
import type { PublicTrade } from "../domain/event.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { GridChange } from "../domain/recount.ts";
import type { SymbolId } from "../domain/units.ts";
import { must } from "../kernel/assert.ts";
import type { OrderBook } from "../market/book.ts";
import type { Ticker } from "../market/ticker.ts";
import { ColumnStore } from "./column-store.ts";
import type {
  FeatureHandlers,
  FeaturePart,
  FeatureTerms,
  PartColumns,
  RunningSecond,
  Totals,
} from "./feature.ts";
import { FeatureVector } from "./feature-vector.ts";
import { type FeatureName, partsFor } from "./registry.ts";
import { RING_SECONDS } from "./second-ring.ts";
import { TouchColumns, touch } from "./touch.ts";

/** Length of the running second that averages are sampled at. */
const SAMPLE_MS = 1_000;
/** Weight of a second in averages of flows: a half-life of about 7 s. */
const FLOW_WEIGHT = 0.1;
/** A longer silence fades nothing more. */
const SAMPLE_SECONDS_MAX = 60;
/** Seconds told one by one after a silence: what a ring can hold. */
const SECONDS_MAX = RING_SECONDS - 3;
/** Bars of history for each bar of warm-up: smoothed averages forget their start within it. */
const HISTORY_FACTOR = 5;

/** What strategies and pages see of the table. Cold features are NaN. */
export interface FeatureReader {
  /** The feature's value now, NaN while it is cold. */
  at(name: FeatureName, id: SymbolId): number;
  /** The same with 0 for cold: for pages and slow averages, never for a decision. */
  orZero(name: FeatureName, id: SymbolId): number;
  /** Whether every one of these features is known. */
  isWarm(names: readonly FeatureName[], id: SymbolId): boolean;
  /** A handle for who reads often: its `values` are the live column. */
  column(name: FeatureName): FeatureColumn;
  /** These features as numbers side by side, in this order: for a model. */
  vector(names: readonly FeatureName[]): FeatureVector;
}

/** One feature's column. The handle stays; `values` is another array once instruments are added. */
interface FeatureColumn extends FeatureTerms<FeatureName> {
  /** Indexed by symbol id: to read only. */
  readonly values: Float64Array;
}

interface OwnColumn extends FeatureColumn {
  values: Float64Array;
}

type Handler<Kind extends keyof FeatureHandlers> = NonNullable<FeatureHandlers[Kind]>;

/** A part's bar handler and the columns that it begins anew. */
interface BarPart {
  readonly span: BarSpan;
  readonly onBar: Handler<"onBar">;
  readonly columns: readonly string[];
}

export class FeatureTable implements FeatureReader {
  private readonly parts: readonly FeaturePart<FeatureName>[];
  private readonly ids = new Set<SymbolId>();
  private readonly store = new ColumnStore();
  private readonly columns = new Map<string, OwnColumn>();
  private readonly past: RunningSecond = { seconds: 0, elapsedMs: 0, flowKeep: 0 };
  private totals: Totals;
  private touch: TouchColumns;
  private sampledAtMs: Float64Array;
  /** The second of the clock that runs, counted since the epoch; 0 before the first frame. */
  private second: Float64Array;
  private instrumentParts: Handler<"onInstrument">[] = [];
  private bookParts: Handler<"onBook">[] = [];
  private tradeParts: Handler<"onTrades">[] = [];
  private tickerParts: Handler<"onTicker">[] = [];
  private secondParts: Handler<"onSecond">[] = [];
  private sampleParts: Handler<"sample">[] = [];
  private barParts: BarPart[] = [];

  /** Throws for a name that no part gives. */
  constructor(names: readonly FeatureName[]) {
    this.parts = partsFor(names);
    for (const terms of this.parts.flatMap((part) => part.gives)) {
      const values = this.store.ensure(terms.name, Number.NaN);
      this.columns.set(terms.name, { ...terms, values });
    }
    this.sampledAtMs = this.store.ensure(".sampledAtMs", 0);
    this.second = this.store.ensure(".second", 0);
    this.totals = this.totalsNow();
    this.touch = new TouchColumns(this.columnsOf(touch, []));
    this.bind();
  }

  at(name: FeatureName, id: SymbolId): number {
    return this.column(name).values[id] ?? Number.NaN;
  }

  orZero(name: FeatureName, id: SymbolId): number {
    const value = this.at(name, id);
    return Number.isNaN(value) ? 0 : value;
  }

  isWarm(names: readonly FeatureName[], id: SymbolId): boolean {
    for (const name of names) if (Number.isNaN(this.at(name, id))) return false;
    return true;
  }

  /** Every column's value of one symbol, NaN while cold: for pages. */
  valuesOf(id: SymbolId): readonly { name: string; unit: string; value: number }[] {
    return [...this.columns.values()].map(({ name, unit, values }) => {
      return { name, unit, value: values[id] ?? Number.NaN };
    });
  }

  column(name: FeatureName): FeatureColumn {
    return must(this.columns.get(name), `feature ${name} was asked for when the table was built`);
  }

  vector(names: readonly FeatureName[]): FeatureVector {
    return new FeatureVector(names.map((name) => this.column(name)));
  }

  /** The spans of bars that features are computed on, each with the bars to start from. */
  barWants(): ReadonlyMap<BarSpan, number> {
    const wants = new Map<BarSpan, number>();
    for (const { span, gives } of this.parts) {
      if (span === undefined) continue;
      const counts = gives.map(({ warmUp }) => warmUp.count * HISTORY_FACTOR);
      wants.set(span, Math.max(wants.get(span) ?? 0, ...counts));
    }
    return wants;
  }

  /** Whether some feature moves with the clock alone, so that `tick` has to be called. */
  get needsClock(): boolean {
    return this.secondParts.length > 0;
  }

  /** Makes room for the instruments; what is known of earlier ones stays. */
  load(instruments: readonly Instrument[]): void {
    let { size } = this.store;
    for (const { id } of instruments) {
      size = Math.max(size, id + 1);
      this.ids.add(id);
    }
    if (size > this.store.size) {
      this.store.widen(size);
      this.bind();
    }
    for (const instrument of instruments) {
      for (const take of this.instrumentParts) take(instrument);
    }
  }

  /** Begins one symbol anew, as its market goes on in other units. Only its last price stays. */
  restart({ after, tickRatio }: GridChange): void {
    const { id } = after;
    const midTicks = this.at("midTicks", id) * tickRatio;
    this.store.clearAll(id);
    this.column("midTicks").values[id] = midTicks;
    for (const take of this.instrumentParts) take(after);
  }

  /** Takes a live book. One with an empty side changes nothing. */
  onBook(id: SymbolId, book: OrderBook, atMs: number): void {
    const { touch, bookParts } = this;
    if (this.secondParts.length > 0) this.closeSeconds(id, atMs);
    if (!touch.take(id, book)) return;
    for (let index = 0; index < bookParts.length; index++) bookParts[index]?.(id, atMs);
    if (atMs - (this.sampledAtMs[id] ?? 0) >= SAMPLE_MS) this.sample(id, atMs);
  }

  onTrades(id: SymbolId, trades: readonly PublicTrade[], atMs: number): void {
    if (this.secondParts.length > 0) this.closeSeconds(id, atMs);
    const { boughtSteps, soldSteps, trades: count } = this.totals;
    let bought = 0;
    let sold = 0;
    for (const { side, qtySteps } of trades) {
      if (side === "buy") bought += qtySteps;
      else sold += qtySteps;
    }
    boughtSteps[id] = (boughtSteps[id] ?? 0) + bought;
    soldSteps[id] = (soldSteps[id] ?? 0) + sold;
    count[id] = (count[id] ?? 0) + trades.length;
    const { tradeParts } = this;
    for (let index = 0; index < tradeParts.length; index++) tradeParts[index]?.(id, trades, atMs);
    if (atMs - (this.sampledAtMs[id] ?? 0) >= SAMPLE_MS) this.sample(id, atMs);
  }

  onTicker(id: SymbolId, ticker: Ticker, atMs: number): void {
    const { tickerParts } = this;
    for (let index = 0; index < tickerParts.length; index++) tickerParts[index]?.(id, ticker, atMs);
  }

  /** Takes a closed bar. One that is not complete lets the features on its span begin anew. */
  onBar(id: SymbolId, span: BarSpan, bar: Bar): void {
    for (const part of this.barParts) {
      if (part.span !== span) continue;
      if (bar.isComplete) part.onBar(id, bar);
      else for (const name of part.columns) this.store.clear(name, id);
    }
  }

  /** Begins the features on a span anew, from these closed bars, oldest first. */
  replayBars(id: SymbolId, span: BarSpan, bars: readonly Bar[]): void {
    for (const part of this.barParts) {
      if (part.span !== span) continue;
      for (const name of part.columns) this.store.clear(name, id);
    }
    for (const bar of bars) this.onBar(id, span, bar);
  }

  /** Tells the seconds of the clock that are over, for symbols that fell silent. */
  tick(atMs: number): void {
    if (this.secondParts.length === 0) return;
    for (const id of this.ids) if ((this.second[id] ?? 0) > 0) this.closeSeconds(id, atMs);
  }

  /** Closes the running second of every symbol: by a timer, for those that fell silent. */
  sampleAll(atMs: number): void {
    for (const id of this.ids) this.sample(id, atMs);
  }

  /** Closes the running second of one symbol when it is over. */
  sample(id: SymbolId, atMs: number): void {
    const sampledAtMs = this.sampledAtMs[id] ?? 0;
    const elapsedMs = atMs - sampledAtMs;
    if (elapsedMs < SAMPLE_MS) return;
    this.sampledAtMs[id] = atMs;
    const isFirst = sampledAtMs === 0;
    // The very first look only starts the running second.
    if (isFirst) return;
    const { past, sampleParts } = this;
    past.elapsedMs = elapsedMs;
    past.seconds = Math.min(elapsedMs / SAMPLE_MS, SAMPLE_SECONDS_MAX);
    past.flowKeep = (1 - FLOW_WEIGHT) ** past.seconds;
    for (let index = 0; index < sampleParts.length; index++) sampleParts[index]?.(id, past);
  }

  private closeSeconds(id: SymbolId, atMs: number): void {
    const now = Math.floor(atMs / 1_000);
    const running = this.second[id] ?? 0;
    if (now <= running) return;
    this.second[id] = now;
    if (running === 0) return;
    for (let second = Math.max(running, now - SECONDS_MAX); second < now; second++) {
      for (const take of this.secondParts) take(id, second);
    }
  }

  /** Hands every part its columns as they are now. */
  private bind(): void {
    for (const column of this.columns.values()) column.values = this.store.get(column.name);
    this.sampledAtMs = this.store.ensure(".sampledAtMs", 0);
    this.second = this.store.ensure(".second", 0);
    this.totals = this.totalsNow();
    this.touch = new TouchColumns(this.columnsOf(touch, []));
    this.barParts = [];
    const bound = this.parts.map((part) => this.boundOf(part));
    this.instrumentParts = bound.flatMap(({ onInstrument }) => onInstrument ?? []);
    this.bookParts = bound.flatMap(({ onBook }) => onBook ?? []);
    this.tradeParts = bound.flatMap(({ onTrades }) => onTrades ?? []);
    this.tickerParts = bound.flatMap(({ onTicker }) => onTicker ?? []);
    this.secondParts = bound.flatMap(({ onSecond }) => onSecond ?? []);
    this.sampleParts = bound.flatMap(({ sample }) => sample ?? []);
  }

  private boundOf(part: FeaturePart<FeatureName>): FeatureHandlers {
    const columns: string[] = [];
    const handlers = part.bind(this.columnsOf(part, columns));
    const { span } = part;
    const { onBar } = handlers;
    if (span !== undefined && onBar !== undefined) this.barParts.push({ span, onBar, columns });
    return handlers;
  }

  private totalsNow(): Totals {
    return {
      flowSteps: this.store.ensure(".flowSteps", 0),
      boughtSteps: this.store.ensure(".boughtSteps", 0),
      soldSteps: this.store.ensure(".soldSteps", 0),
      trades: this.store.ensure(".trades", 0),
    };
  }

  /** What a part may touch; the names of its own columns are noted. */
  private columnsOf(part: FeaturePart, own: string[]): PartColumns {
    const { store, totals } = this;
    const owner = part.gives[0]?.name ?? "";
    return {
      totals,
      give(name) {
        must(
          part.gives.find((terms) => terms.name === name),
          `${owner} gives ${name}`,
        );
        own.push(name);
        return store.get(name);
      },
      read(name) {
        must(
          part.needs.find((need) => need === name),
          `${owner} needs ${name}`,
        );
        return store.get(name);
      },
      keep(name, width) {
        own.push(`${owner}.${name}`);
        return store.ensure(`${owner}.${name}`, 0, width);
      },
    };
  }
}
