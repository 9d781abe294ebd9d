/**
 * Which executions still wait to be looked at again: how the market moved 1, 5 and 30 s after a
 * fill tells whether it was a good one.
 *
 * One queue a horizon: executions come in the order of our clock, so each queue is due in order.
 * What does not fit is not looked at again, which is then not known of it.
 */
import type { ExecId, Price, SymbolId } from "../domain/units.ts";
import { assert, must } from "../kernel/assert.ts";
import { BoundedQueue } from "../kernel/bounded-queue.ts";

/** After the fill, by our clock; 0 is the fill itself. */
const MARK_HORIZONS_MS = [1_000, 5_000, 30_000] as const;
export type MarkHorizonMs = 0 | (typeof MARK_HORIZONS_MS)[number];

/** Three hundred executions a second for half a minute: no account of ours may send as many. */
const WAITING_MAX = 10_000;

/** Middle of best bid and ask at a horizon after an execution. */
export interface MarkOut {
  readonly execId: ExecId;
  readonly horizonMs: MarkHorizonMs;
  readonly mid: Price;
}

interface Waiting {
  readonly execId: ExecId;
  readonly symbolId: SymbolId;
  readonly dueAtMs: number;
}

interface DueMark extends Waiting {
  readonly horizonMs: MarkHorizonMs;
}

export class MarkOuts {
  private readonly queues = MARK_HORIZONS_MS.map((horizonMs) => ({
    horizonMs,
    waiting: new BoundedQueue<Waiting>(WAITING_MAX),
  }));
  private lastAtMs = 0;

  /**
   * Waits for each horizon after `atMs`. An execution that is booked as of an earlier time than
   * another before it is not waited for: a queue is in the order of its times.
   */
  note(execId: ExecId, symbolId: SymbolId, atMs: number): void {
    assert(execId !== "", "what is waited for has an id");
    if (atMs < this.lastAtMs) return;
    this.lastAtMs = atMs;
    for (const { horizonMs, waiting } of this.queues) {
      // At the limit it is left out: it stays unknown.
      waiting.push({ execId, symbolId, dueAtMs: atMs + horizonMs });
    }
  }

  /** When the next one is due; null when none waits. */
  nextDueAtMs(): number | null {
    const due = this.queues.flatMap(({ waiting }) => waiting.first()?.dueAtMs ?? []);
    const next = due.length === 0 ? null : Math.min(...due);
    assert(next === null || next > 0, "what waits is due at a time");
    return next;
  }

  /** Takes everything due at `atMs`, shortest horizon first. */
  takeDue(atMs: number): readonly DueMark[] {
    const due: DueMark[] = [];
    for (const { horizonMs, waiting } of this.queues) {
      for (let first = waiting.first(); first !== undefined; first = waiting.first()) {
        if (first.dueAtMs > atMs) break;
        due.push({ ...must(waiting.shift(), "the first is there"), horizonMs });
      }
    }
    assert(
      due.every(({ dueAtMs }) => dueAtMs <= atMs),
      "nothing is taken before it is due",
    );
    return due;
  }
}
