/**
 * What our own executions teach of a symbol: how far from the mid price we take, and how far the
 * price goes against a fill within five seconds, both in bps of the fill, positive when it hurts.
 */
import type { ExecId, Side, SymbolId } from "../domain/units.ts";
import { signOf } from "../domain/units.ts";

export interface FillFacts {
  readonly execId: ExecId;
  readonly symbolId: SymbolId;
  readonly side: Side;
  readonly price: number;
  readonly isMaker: boolean;
}

/** What one look at the market after a fill says; null when it says nothing new. */
interface Lesson {
  readonly symbolId: SymbolId;
  readonly kind: "slippage" | "adverse";
  readonly bps: number;
}

const ADVERSE_MS = 5_000;
/** More executions than an account of ours may have within five seconds. */
const WAITING_MAX = 1_000;

export class FillMarks {
  private readonly waiting = new Map<ExecId, FillFacts>();

  /** An execution of ours; at the limit the oldest is not learned from. */
  note(fill: FillFacts): void {
    this.waiting.set(fill.execId, fill);
    for (const oldest of this.waiting.keys()) {
      if (this.waiting.size <= WAITING_MAX) break;
      this.waiting.delete(oldest);
    }
  }

  /** The mid price `horizonMs` after an execution. */
  mid(execId: ExecId, horizonMs: number, mid: number): Lesson | null {
    const fill = this.waiting.get(execId);
    if (fill === undefined || !(fill.price > 0)) return null;
    const { symbolId, side, price, isMaker } = fill;
    if (horizonMs >= ADVERSE_MS) this.waiting.delete(execId);
    const bps = ((price - mid) / price) * 10_000 * signOf(side);
    if (horizonMs === 0) return isMaker ? null : { symbolId, kind: "slippage", bps };
    return horizonMs === ADVERSE_MS ? { symbolId, kind: "adverse", bps } : null;
  }
}
