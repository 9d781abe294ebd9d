/**
 * Resting orders of all books in one table of typed arrays: about 90,000 of them cost 3 MB and no
 * garbage. A slot is reused after it is freed; a handle also carries the slot's generation, so a
 * stale handle of a house order is recognised instead of hitting a stranger's order.
 */
import { assert } from "../../kernel/assert.ts";

/** No owner: an order of the house, which needs no record beyond its slot. */
export const HOUSE = 0;
/** 611 books with ten times the expected depth; one more is a runaway market model. */
export const RESTING_ORDERS_MAX = 1 << 20;
const CAPACITY_AT_START = 1 << 14;
const GENERATIONS = 2 ** 32;

export class OrderPool {
  leftSteps = new Float64Array(CAPACITY_AT_START);
  priceTicks = new Float64Array(CAPACITY_AT_START);
  next = new Int32Array(CAPACITY_AT_START);
  previous = new Int32Array(CAPACITY_AT_START);
  /** 0 for the house, else the number of a client's order. */
  owner = new Int32Array(CAPACITY_AT_START);
  /** 1 for a bid, 0 for an ask. */
  isBid = new Uint8Array(CAPACITY_AT_START);
  private generation = new Uint32Array(CAPACITY_AT_START);
  private freeHead = 0;
  /** Slot 0 means none. */
  private used = 1;
  live = 0;

  /** Takes a slot; its fields are the caller's to fill. */
  allocate(): number {
    this.live++;
    if (this.freeHead !== 0) {
      const slot = this.freeHead;
      this.freeHead = this.next[slot] ?? 0;
      return slot;
    }
    if (this.used === this.leftSteps.length) this.grow();
    return this.used++;
  }

  free(slot: number): void {
    this.live--;
    this.generation[slot] = ((this.generation[slot] ?? 0) + 1) % GENERATIONS;
    this.leftSteps[slot] = 0;
    this.owner[slot] = HOUSE;
    this.next[slot] = this.freeHead;
    this.freeHead = slot;
  }

  handleOf(slot: number): number {
    return (this.generation[slot] ?? 0) * RESTING_ORDERS_MAX + slot;
  }

  /** The slot of a resting house order, 0 when the handle is stale, a client's or nonsense. */
  houseSlotOf(handle: number): number {
    const slot = handle % RESTING_ORDERS_MAX;
    const alive = slot > 0 && slot < this.used && (this.leftSteps[slot] ?? 0) > 0;
    if (!alive || this.owner[slot] !== HOUSE) return 0;
    return this.handleOf(slot) === handle ? slot : 0;
  }

  private grow(): void {
    const capacity = this.leftSteps.length * 2;
    assert(capacity <= RESTING_ORDERS_MAX, `at most ${RESTING_ORDERS_MAX} orders rest at once`);
    this.leftSteps = copyInto(new Float64Array(capacity), this.leftSteps);
    this.priceTicks = copyInto(new Float64Array(capacity), this.priceTicks);
    this.next = copyInto(new Int32Array(capacity), this.next);
    this.previous = copyInto(new Int32Array(capacity), this.previous);
    this.owner = copyInto(new Int32Array(capacity), this.owner);
    this.isBid = copyInto(new Uint8Array(capacity), this.isBid);
    this.generation = copyInto(new Uint32Array(capacity), this.generation);
  }
}

function copyInto<Target extends { set(source: ArrayLike<number>): void }>(
  target: Target,
  source: ArrayLike<number>,
): Target {
  target.set(source);
  return target;
}
