/**
 * A random but valid order book that publishes itself as the venue does: a snapshot, then deltas
 * of its best levels with `u` rising by one, as frame text. It keeps the truth beside the text, so
 * that a reader's book can be compared level by level.
 */
import type { Prng } from "../../src/kernel/prng.ts";

export interface TruthLevel {
  readonly ticks: number;
  readonly steps: number;
}

/**
 * Levels the true book holds beyond the published ones, so that levels come and go at the far end.
 */
const HIDDEN_LEVELS = 12;
const CHANGES_MAX = 4;

interface Half {
  /** Best first. */
  levels: TruthLevel[];
  /** -1: better is higher; 1: better is lower. */
  readonly order: -1 | 1;
}

export class BookHistory {
  readonly symbol: string;
  readonly depth: number;
  updateId: number;
  crossSeq: number;
  private readonly prng: Prng;
  private readonly bids: Half = { levels: [], order: -1 };
  private readonly asks: Half = { levels: [], order: 1 };
  private atMs = 1_700_000_000_000;

  constructor(symbol: string, depth: number, prng: Prng) {
    this.symbol = symbol;
    this.depth = depth;
    this.prng = prng;
    this.updateId = 100 + prng.int(1_000_000);
    this.crossSeq = 1_000 + prng.int(1_000_000);
    const middle = 50_000 + prng.int(100_000);
    for (let level = 0; level < depth + HIDDEN_LEVELS; level++) {
      this.bids.levels.push({ ticks: middle - 1 - level * 2, steps: this.size() });
      this.asks.levels.push({ ticks: middle + 1 + level * 2, steps: this.size() });
    }
  }

  /** Published levels, best first. */
  truth(side: "bids" | "asks"): readonly TruthLevel[] {
    return this[side].levels.slice(0, this.depth);
  }

  snapshot(): string {
    return this.frame("snapshot", this.truth("bids"), this.truth("asks"));
  }

  /** The venue restarted this book: its next message is a snapshot with `u` of 1. */
  restart(): string {
    this.updateId = 1;
    this.crossSeq += 1 + this.prng.int(50);
    return this.snapshot();
  }

  /** Moves the book until something published changed, and publishes the difference. */
  delta(): string {
    const bidsBefore = this.truth("bids");
    const asksBefore = this.truth("asks");
    let bids: TruthLevel[] = [];
    let asks: TruthLevel[] = [];
    while (bids.length + asks.length === 0) {
      const changes = 1 + this.prng.int(CHANGES_MAX);
      for (let change = 0; change < changes; change++) this.change();
      bids = difference(bidsBefore, this.truth("bids"), -1);
      asks = difference(asksBefore, this.truth("asks"), 1);
    }
    this.updateId++;
    this.crossSeq += 1 + this.prng.int(50);
    return this.frame("delta", bids, asks);
  }

  frame(type: string, bids: readonly TruthLevel[], asks: readonly TruthLevel[]): string {
    this.atMs += 20;
    const { symbol, depth, updateId, crossSeq, atMs } = this;
    return `{"topic":"orderbook.${depth}.${symbol}","type":"${type}","ts":${atMs},"data":{"s":"${symbol}","b":${text(bids)},"a":${text(asks)},"u":${updateId},"seq":${crossSeq}},"cts":${atMs - 3}}`;
  }

  private change(): void {
    const half = this.prng.int(2) === 0 ? this.bids : this.asks;
    const at = Math.min(half.levels.length - 1, Math.floor(this.prng.exponential() * 6));
    const kind = this.prng.int(4);
    if (kind === 0 && half.levels.length > this.depth / 2) half.levels.splice(at, 1);
    else if (kind === 1) this.insert(half, at);
    else half.levels[at] = { ticks: half.levels[at]?.ticks ?? 0, steps: this.size() };
  }

  /** A new level one tick better than the one at `at`, where that does not cross the other side. */
  private insert(half: Half, at: number): void {
    if (half.levels.length >= this.depth + 2 * HIDDEN_LEVELS) half.levels.pop();
    const other = half === this.bids ? this.asks : this.bids;
    const ticks = (half.levels[at]?.ticks ?? 0) - half.order;
    const taken = half.levels[at - 1]?.ticks === ticks;
    const opposite = other.levels[0]?.ticks ?? 0;
    const crosses = half.order === -1 ? ticks >= opposite : ticks <= opposite;
    if (taken || crosses || ticks <= 0) return;
    half.levels.splice(at, 0, { ticks, steps: this.size() });
  }

  private size(): number {
    return 1 + this.prng.int(9_999);
  }
}

/** Ticks of 0.10 and steps of 0.001, as a linear book writes them. */
function text(levels: readonly TruthLevel[]): string {
  const items = levels.map(({ ticks, steps }) => {
    const price = `${Math.floor(ticks / 10)}.${ticks % 10}0`;
    const size =
      steps === 0 ? "0" : `${Math.floor(steps / 1_000)}.${String(steps % 1_000).padStart(3, "0")}`;
    return `["${price}","${size}"]`;
  });
  return `[${items.join(",")}]`;
}

/** What a delta says: gone levels with size 0, new and changed levels with their size. */
function difference(
  before: readonly TruthLevel[],
  after: readonly TruthLevel[],
  order: -1 | 1,
): TruthLevel[] {
  const changes: TruthLevel[] = [];
  let left = 0;
  let right = 0;
  while (left < before.length || right < after.length) {
    const old = before[left];
    const now = after[right];
    if (old !== undefined && now !== undefined && old.ticks === now.ticks) {
      if (old.steps !== now.steps) changes.push(now);
      left++;
      right++;
    } else if (now === undefined || (old !== undefined && (old.ticks - now.ticks) * order < 0)) {
      changes.push({ ticks: old?.ticks ?? 0, steps: 0 });
      left++;
    } else {
      changes.push(now);
      right++;
    }
  }
  return changes;
}
