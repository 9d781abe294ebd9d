/**
 * Hands every audit tick to every reader.
 *
 * Readers are equals and know nothing of each other: one that throws or takes long is logged and
 * counted, and the others get the tick all the same. The engine is never told: nothing that a
 * reader does can stop trading.
 */
import type { AuditTick } from "../engine/audit.ts";
import { assert } from "../kernel/assert.ts";
import { errorStack, errorText } from "../kernel/wording.ts";
import type { AuditReader, ReaderStats } from "./ports/audit-reader.ts";
import type { Clock } from "./ports/clock.ts";
import type { LogPort } from "./ports/log.ts";

/** A reader that takes longer holds market frames up; a full tick folds in well under one. */
export const READER_MS_MAX = 5;
/** A reader that is broken throws four times a second: one line a minute says as much. */
export const COMPLAIN_EVERY_MS = 60_000;

interface AuditReadersOptions {
  /** Each with a name of its own; they get a tick in this order. */
  readonly readers: readonly AuditReader[];
  readonly clock: Clock;
  readonly log: LogPort;
}

interface Seat {
  readonly reader: AuditReader;
  failures: number;
  slow: number;
  lastError: string;
  failedAtMs: number;
  /** Our clock at the last line of the log about it. */
  toldAtMs: number;
}

export class AuditReaders {
  private readonly options: AuditReadersOptions;
  private readonly seats: readonly Seat[];

  constructor(options: AuditReadersOptions) {
    const names = options.readers.map(({ name }) => name);
    assert(new Set(names).size === names.length, "no two audit readers have the same name");
    this.options = options;
    this.seats = options.readers.map((reader) => ({
      reader,
      failures: 0,
      slow: 0,
      lastError: "",
      failedAtMs: 0,
      toldAtMs: Number.NEGATIVE_INFINITY,
    }));
  }

  /** Never throws. */
  readonly deliver = (tick: AuditTick): void => {
    const { clock } = this.options;
    let startedMs = clock.monotonicMs();
    for (const seat of this.seats) {
      try {
        const result: unknown = seat.reader.onTick(tick);
        if (result instanceof Promise) result.catch((error) => this.failed(seat, tick, error));
      } catch (error) {
        this.failed(seat, tick, error);
      }
      const endedMs = clock.monotonicMs();
      if (endedMs - startedMs > READER_MS_MAX) this.tookLong(seat, tick, endedMs - startedMs);
      startedMs = endedMs;
    }
  };

  stats(): readonly ReaderStats[] {
    return this.seats.map(({ reader, failures, slow, lastError, failedAtMs }) => ({
      name: reader.name,
      failures,
      slow,
      lastError,
      failedAtMs,
    }));
  }

  private failed(seat: Seat, tick: AuditTick, error: unknown): void {
    seat.failures++;
    seat.lastError = errorText(error);
    seat.failedAtMs = tick.atMs;
    if (!this.mayTell(seat, tick)) return;
    const { failures } = seat;
    const text = errorStack(error);
    this.options.log.error(
      `audit reader ${seat.reader.name} failed on tick ${tick.seq}; it goes on with the next`,
      { failures, text },
    );
  }

  private tookLong(seat: Seat, tick: AuditTick, tookMs: number): void {
    seat.slow++;
    if (!this.mayTell(seat, tick)) return;
    this.options.log.warn(`audit reader ${seat.reader.name} held the engine up`, {
      tookMs: Math.round(tookMs),
      mayTakeMs: READER_MS_MAX,
      times: seat.slow,
    });
  }

  private mayTell(seat: Seat, { atMs }: AuditTick): boolean {
    if (atMs - seat.toldAtMs < COMPLAIN_EVERY_MS) return false;
    seat.toldAtMs = atMs;
    return true;
  }
}
