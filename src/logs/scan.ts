/**
 * Reads a whole log for the lines that fit a filter, newest first or in the file's order, in blocks
 * of {@link BLOCK_BYTES} and constant memory. Reads block: this runs in the search's own thread
 * (search-worker.ts) and nowhere else.
 *
 * A line that crosses the edge of a block is put together before it is looked at, so that it is
 * always searched whole; of one longer than {@link LINE_BYTES_MAX} only that much is.
 */
import { readSync } from "node:fs";
import type { LogFilter } from "../runtime/ports/log.ts";
import type { Fd } from "./fd.ts";
import { type LineTest, levelOf, lineTest } from "./log-filter.ts";
import type { Span } from "./time-index.ts";

/** Large enough to be read at the disk's speed, small enough to be left within milliseconds. */
export const BLOCK_BYTES = 4 * 1024 * 1024;
/** A longer line loses its front in a search; our own lines are far shorter. */
export const LINE_BYTES_MAX = 1024 * 1024;
const NEWLINE = 10;
/** Denser than this per block, bytes are counted one by one: a call a line would cost more. */
const NEWLINES_BY_CALL_MAX = 60_000;

interface Hit {
  /** Where the line begins in the file. */
  readonly offset: number;
  readonly text: string;
}

/** What has been read so far; grows while a scan runs. */
interface Scanned {
  bytes: number;
  lines: number;
  matches: number;
  /** Newest first: every line that begins at this byte or behind it was looked at. */
  before: number;
  /** Lines that fit but for the level, by level. */
  readonly levels: Record<string, number>;
}

export interface Scan {
  readonly scanned: Scanned;
  /** A hit, or null after each block, so that the caller can look at the time. */
  readonly found: Iterator<Hit | null>;
}

export function scan(fd: Fd, span: Span, filter: LogFilter, order: "newest" | "file"): Scan {
  const scanned: Scanned = { bytes: 0, lines: 0, matches: 0, before: span.end, levels: {} };
  const job = { fd, span, test: lineTest(filter), scanned };
  // A text with a newline is in no line.
  if (filter.q?.includes("\n") === true) return { scanned, found: nothing() };
  return { scanned, found: order === "newest" ? backwards(job) : forwards(job) };
}

interface Job {
  readonly fd: Fd;
  readonly span: Span;
  readonly test: LineTest;
  readonly scanned: Scanned;
}

function* nothing(): Generator<null> {}

/** Behind each block lies the front of the line that the block read before could not begin. */
function* backwards({ fd, span, test, scanned }: Job): Generator<Hit | null> {
  const space = Buffer.allocUnsafeSlow(BLOCK_BYTES + LINE_BYTES_MAX);
  let end = span.end;
  let unfinished = 0;
  while (end > span.start) {
    // Blocks begin at whole multiples, where the index of times has its marks.
    const start = Math.max(span.start, Math.floor((end - 1) / BLOCK_BYTES) * BLOCK_BYTES);
    const from = BLOCK_BYTES - (end - start);
    const read = readSync(fd, space, from, end - start, start);
    if (read < end - start) return; // Truncated meanwhile.
    const block = space.subarray(from, BLOCK_BYTES);
    scanned.bytes += block.length;
    scanned.lines += newlinesIn(block) + (end === span.end && block.at(-1) !== NEWLINE ? 1 : 0);
    const text = space.subarray(from, BLOCK_BYTES + unfinished);
    // What precedes the first newline is the end of a line that starts in the block before.
    const firstLine = start === span.start ? 0 : endOfFirstLine(text);
    const bounds = matchesIn(text.subarray(firstLine), test);
    for (let at = bounds.length - 2; at >= 0; at -= 2) {
      const hit = hitAt(text, firstLine, bounds, at);
      scanned.before = start + hit.offset;
      if (counts(hit.text, test, scanned)) yield { ...hit, offset: scanned.before };
    }
    scanned.before = start + firstLine;
    unfinished = Math.min(firstLine, LINE_BYTES_MAX);
    space.copyWithin(BLOCK_BYTES, from + firstLine - unfinished, from + firstLine);
    end = start;
    yield null;
  }
}

/** In front of each block lies the beginning of the line that the block before could not end. */
function* forwards({ fd, span, test, scanned }: Job): Generator<Hit | null> {
  const space = Buffer.allocUnsafeSlow(LINE_BYTES_MAX + BLOCK_BYTES);
  let start = span.start;
  let unfinished = 0;
  while (start < span.end) {
    const wanted = Math.min(BLOCK_BYTES, span.end - start);
    const read = readSync(fd, space, LINE_BYTES_MAX, wanted, start);
    if (read === 0) return; // Truncated meanwhile.
    const block = space.subarray(LINE_BYTES_MAX, LINE_BYTES_MAX + read);
    scanned.bytes += read;
    const text = space.subarray(LINE_BYTES_MAX - unfinished, LINE_BYTES_MAX + read);
    const isLast = start + read >= span.end;
    scanned.lines += newlinesIn(block) + (isLast && block.at(-1) !== NEWLINE ? 1 : 0);
    const lastLine = isLast ? text.length : text.lastIndexOf(NEWLINE) + 1;
    const whole = text.subarray(0, lastLine);
    const bounds = matchesIn(whole, test);
    for (let at = 0; at < bounds.length; at += 2) {
      const hit = hitAt(whole, 0, bounds, at);
      const offset = start - unfinished + hit.offset;
      if (counts(hit.text, test, scanned)) yield { ...hit, offset };
    }
    const rest = Math.min(text.length - lastLine, LINE_BYTES_MAX);
    space.copyWithin(LINE_BYTES_MAX - rest, LINE_BYTES_MAX + read - rest, LINE_BYTES_MAX + read);
    unfinished = rest;
    start += read;
    yield null;
  }
}

function hitAt(text: Buffer, from: number, bounds: readonly number[], at: number): Hit {
  const start = from + (bounds[at] ?? 0);
  const end = from + (bounds[at + 1] ?? 0);
  return { offset: start, text: text.toString("utf8", Math.max(start, end - LINE_BYTES_MAX), end) };
}

/** Counts a line that fits, and says whether it is of a wanted level. */
function counts(line: string, test: LineTest, scanned: Scanned): boolean {
  if (!test.isPlain && !test.fits(line)) return false;
  const level = levelOf(line);
  scanned.levels[level] = (scanned.levels[level] ?? 0) + 1;
  if (!test.hasLevel(level)) return false;
  scanned.matches++;
  return true;
}

function endOfFirstLine(text: Buffer): number {
  const newline = text.indexOf(NEWLINE);
  return newline === -1 ? text.length : newline + 1;
}

/** Start and end of each line that may fit, one after the other, in the file's order. */
function matchesIn(text: Buffer, { needle }: LineTest): number[] {
  const bounds: number[] = [];
  for (let from = 0; from < text.length; ) {
    const hit = needle === null ? from : text.indexOf(needle, from);
    if (hit === -1) break;
    const start = needle === null || hit === 0 ? hit : text.lastIndexOf(NEWLINE, hit - 1) + 1;
    const newline = text.indexOf(NEWLINE, hit);
    const end = newline === -1 ? text.length : newline;
    bounds.push(start, end);
    from = end + 1;
  }
  return bounds;
}

function newlinesIn(block: Buffer): number {
  let count = 0;
  for (let at = block.indexOf(NEWLINE); at !== -1; at = block.indexOf(NEWLINE, at + 1)) {
    if (++count < NEWLINES_BY_CALL_MAX) continue;
    for (let rest = at + 1; rest < block.length; rest++) if (block[rest] === NEWLINE) count++;
    break;
  }
  return count;
}
