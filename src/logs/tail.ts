/**
 * The last lines of a file, read from its end in blocks: the same bytes as `tail -n`, in constant
 * memory, however large the file is. With a text to look for, blocks are searched backwards and
 * only the lines that hold it are cut out. Every block is read asynchronously, so that the engine's
 * loop runs between any two.
 */
import { closeFd, type Fd, openFd, READ_NO_LINK, readFd, statFd } from "./fd.ts";

/** More than a page shows; an answer of this many long lines is still bounded by bytes. */
export const TAIL_LINES_MAX = 10_000;
/**
 * What one answer may hold in memory: ten thousand of our own lines. Older lines are left out, and
 * a longer last line keeps its end.
 */
export const TAIL_BYTES_MAX = 4 * 1024 * 1024;
/** A search reads at most this much from the end: about a tenth of a second from cache. */
const SEARCH_BYTES_MAX = 512 * 1024 * 1024;
/** A longer line is cut at its front in a search; our own lines are far shorter. */
export const LINE_BYTES_MAX = 1024 * 1024;
/** One read: a hundred of our lines fit in the first. */
const BLOCK_BYTES = 64 * 1024;
/** One read of a search: short enough not to be felt (0.1 ms), long enough to be fast. */
const SEARCH_BLOCK_BYTES = 1024 * 1024;
const NEWLINE = 10;

/**
 * The last `lines` lines, oldest first, without their newlines (a carriage return stays). With `q`,
 * the last lines that contain that text. Bytes that are not UTF-8 become replacement characters.
 * Null when there is no such file.
 */
export async function tailLines(
  path: string,
  lines: number,
  q?: string,
): Promise<readonly string[] | null> {
  const count = Math.min(Math.max(0, Math.trunc(lines)), TAIL_LINES_MAX);
  if (q !== undefined && q !== "") return withFile(path, (file) => search(file, count, q));
  const bytes = await tailBytes(path, count);
  return bytes === null ? null : linesOf(bytes);
}

/**
 * The last `lines` lines as they are in the file: what `tail -n` prints. Null when there is none.
 */
export async function tailBytes(path: string, lines: number): Promise<Buffer | null> {
  return withFile(path, (file) => lastBytes(file, lines));
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
const searchBlocks = new SpareBlock(SEARCH_BLOCK_BYTES + LINE_BYTES_MAX);

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

/** Lines as text; what follows the last newline counts as a line when there is anything. */
function linesOf(bytes: Buffer): string[] {
  if (bytes.length === 0) return [];
  const text = bytes.toString("utf8");
  const lines = text.split("\n");
  if (text.endsWith("\n")) lines.pop();
  return lines;
}

/**
 * Searches whole lines backwards. Behind each block lies the end of the line that the block read
 * before could not finish, so that a line is always searched whole.
 */
async function search(file: OpenFile, count: number, q: string): Promise<string[]> {
  const wanted = Buffer.from(q, "utf8");
  const space = searchBlocks.take();
  const found: string[] = [];
  let foundBytes = 0;
  let end = file.bytes;
  let unfinished = 0;
  const stopAt = Math.max(0, file.bytes - SEARCH_BYTES_MAX);
  while (end > stopAt && found.length < count && foundBytes < TAIL_BYTES_MAX) {
    const from = SEARCH_BLOCK_BYTES - Math.min(SEARCH_BLOCK_BYTES, end);
    const block = await readBlock(file, end, space.subarray(from, SEARCH_BLOCK_BYTES));
    if (block.length < SEARCH_BLOCK_BYTES - from) break; // Truncated meanwhile.
    end -= block.length;
    const text = space.subarray(from, SEARCH_BLOCK_BYTES + unfinished);
    // What precedes the first newline is the end of a line that starts in the block before.
    const firstLine = end === 0 ? 0 : endOfFirstLine(text);
    for (const line of matchesBackwards(text.subarray(firstLine), wanted)) {
      found.push(line);
      foundBytes += line.length;
      if (found.length === count || foundBytes >= TAIL_BYTES_MAX) break;
    }
    unfinished = Math.min(firstLine, LINE_BYTES_MAX);
    space.copyWithin(SEARCH_BLOCK_BYTES, from + firstLine - unfinished, from + firstLine);
  }
  searchBlocks.giveBack(space);
  return found.reverse();
}

function endOfFirstLine(text: Buffer): number {
  const newline = text.indexOf(NEWLINE);
  return newline === -1 ? text.length : newline + 1;
}

/**
 * The lines that hold the wanted bytes, last line first. Searched forward, which is the fast way.
 */
function* matchesBackwards(text: Buffer, wanted: Buffer): Generator<string> {
  const bounds: { start: number; end: number }[] = [];
  for (let from = 0; from < text.length; ) {
    const hit = text.indexOf(wanted, from);
    if (hit === -1) break;
    const start = hit === 0 ? 0 : text.lastIndexOf(NEWLINE, hit - 1) + 1;
    const newline = text.indexOf(NEWLINE, hit);
    const end = newline === -1 ? text.length : newline;
    if (hit + wanted.length <= end) bounds.push({ start, end });
    from = end + 1;
  }
  for (const { start, end } of bounds.reverse()) yield text.toString("utf8", start, end);
}
