/**
 * Appends lines to a file that is rotated by size: engine.log, engine.1.log (newest), engine.2.log
 * …
 *
 * rotating-file-stream rotates without loss under Bun, but goes on writing into a deleted file, has
 * no limit on what waits in memory, and caps one stream and not a directory; so this is our own.
 * `write` only queues: one loop writes whole lines in large pieces with asynchronous calls. When
 * the disk is too slow or full, lines are dropped and counted; the next line that fits says how
 * many.
 */
import { appendFileSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorText } from "../kernel/wording.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import { appendFd, closeFd, type Fd, openFd, statFd, truncateFd } from "./fd.ts";

/** Seconds of the busiest log; bounded so that a dead disk costs memory for one breath only. */
export const PENDING_BYTES_MAX = 8 * 1024 * 1024;
/** One system call; a line longer than this is its own piece. */
const PIECE_BYTES_MAX = 256 * 1024;
/**
 * Lines of a burst leave together: a write of its own costs the engine's thread up to a
 * millisecond, and an order has several lines within a few. Nobody reads a log faster than that.
 */
export const GATHER_MS = 50;
/** How soon a deleted or replaced file is noticed. */
export const CHECK_EVERY_MS = 1_000;
/**
 * After a failed write: long enough not to spin, short enough to notice that there is room again.
 */
export const RETRY_AFTER_MS = 1_000;

interface RotatingFileOptions {
  readonly dir: string;
  /** "engine" gives engine.log. */
  readonly name: string;
  readonly fileBytesMax: number;
  readonly clock: Clock;
  /** Called after a rotation, for the cap over the directory. */
  readonly onRotated: () => Promise<void>;
  /**
   * Lets one log of the directory rename and delete at a time: the cap deletes others' files too.
   */
  readonly inTurn: (work: () => Promise<void>) => Promise<void>;
}

export interface WriterStats {
  readonly pendingBytes: number;
  readonly droppedLines: number;
  readonly lastOkAtMs: number | null;
  /** Empty while writing works. */
  readonly lastError: string;
}

export class RotatingFile {
  private readonly options: RotatingFileOptions;
  private readonly path: string;
  private queue: string[] = [];
  private pendingBytes = 0;
  private droppedLines = 0;
  private droppedUnsaid = 0;
  private lastOkAtMs: number | null = null;
  private lastError = "";
  private file: Fd | null = null;
  private fileInode = 0;
  private fileBytes = 0;
  private checkedAtMs = 0;
  private pumping: Promise<void> | null = null;
  private cancelRetry: (() => void) | null = null;
  private cancelGather: (() => void) | null = null;
  private closed = false;

  constructor(options: RotatingFileOptions) {
    this.options = options;
    this.path = join(options.dir, `${options.name}.log`);
  }

  /** Queues one line, with its newline. Never blocks, never throws. */
  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.closed || this.pendingBytes + bytes > PENDING_BYTES_MAX) {
      this.droppedLines++;
      this.droppedUnsaid++;
      return;
    }
    this.queue.push(line);
    this.pendingBytes += bytes;
    if (this.cancelRetry !== null || this.pumping !== null) return;
    this.cancelGather ??= this.options.clock.after(GATHER_MS, () => this.start());
  }

  stats(): WriterStats {
    const { pendingBytes, droppedLines, lastOkAtMs, lastError } = this;
    return { pendingBytes, droppedLines, lastOkAtMs, lastError };
  }

  /** Waits until everything queued so far is in the file, or the disk has refused it once. */
  async flush(): Promise<void> {
    this.stopRetry();
    if (this.queue.length > 0) this.start();
    await this.pumping;
  }

  /** Writes what is queued with blocking calls: for a process that is about to die. */
  flushSync(): void {
    const text = this.queue.join("");
    this.queue = [];
    this.pendingBytes = 0;
    try {
      if (text !== "") appendFileSync(this.path, text);
    } catch (error) {
      this.lastError = errorText(error);
    }
  }

  async close(): Promise<void> {
    await this.flush();
    this.closed = true;
    this.stopRetry();
    this.droppedLines += this.queue.length;
    this.queue = [];
    await this.closeFile();
  }

  private start(): void {
    this.cancelGather?.();
    this.cancelGather = null;
    this.pumping ??= this.pump().finally(() => {
      this.pumping = null;
      if (this.queue.length > 0 && this.cancelRetry === null && !this.closed) this.start();
    });
  }

  private async pump(): Promise<void> {
    while (this.queue.length > 0) {
      try {
        await this.writePiece();
        this.lastOkAtMs = this.options.clock.nowMs();
        this.lastError = "";
      } catch (error) {
        await this.failed(error);
        return;
      }
    }
  }

  private async writePiece(): Promise<void> {
    const file = await this.readyFile();
    const { lines, piece } = this.nextPiece();
    await this.appendWhole(file, piece);
    this.queue.splice(0, lines);
    this.pendingBytes -= piece.length;
    this.sayDropped();
  }

  /** A disk that fills up half-way must not leave half a line: the piece is taken back whole. */
  private async appendWhole(file: Fd, piece: Buffer): Promise<void> {
    let written = 0;
    try {
      while (written < piece.length) {
        written += await appendFd(file, piece, written);
      }
    } catch (error) {
      if (written > 0) await truncateFd(file, this.fileBytes).catch(() => {});
      throw error;
    }
    this.fileBytes += written;
  }

  /** Whole lines from the front of the queue, as many as fit the file and one call. */
  private nextPiece(): { lines: number; piece: Buffer } {
    const room = Math.min(PIECE_BYTES_MAX, this.options.fileBytesMax - this.fileBytes);
    let bytes = 0;
    let lines = 0;
    for (const line of this.queue) {
      const lineBytes = Buffer.byteLength(line);
      if (lines > 0 && bytes + lineBytes > room) break;
      bytes += lineBytes;
      lines++;
    }
    return { lines, piece: Buffer.from(this.queue.slice(0, lines).join("")) };
  }

  private async readyFile(): Promise<Fd> {
    await this.checkFile();
    const next = Buffer.byteLength(this.queue[0] ?? "");
    if (this.fileBytes > 0 && this.fileBytes + next > this.options.fileBytesMax) {
      await this.rotate();
    }
    return this.file ?? (await this.openFile());
  }

  /** A file deleted or moved away under us would swallow lines: notice and open a new one. */
  private async checkFile(): Promise<void> {
    const nowMs = this.options.clock.nowMs();
    if (this.file !== null && nowMs - this.checkedAtMs < CHECK_EVERY_MS) return;
    this.checkedAtMs = nowMs;
    const found = await stat(this.path).catch(() => null);
    if (this.file === null) {
      this.fileBytes = found?.size ?? 0;
      return;
    }
    if (found?.ino === this.fileInode) {
      this.fileBytes = found.size; // Somebody may have truncated it.
      return;
    }
    await this.closeFile();
    this.fileBytes = found?.size ?? 0;
  }

  private async openFile(): Promise<Fd> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o750 });
    const file = await openFd(this.path, "a", 0o640);
    this.file = file;
    const { ino, size } = await statFd(file);
    this.fileInode = ino;
    this.fileBytes = size;
    return file;
  }

  private async closeFile(): Promise<void> {
    const file = this.file;
    this.file = null;
    if (file !== null) await closeFd(file);
  }

  private async rotate(): Promise<void> {
    await this.closeFile();
    await this.options.inTurn(() => this.moveOn());
  }

  private async moveOn(): Promise<void> {
    const { dir, name } = this.options;
    const numbers = rotatedNumbers(await readdir(dir), name);
    // Only the run of numbers up to the first hole has to move.
    let last = 0;
    while (numbers.has(last + 1)) last++;
    for (let number = last; number >= 1; number--) {
      await rename(join(dir, rotatedName(name, number)), join(dir, rotatedName(name, number + 1)));
    }
    await rename(this.path, join(dir, rotatedName(name, 1)));
    this.fileBytes = 0;
    await this.options.onRotated();
  }

  private async failed(error: unknown): Promise<void> {
    this.lastError = errorText(error);
    await this.closeFile();
    if (this.closed) return;
    this.cancelRetry = this.options.clock.after(RETRY_AFTER_MS, () => {
      this.cancelRetry = null;
      if (this.queue.length > 0) this.start();
    });
  }

  private stopRetry(): void {
    this.cancelRetry?.();
    this.cancelRetry = null;
  }

  private sayDropped(): void {
    if (this.droppedUnsaid === 0) return;
    const time = new Date(this.options.clock.nowMs()).toISOString();
    const dropped = this.droppedUnsaid;
    this.droppedUnsaid = 0;
    const line = { time, level: "warn", component: "logs", msg: "lines dropped", dropped };
    this.write(`${JSON.stringify(line)}\n`);
  }
}

export const rotatedName = (name: string, number: number): string => `${name}.${number}.log`;

/** The numbers of the rotated files of one log among the names of a directory. */
export function rotatedNumbers(names: readonly string[], name: string): Set<number> {
  const pattern = new RegExp(`^${RegExp.escape(name)}\\.([1-9]\\d{0,8})\\.log$`);
  const numbers = names.map((found) => Number(pattern.exec(found)?.[1] ?? 0));
  return new Set(numbers.filter((number) => number > 0));
}

/**
 * Deletes rotated files, the longest unchanged first, until `bytesMax` holds. Returns what is left.
 */
export async function capRotated(
  dir: string,
  names: readonly string[],
  bytesMax: number,
): Promise<number> {
  const found = await readdir(dir);
  const files: { path: string; bytes: number; changedAtMs: number; number: number }[] = [];
  for (const name of names) {
    for (const number of rotatedNumbers(found, name)) {
      const path = join(dir, rotatedName(name, number));
      const info = await stat(path).catch(() => null);
      if (info === null) continue;
      files.push({ path, bytes: info.size, changedAtMs: info.mtimeMs, number });
    }
  }
  files.sort((a, b) => a.changedAtMs - b.changedAtMs || b.number - a.number);
  let total = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of files) {
    if (total <= bytesMax) break;
    await rm(file.path, { force: true });
    total -= file.bytes;
  }
  return total;
}
