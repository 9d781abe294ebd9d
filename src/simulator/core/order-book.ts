/**
 * One symbol's order book: price levels in a sorted array, orders of a level in a queue by arrival.
 *
 * A side is an array of numbers of {@link LevelPool}. The best level is the last of its array, so
 * that almost every insert, match and removal touches the end. Levels are found by binary search
 * over their prices. What clients see is the levels' sums; queues are only for matching. Quantities
 * are whole steps, prices whole ticks.
 */
import { assert } from "../../kernel/assert.ts";
import type { SimLevels, SimSide } from "./api.ts";
import type { LevelPool } from "./level-pool.ts";
import type { OrderPool } from "./pool.ts";

/** Counts every book change and trade of the venue. */
interface Sequence {
  value: number;
}

/** What all books of the venue share. */
export interface BookTables {
  readonly pool: OrderPool;
  readonly levels: LevelPool;
  readonly sequence: Sequence;
}

export class MatchBook {
  /** Ascending prices. */
  private readonly bids: number[] = [];
  /** Descending prices. */
  private readonly asks: number[] = [];
  private readonly pool: OrderPool;
  private readonly levels: LevelPool;
  private readonly sequence: Sequence;
  version = 0;

  constructor(tables: BookTables) {
    this.pool = tables.pool;
    this.levels = tables.levels;
    this.sequence = tables.sequence;
  }

  /** The side's best price, 0 when the side is empty. */
  bestTicks(side: SimSide): number {
    return this.levels.priceTicks[this.best(side)] ?? 0;
  }

  /** Steps at the side's best price, 0 when the side is empty. */
  bestSteps(side: SimSide): number {
    return this.levels.qtySteps[this.best(side)] ?? 0;
  }

  /** The order that the next incoming one meets, 0 when the side is empty. */
  firstSlot(side: SimSide): number {
    return this.levels.head[this.best(side)] ?? 0;
  }

  /** Puts an order at the end of its level's queue and returns its slot. */
  add(side: SimSide, priceTicks: number, qtySteps: number, owner: number): number {
    const { pool, levels } = this;
    const slot = pool.allocate();
    const level = this.levelAt(side, priceTicks);
    const last = levels.tail[level] ?? 0;
    pool.leftSteps[slot] = qtySteps;
    pool.priceTicks[slot] = priceTicks;
    pool.owner[slot] = owner;
    pool.isBid[slot] = side === "Buy" ? 1 : 0;
    pool.next[slot] = 0;
    pool.previous[slot] = last;
    if (last === 0) levels.head[level] = slot;
    else pool.next[last] = slot;
    levels.tail[level] = slot;
    this.shift(level, qtySteps);
    return slot;
  }

  /** Takes an order off the book and frees its slot. */
  remove(slot: number): void {
    const { pool, levels } = this;
    const sorted = pool.isBid[slot] === 1 ? this.bids : this.asks;
    const index = this.indexOf(sorted, pool.priceTicks[slot] ?? 0);
    const level = this.levelOf(slot, sorted, index);
    const before = pool.previous[slot] ?? 0;
    const after = pool.next[slot] ?? 0;
    if (before === 0) levels.head[level] = after;
    else pool.next[before] = after;
    if (after === 0) levels.tail[level] = before;
    else pool.previous[after] = before;
    this.shift(level, -(pool.leftSteps[slot] ?? 0));
    if (levels.head[level] === 0) {
      removeAt(sorted, index);
      levels.free(level);
    }
    pool.free(slot);
  }

  /** Takes `steps` off a resting order that keeps its place; it leaves when nothing is left. */
  reduce(slot: number, steps: number): void {
    const left = this.pool.leftSteps[slot] ?? 0;
    assert(steps > 0 && steps <= left, "an order is reduced by no more than what is left of it");
    if (steps === left) {
      this.remove(slot);
      return;
    }
    const sorted = this.pool.isBid[slot] === 1 ? this.bids : this.asks;
    const index = this.indexOf(sorted, this.pool.priceTicks[slot] ?? 0);
    this.shift(this.levelOf(slot, sorted, index), -steps);
    this.pool.leftSteps[slot] = left - steps;
  }

  /** As {@link reduce} for the oldest order of the best level, without searching for the level. */
  reduceFirst(side: SimSide, steps: number): void {
    const { pool, levels } = this;
    const level = this.best(side);
    const slot = levels.head[level] ?? 0;
    const left = pool.leftSteps[slot] ?? 0;
    this.shift(level, -Math.min(steps, left));
    if (steps < left) {
      pool.leftSteps[slot] = left - steps;
      return;
    }
    const after = pool.next[slot] ?? 0;
    levels.head[level] = after;
    if (after === 0) {
      (side === "Buy" ? this.bids : this.asks).pop();
      levels.free(level);
    } else pool.previous[after] = 0;
    pool.free(slot);
  }

  /**
   * Steps that an order reaching `limitTicks` would meet on `side`, counted up to `wantedSteps`.
   * Orders of `spared` owners do not count: self-match prevention would take them away.
   */
  reachable(
    side: SimSide,
    limitTicks: number,
    wantedSteps: number,
    spared?: (owner: number) => boolean,
  ): number {
    const sorted = side === "Buy" ? this.bids : this.asks;
    let steps = 0;
    for (let index = sorted.length - 1; index >= 0 && steps < wantedSteps; index--) {
      const level = sorted[index] ?? 0;
      const price = this.levels.priceTicks[level] ?? 0;
      if (side === "Buy" ? price < limitTicks : price > limitTicks) break;
      const all = this.levels.qtySteps[level] ?? 0;
      steps += spared === undefined ? all : this.stepsWithout(level, spared);
    }
    return steps;
  }

  /** Top levels, best first, as price and quantity in turn. */
  top(side: SimSide, depth: number): SimLevels {
    const sorted = side === "Buy" ? this.bids : this.asks;
    const count = Math.min(depth, sorted.length);
    const out: SimLevels = new Array<number>(2 * count);
    for (let at = 0; at < count; at++) {
      const level = sorted[sorted.length - 1 - at] ?? 0;
      out[2 * at] = this.levels.priceTicks[level] ?? 0;
      out[2 * at + 1] = this.levels.qtySteps[level] ?? 0;
    }
    return out;
  }

  /** Slots of a side, in the order in which they would match. */
  slots(side: SimSide): number[] {
    const sorted = side === "Buy" ? this.bids : this.asks;
    const out: number[] = [];
    for (let index = sorted.length - 1; index >= 0; index--) {
      let slot = this.levels.head[sorted[index] ?? 0] ?? 0;
      for (; slot !== 0; slot = this.pool.next[slot] ?? 0) out.push(slot);
    }
    return out;
  }

  /** Number of the best level; 0, whose fields are 0, when the side is empty. */
  private best(side: SimSide): number {
    const sorted = side === "Buy" ? this.bids : this.asks;
    return sorted.length === 0 ? 0 : (sorted[sorted.length - 1] ?? 0);
  }

  private stepsWithout(level: number, spared: (owner: number) => boolean): number {
    let steps = 0;
    let slot = this.levels.head[level] ?? 0;
    for (; slot !== 0; slot = this.pool.next[slot] ?? 0) {
      if (!spared(this.pool.owner[slot] ?? 0)) steps += this.pool.leftSteps[slot] ?? 0;
    }
    return steps;
  }

  /** A level's sum moves, which is every change that clients can see. */
  private shift(level: number, steps: number): void {
    this.levels.qtySteps[level] = (this.levels.qtySteps[level] ?? 0) + steps;
    this.version++;
    this.sequence.value++;
  }

  private levelOf(slot: number, sorted: readonly number[], index: number): number {
    const level = sorted[index] ?? 0;
    const isThere = this.levels.priceTicks[level] === this.pool.priceTicks[slot];
    assert(level !== 0 && isThere, "a resting order has a level");
    return level;
  }

  /** The level of a price, made when there is none. */
  private levelAt(side: SimSide, priceTicks: number): number {
    const sorted = side === "Buy" ? this.bids : this.asks;
    const index = this.indexOf(sorted, priceTicks);
    const found = sorted[index] ?? 0;
    if (found !== 0 && this.levels.priceTicks[found] === priceTicks) return found;
    const level = this.levels.allocate(priceTicks);
    insertAt(sorted, index, level);
    return level;
  }

  /** Where a price is or would be: the first level that is not worse. */
  private indexOf(sorted: readonly number[], priceTicks: number): number {
    const descending = sorted === this.asks;
    const prices = this.levels.priceTicks;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const price = prices[sorted[middle] ?? 0] ?? 0;
      if (descending ? price > priceTicks : price < priceTicks) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Array.splice without its result array: books change thousands of times a second. */
function insertAt(sorted: number[], index: number, level: number): void {
  sorted.push(level);
  for (let at = sorted.length - 1; at > index; at--) sorted[at] = sorted[at - 1] ?? 0;
  sorted[index] = level;
}

function removeAt(sorted: number[], index: number): void {
  for (let at = index; at < sorted.length - 1; at++) sorted[at] = sorted[at + 1] ?? 0;
  sorted.pop();
}
