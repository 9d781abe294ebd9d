/** Numbers the engine keeps per symbol, one column each, indexed by symbol id. */
import { asSymbolId, type SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";

export class Columns {
  size = 0;
  /** 1 where the symbol is active, has a position or live orders: decided on every frame. */
  watched = new Uint8Array(0);
  /** Our clock before which frames do not decide this symbol. */
  decideAfterMs = new Float64Array(0);
  resubscribedAtMs = new Float64Array(0);
  protectedAtMs = new Float64Array(0);
  /** Refusals of the stop of the position that is held now. */
  stopRefusals = new Float64Array(0);
  /** Our clock since when that position has no stop that protects it; 0 while it has. */
  stoplessSinceMs = new Float64Array(0);
  /** Our clock until which the venue is taken to let nobody trade the symbol: it said so. */
  untradableUntilMs = new Float64Array(0);
  /** 1 while the symbol waits for its row in an audit tick. */
  private dirty = new Uint8Array(0);
  /** First in, first out: dirty symbols in the order they changed. Each stands there once. */
  private queue = new Int32Array(0);
  private head = 0;
  private queued = 0;

  grow(size: number): void {
    if (size <= this.size) return;
    const waiting = this.takeDirty(this.queued);
    this.watched = bytes(this.watched, size);
    this.decideAfterMs = numbers(this.decideAfterMs, size);
    this.resubscribedAtMs = numbers(this.resubscribedAtMs, size);
    this.protectedAtMs = numbers(this.protectedAtMs, size);
    this.stopRefusals = numbers(this.stopRefusals, size);
    this.stoplessSinceMs = numbers(this.stoplessSinceMs, size);
    this.untradableUntilMs = numbers(this.untradableUntilMs, size);
    this.dirty = new Uint8Array(size);
    this.queue = new Int32Array(size);
    this.head = 0;
    this.size = size;
    for (const id of waiting) this.markDirty(id);
  }

  markDirty(id: SymbolId): void {
    assert(id < this.size, "a symbol has its columns before it changes");
    if (this.dirty[id] === 1) return;
    this.dirty[id] = 1;
    this.queue[(this.head + this.queued) % this.size] = id;
    this.queued++;
    assert(this.queued <= this.size, "each symbol waits once");
  }

  /** Takes up to `countMax` symbols off the queue, the longest waiting first. */
  takeDirty(countMax: number): SymbolId[] {
    const taken: SymbolId[] = [];
    for (const wanted = Math.min(countMax, this.queued); taken.length < wanted; ) {
      const id = asSymbolId(this.queue[this.head] ?? 0);
      this.head = (this.head + 1) % this.size;
      this.queued--;
      this.dirty[id] = 0;
      taken.push(id);
    }
    return taken;
  }
}

function bytes(column: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const wider = new Uint8Array(size);
  wider.set(column);
  return wider;
}

function numbers(column: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(size);
  wider.set(column);
  return wider;
}
