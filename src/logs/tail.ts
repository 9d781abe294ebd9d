/**
 * The last lines of a file, read from its end in blocks: the same bytes as `tail -n`, in constant
 * memory, however large the file is; and the lines around a place in it. Every block is read
 * asynchronously, so that the engine's loop runs between any two. Searching is scan.ts's.
 */
import type { LogHit, LogSurroundings } from "../runtime/ports/log.ts";
import { closeFd, type Fd, openFd, READ_NO_LINK, readFd, statFd } from "./fd.ts";

/** More than a page shows; an answer of this many long lines is still bounded by bytes. */
export const TAIL_LINES_MAX = 10_000;
/**
 * What one answer may hold in memory: ten thousand of our own lines. Older lines are left out, and
 * a longer last line keeps its end.
 */
export const TAIL_BYTES_MAX = 4 * 1024 * 1024;
/** One read: a hundred of our lines fit in the first. */
const BLOCK_BYTES = 64 * 1024;
/** What is read on either side of a place: twenty of our lines many times over. */
const AROUND_BYTES = 128 * 1024;
const NEWLINE = 10;

/**
 * The last `lines` lines with their places, oldest first, without their newlines (a carriage return
 * stays). Bytes that are not UTF-8 become replacement characters. Null when there is no such file.
 */
export async function tailLines(path: string, lines: number): Promise<readonly LogHit[] | null> {
  const count = Math.min(Math.max(0, Math.trunc(lines)), TAIL_LINES_MAX);
  const tail = await tailBytes(path, count);
  if (tail === null) return null;
  const { start, bytes } = tail;
  const parts = partsOf(bytes, 0, bytes.length);
  return parts.map(({ offset, text }) => ({ offset: start + offset, text }));
}

/**
 * The last `lines` lines as they are in the file, what `tail -n` prints, and where they start. Null
 * when there is none.
 */
export async function tailBytes(
  path: string,
  lines: number,
): Promise<{ readonly start: number; readonly bytes: Buffer } | null> {
  return withFile(path, async (file) => {
    const bytes = await lastBytes(file, lines);
    return { start: file.bytes - bytes.length, bytes };
  });
}

/** One buffer is kept for the next call: a page that polls would leave megabytes of garbage. */
class SpareBlock {
  private readonly bytes: number;
  private spare: Buffer | null = null;

  constructor(bytes: number) {
    this.bytes = bytes;
  }

  take(): Buffer {
    const block = this.spare ?? Buffer.allocUnsafeSlow(this.bytes);
    this.spare = null;
    return block;
  }

  giveBack(block: Buffer): void {
    this.spare = block;
  }
}

const tailBlocks = new SpareBlock(BLOCK_BYTES);

interface OpenFile {
  readonly fd: Fd;
  /** At the time it was opened: what is appended later is left to the next call. */
  readonly bytes: number;
}

async function withFile<Value>(
  path: string,
  work: (file: OpenFile) => Promise<Value>,
): Promise<Value | null> {
  const fd = await openFd(path, READ_NO_LINK).catch(() => null);
  if (fd === null) return null;
  try {
    const { size } = await statFd(fd);
    return await work({ fd, bytes: size });
  } catch {
    return null; // It vanished or became unreadable between two blocks.
  } finally {
    await closeFd(fd);
  }
}

async function lastBytes(file: OpenFile, lines: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let end = file.bytes;
  // The newline that ends the last line starts no further line.
  let newlinesLeft = lines;
  let held = 0;
  const space = tailBlocks.take();
  while (end > 0 && lines > 0 && held < TAIL_BYTES_MAX) {
    const block = await readBlock(file, end, space);
    if (block.length === 0) break;
    if (end === file.bytes && block.at(-1) === NEWLINE) newlinesLeft++;
    const { start, newlines } = backOver(block, newlinesLeft);
    newlinesLeft -= newlines;
    pieces.unshift(Buffer.from(block.subarray(start)));
    held += block.length - start;
    if (newlinesLeft === 0) break;
    end -= block.length;
  }
  tailBlocks.giveBack(space);
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}

/** Steps back over at most `count` newlines; where the text behind the last of them starts. */
function backOver(block: Buffer, count: number): { start: number; newlines: number } {
  let position = block.length;
  for (let newlines = 0; newlines < count; newlines++) {
    const found = position === 0 ? -1 : block.lastIndexOf(NEWLINE, position - 1);
    if (found === -1) return { start: 0, newlines };
    if (newlines + 1 === count) return { start: found + 1, newlines: count };
    position = found;
  }
  return { start: 0, newlines: 0 };
}

/** The bytes that end at `end`, as many as fit; fewer when the file was truncated meanwhile. */
async function readBlock(file: OpenFile, end: number, into: Buffer): Promise<Buffer> {
  const bytes = Math.min(into.length, end);
  const read = await readFd(file.fd, into.subarray(0, bytes), end - bytes);
  return into.subarray(0, read);
}

/**
 * The line that the byte at `offset` lies in, with up to `lines` before and after it, as far as
 * {@link AROUND_BYTES} on either side reach. Null when the file does not reach that far.
 */
export async function linesAround(
  path: string,
  offset: number,
  lines: number,
): Promise<LogSurroundings | null> {
  return withFile(path, async ({ fd, bytes }) => {
    if (offset >= bytes) return null;
    const start = Math.max(0, offset - AROUND_BYTES);
    const space = Buffer.alloc(Math.min(bytes, offset + AROUND_BYTES) - start);
    const text = space.subarray(0, await readFd(fd, space, start));
    const before = partsOf(text, 0, offset - start);
    const at = before.pop();
    const from = at === undefined ? 0 : at.offset;
    const near = [...before.slice(-lines), ...partsOf(text, from, text.length).slice(0, lines + 1)];
    const hits = near.map((part) => ({ ...part, offset: start + part.offset }));
    return { lines: hits, fileBytes: bytes };
  });
}

/** The lines between two places of a text; the last one may be the beginning of a line only. */
function partsOf(text: Buffer, from: number, end: number): LogHit[] {
  const parts: LogHit[] = [];
  for (let start = from; start <= end; ) {
    const newline = text.indexOf(NEWLINE, start);
    const stop = newline === -1 || newline > end ? end : newline;
    if (start < text.length) {
      parts.push({ offset: start, text: text.toString("utf8", start, stop) });
    }
    start = stop + 1;
  }
  return parts;
}
