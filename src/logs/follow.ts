/**
 * Follows a growing file: each poll hands over the lines that came since the last one.
 *
 * Polling is the truth, because change notices get lost under Bun when two come close together;
 * a notice only makes the next poll come sooner. Rotation, deletion and truncation are seen by
 * comparing the open file with its name: a file that was moved away is read to its end first, and
 * when several rotations came between two polls, the files between are read in order. A file that
 * is truncated in place loses what had not been read, and is read from its beginning, also when it
 * has grown past our place meanwhile.
 */
import { type FSWatcher, watch } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Clock } from "../runtime/ports/clock.ts";
import type { OnLogLines } from "../runtime/ports/log.ts";
import { closeFd, type Fd, openFd, READ_NO_LINK, readFd, statFd } from "./fd.ts";
import { rotatedName, rotatedNumbers } from "./rotating-file.ts";

/** A reader does not see the difference to "at once"; ten files cost no measurable load. */
export const POLL_EVERY_MS = 250;
/** A change notice brings the next poll forward to this. */
const WAKE_AFTER_MS = 20;
const BLOCK_BYTES = 64 * 1024;
/**
 * One poll takes at most this much and leaves the rest to the next, so that others get their turn.
 */
const POLL_BYTES_MAX = 16 * 1024 * 1024;
/** What a page can append at once without a jolt. */
export const BATCH_LINES_MAX = 500;
/** A line without an end is handed over in parts of this size rather than collected for ever. */
export const PART_BYTES_MAX = 256 * 1024;
/** Lines begin with their time: so many bytes tell one place of a log from any other. */
const SEEN_BYTES = 64;
const NEWLINE = 10;

interface FollowOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly onLines: OnLogLines;
}

/** Starts at the end of the file as it is now. Returns what ends it. */
export function followFile(options: FollowOptions): () => void {
  const follower = new Follower(options);
  follower.start();
  return () => follower.stop();
}

class Follower {
  private readonly options: FollowOptions;
  private fd: Fd | null = null;
  private inode = 0;
  private offset = 0;
  private unfinished: Buffer = Buffer.alloc(0);
  /** The last bytes that were read, empty before the first. */
  private seen: Buffer = Buffer.alloc(0);
  private readonly block = Buffer.allocUnsafe(BLOCK_BYTES);
  private batch: string[] = [];
  private batchOffsets: number[] = [];
  private stopped = false;
  private polling = false;
  private woken = false;
  private cancelTimer: (() => void) | null = null;
  private watcher: FSWatcher | null = null;

  constructor(options: FollowOptions) {
    this.options = options;
  }

  start(): void {
    this.watchForWakeUps();
    this.run(() => this.openAtEnd());
  }

  stop(): void {
    this.stopped = true;
    this.cancelTimer?.();
    this.watcher?.close();
    if (!this.polling) this.release();
  }

  private run(work: () => Promise<void>): void {
    this.polling = true;
    this.woken = false;
    work()
      .catch(() => {}) // The file vanished in the middle: the next poll looks again.
      .finally(() => {
        this.polling = false;
        if (this.stopped) this.release();
        else this.pollAfter(POLL_EVERY_MS);
      });
  }

  private pollAfter(delayMs: number): void {
    this.cancelTimer?.();
    this.cancelTimer = this.options.clock.after(delayMs, () => this.run(() => this.poll()));
  }

  private release(): void {
    if (this.fd !== null) void closeFd(this.fd);
    this.fd = null;
  }

  private watchForWakeUps(): void {
    try {
      this.watcher = watch(dirname(this.options.path), { persistent: false }, () => {
        if (this.polling || this.stopped || this.woken) return;
        this.woken = true; // Once: notices that keep coming must not put the poll off for ever.
        this.pollAfter(WAKE_AFTER_MS);
      });
      this.watcher.on("error", () => this.watcher?.close());
    } catch {
      this.watcher = null; // No notices here: polling alone is enough.
    }
  }

  private async openAtEnd(): Promise<void> {
    await this.open(this.options.path);
    if (this.fd === null) return;
    const { size } = await statFd(this.fd);
    const seen = Buffer.alloc(Math.min(SEEN_BYTES, size));
    await readFd(this.fd, seen, size - seen.length);
    this.offset = size;
    this.seen = seen;
  }

  private async open(path: string): Promise<void> {
    this.release();
    const fd = await openFd(path, READ_NO_LINK).catch(() => null);
    if (fd === null) return;
    this.fd = fd;
    this.inode = (await statFd(fd)).ino;
    this.offset = 0;
    this.unfinished = Buffer.alloc(0);
    this.seen = Buffer.alloc(0);
  }

  private async poll(): Promise<void> {
    let budget = POLL_BYTES_MAX;
    while (!this.stopped && budget > 0) {
      if (this.fd === null) await this.open(this.options.path);
      if (this.fd === null) break;
      budget -= await this.drain(budget);
      const next = budget > 0 ? await this.nextFile() : null;
      if (next === null) break;
      this.finishLine();
      await this.open(next);
    }
    this.handOver();
  }

  /** Reads to the end of the open file, or until the budget is spent. Returns the bytes read. */
  private async drain(budget: number): Promise<number> {
    let taken = 0;
    if (this.fd === null) return taken;
    const { size } = await statFd(this.fd);
    if (size < this.offset || !(await this.isSameBefore())) {
      this.offset = 0;
      this.unfinished = Buffer.alloc(0);
    }
    while (taken < budget && !this.stopped && this.fd !== null) {
      const bytes = await readFd(this.fd, this.block, this.offset);
      if (bytes === 0) break;
      this.offset += bytes;
      taken += bytes;
      this.seen = Buffer.from(this.block.subarray(Math.max(0, bytes - SEEN_BYTES), bytes));
      this.takeBytes(this.block.subarray(0, bytes));
    }
    return taken;
  }

  /**
   * False when the file was emptied and has grown past our place since: what lies before it is not
   * what was read there.
   */
  private async isSameBefore(): Promise<boolean> {
    const { seen, fd } = this;
    if (seen.length === 0 || fd === null) return true;
    const now = Buffer.alloc(seen.length);
    const bytes = await readFd(fd, now, this.offset - seen.length);
    return bytes === seen.length && now.equals(seen);
  }

  /** The file that follows the open one, when that is no longer what its name says. */
  private async nextFile(): Promise<string | null> {
    const { path } = this.options;
    const named = await stat(path).catch(() => null);
    if (named?.ino === this.inode) return null;
    const number = await this.rotatedNumberOfOpenFile();
    if (number !== null && number > 1) {
      return join(dirname(path), rotatedName(this.stem(), number - 1));
    }
    return named === null ? null : path;
  }

  private async rotatedNumberOfOpenFile(): Promise<number | null> {
    const dir = dirname(this.options.path);
    const names = await readdir(dir).catch(() => []);
    for (const number of rotatedNumbers(names, this.stem())) {
      const info = await stat(join(dir, rotatedName(this.stem(), number))).catch(() => null);
      if (info?.ino === this.inode) return number;
    }
    return null;
  }

  private stem(): string {
    return basename(this.options.path, ".log");
  }

  private takeBytes(bytes: Buffer): void {
    const text = this.unfinished.length === 0 ? bytes : Buffer.concat([this.unfinished, bytes]);
    const textAt = this.offset - text.length;
    let start = 0;
    for (;;) {
      const end = text.indexOf(NEWLINE, start);
      if (end === -1) break;
      this.take(text.toString("utf8", start, end), textAt + start);
      start = end + 1;
    }
    if (text.length - start >= PART_BYTES_MAX) {
      this.take(text.toString("utf8", start), textAt + start);
      start = text.length;
    }
    this.unfinished = Buffer.from(text.subarray(start));
  }

  /** A file that will not grow any more ends its last line with its last byte. */
  private finishLine(): void {
    const { unfinished } = this;
    if (unfinished.length > 0) {
      this.take(unfinished.toString("utf8"), this.offset - unfinished.length);
    }
    this.unfinished = Buffer.alloc(0);
  }

  private take(line: string, offset: number): void {
    this.batch.push(line);
    this.batchOffsets.push(offset);
    if (this.batch.length >= BATCH_LINES_MAX) this.handOver();
  }

  private handOver(): void {
    const { batch, batchOffsets } = this;
    if (batch.length === 0 || this.stopped) return;
    this.batch = [];
    this.batchOffsets = [];
    try {
      this.options.onLines(batch, batchOffsets);
    } catch {
      this.stop(); // A reader that fails is not called again.
    }
  }
}
