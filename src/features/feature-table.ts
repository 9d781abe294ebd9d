/**
 * The features of every symbol: one named column each, updated in O(1) a market frame.
 *
 * Built for the names that somebody asked for; only their parts run. Quantities that fade are
 * gathered into a running second and folded into their averages when it is over, so that no
 * exponential is taken per frame. All are signals as floats; nothing here is ever booked or sent.
 */
import type { PublicTrade } from "../domain/event.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { SymbolId } from "../domain/units.ts";
import { must } from "../kernel/assert.ts";
import type { OrderBook } from "../market/book.ts";
import { ColumnStore } from "./column-store.ts";
import type {
  FeatureHandlers,
  FeaturePart,
  FeatureTerms,
  PartColumns,
  RunningSecond,
  Totals,
} from "./feature.ts";
import { type FeatureName, partsFor } from "./registry.ts";
import { TouchColumns, touch } from "./touch.ts";

/** Length of the running second that averages are sampled at. */
const SAMPLE_MS = 1_000;
/** Weight of a second in averages of flows: a half-life of about 7 s. */
const FLOW_WEIGHT = 0.1;
/** A longer silence fades nothing more. */
const SAMPLE_SECONDS_MAX = 60;

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
}

/** One feature's column. The handle stays; `values` is another array once instruments are added. */
interface FeatureColumn extends FeatureTerms<FeatureName> {
  /** Indexed by symbol id: to read only. */
  readonly values: Float64Array;
}

interface OwnColumn extends FeatureColumn {
  values: Float64Array;
}

type OnInstrument = NonNullable<FeatureHandlers["onInstrument"]>;
type OnBook = NonNullable<FeatureHandlers["onBook"]>;
type OnTrades = NonNullable<FeatureHandlers["onTrades"]>;
type Sample = NonNullable<FeatureHandlers["sample"]>;

export class FeatureTable implements FeatureReader {
  private readonly parts: readonly FeaturePart<FeatureName>[];
  private readonly ids = new Set<SymbolId>();
  private readonly store = new ColumnStore();
  private readonly columns = new Map<string, OwnColumn>();
  private readonly past: RunningSecond = { seconds: 0, elapsedMs: 0, flowKeep: 0 };
  private totals: Totals;
  private touch: TouchColumns;
  private sampledAtMs: Float64Array;
  private instrumentParts: OnInstrument[] = [];
  private bookParts: OnBook[] = [];
  private tradeParts: OnTrades[] = [];
  private sampleParts: Sample[] = [];

  /** Throws for a name that no part gives. */
  constructor(names: readonly FeatureName[]) {
    this.parts = partsFor(names);
    for (const terms of this.parts.flatMap((part) => part.gives)) {
      const values = this.store.ensure(terms.name, Number.NaN);
      this.columns.set(terms.name, { ...terms, values });
    }
    this.sampledAtMs = this.store.ensure(".sampledAtMs", 0);
    this.totals = this.totalsNow();
    this.touch = new TouchColumns(this.columnsOf(touch));
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

  column(name: FeatureName): FeatureColumn {
    return must(this.columns.get(name), `feature ${name} was asked for when the table was built`);
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

  /** Takes a live book. One with an empty side changes nothing. */
  onBook(id: SymbolId, book: OrderBook, atMs: number): void {
    const { touch } = this;
    if (!touch.take(id, book)) return;
    const { bookParts } = this;
    for (let index = 0; index < bookParts.length; index++) bookParts[index]?.(id, atMs);
    if (atMs - (this.sampledAtMs[id] ?? 0) >= SAMPLE_MS) this.sample(id, atMs);
  }

  onTrades(id: SymbolId, trades: readonly PublicTrade[], atMs: number): void {
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

  /** Hands every part its columns as they are now. */
  private bind(): void {
    for (const column of this.columns.values()) column.values = this.store.get(column.name);
    this.sampledAtMs = this.store.ensure(".sampledAtMs", 0);
    this.totals = this.totalsNow();
    this.touch = new TouchColumns(this.columnsOf(touch));
    const bound = this.parts.map((part) => part.bind(this.columnsOf(part)));
    this.instrumentParts = bound.flatMap(({ onInstrument }) => onInstrument ?? []);
    this.bookParts = bound.flatMap(({ onBook }) => onBook ?? []);
    this.tradeParts = bound.flatMap(({ onTrades }) => onTrades ?? []);
    this.sampleParts = bound.flatMap(({ sample }) => sample ?? []);
  }

  private totalsNow(): Totals {
    return {
      flowSteps: this.store.ensure(".flowSteps", 0),
      boughtSteps: this.store.ensure(".boughtSteps", 0),
      soldSteps: this.store.ensure(".soldSteps", 0),
      trades: this.store.ensure(".trades", 0),
    };
  }

  private columnsOf(part: FeaturePart): PartColumns {
    const { store, totals } = this;
    const owner = part.gives[0]?.name ?? "";
    return {
      totals,
      give(name) {
        must(
          part.gives.find((terms) => terms.name === name),
          `${owner} gives ${name}`,
        );
        return store.get(name);
      },
      read(name) {
        must(
          part.needs.find((need) => need === name),
          `${owner} needs ${name}`,
        );
        return store.get(name);
      },
      keep: (name) => store.ensure(`${owner}.${name}`, 0),
    };
  }
}
