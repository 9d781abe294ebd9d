/**
 * Where in a log a moment lies: the time of the first line behind each mark, one mark every
 * {@link MARK_EVERY_BYTES}, read only where a search for a moment looks and kept from then on.
 *
 * Assumption: a log's times do not fall by more than {@link DISORDER_MS_MAX}. Stretches whose lines
 * have no times are read rather than skipped.
 */
import { readSync } from "node:fs";
import type { Fd } from "./fd.ts";
import { timeOf } from "./log-filter.ts";

/** Part of a file, in bytes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** As large as a block of the scan: 10 GB have 2,500 marks. */
const MARK_EVERY_BYTES = 4 * 1024 * 1024;
/** Lines of several writers may be this far out of order; a clock that was set is not followed. */
const DISORDER_MS_MAX = 5_000;
/** A line with a time begins within this of a mark, or the mark has none. */
const LOOK_BYTES = 64 * 1024;

export class TimeIndex {
  private readonly fd: Fd;
  private readonly bytes: number;
  private readonly marks = new Map<number, number | null>();

  /** For `bytes` of a file: what is appended later has no marks. */
  constructor(fd: Fd, bytes: number) {
    this.fd = fd;
    this.bytes = bytes;
  }

  /** The part in which every line between the two moments lies, in whole blocks. */
  spanOf(fromMs: number | undefined, untilMs: number | undefined): Span {
    const count = Math.ceil(this.bytes / MARK_EVERY_BYTES);
    const first =
      fromMs === undefined ? 0 : this.markAfter(fromMs - DISORDER_MS_MAX, count, "earliest") - 1;
    const last =
      untilMs === undefined ? count : this.markAfter(untilMs + DISORDER_MS_MAX, count, "latest");
    // A line that crosses a mark belongs to the block before it: one block more on either side.
    const start = Math.max(0, first - 1) * MARK_EVERY_BYTES;
    const end = Math.min(this.bytes, (last + 1) * MARK_EVERY_BYTES);
    return { start: this.lineStart(start), end: Math.max(end, start) };
  }

  /**
   * The first mark behind which a line is younger than `atMs`; `count` when there is none. Where
   * marks have no times it is the earliest or the latest that it may be.
   */
  private markAfter(atMs: number, count: number, unknown: "earliest" | "latest"): number {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      const found = this.timeAt(middle, high);
      if (found === null ? unknown === "earliest" : found > atMs) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** A mark without a time borrows the next one's below `before`. */
  private timeAt(mark: number, before: number): number | null {
    for (let at = mark; at < before; at++) {
      const known = this.marks.get(at);
      const atMs = known === undefined ? this.look(at) : known;
      if (known === undefined) this.marks.set(at, atMs);
      if (atMs !== null) return atMs;
    }
    return null;
  }

  private look(mark: number): number | null {
    const lines = this.read(mark * MARK_EVERY_BYTES).split("\n");
    // Behind a mark lies the rest of a line; the last one may be cut.
    for (const line of lines.slice(mark === 0 ? 0 : 1)) {
      const atMs = timeOf(line);
      if (atMs !== null) return atMs;
    }
    return null;
  }

  private lineStart(offset: number): number {
    if (offset === 0) return 0;
    const end = this.read(offset).indexOf("\n");
    return end === -1 ? offset : offset + end + 1;
  }

  /** As one character a byte, so that places in the text are places in the file. */
  private read(offset: number): string {
    const space = Buffer.allocUnsafe(LOOK_BYTES);
    const bytes = readSync(this.fd, space, 0, LOOK_BYTES, offset);
    return space.toString("latin1", 0, bytes);
  }
}
