/**
 * The log directory as the web edge may read it: names are looked up in the directory's own list,
 * so that no path, no link and no other kind of file can be reached through one.
 */
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Gate } from "../kernel/gate.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import {
  type LogFilter,
  type LogFound,
  type LogHit,
  type LogReader,
  type LogSearch,
  LogSearchError,
  type LogStepLimits,
  LogsBusyError,
  type OnLogLines,
} from "../runtime/ports/log.ts";
import { followFile } from "./follow.ts";
import { levelOf, lineTest } from "./log-filter.ts";
import { LogSearches } from "./search-client.ts";
import { linesAround, tailLines } from "./tail.ts";

/** The cap over the directory divided by tiny files; a page shows no more. */
const FILES_LISTED_MAX = 500;
/** Pages that follow at once, over all files; a further one gets no lines. */
const FOLLOWING_MAX = 100;

/** Each holds megabytes, and its answer is built on the engine's loop. */
export const TAILS_AT_ONCE_MAX = 2;
/** A page with its reloads; more at once is a script, which is told to slow down. */
export const TAILS_WAITING_MAX = 8;

/** Another search in the same thread waits no longer than this for its turn. */
const SLICE_MS = 50;

interface LogFileInfo {
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAtMs: number;
}

export function createLogReader(options: {
  readonly dir: string;
  readonly clock: Clock;
  /** The entry of the searching thread (search-worker.ts). */
  readonly searchUrl: string;
}): LogReader {
  const { dir, clock, searchUrl } = options;
  const followers = new Followers(clock);
  const gate = new Gate({ atOnceMax: TAILS_AT_ONCE_MAX, waitingMax: TAILS_WAITING_MAX });
  const searches = new LogSearches({ clock, workerUrl: searchUrl });

  const pathOf = (name: string): string | null =>
    listLogFiles(dir).some((file) => file.name === name) ? join(dir, name) : null;

  return {
    files: () => listLogFiles(dir),
    tail: async ({ file, lines }) => {
      const path = pathOf(file);
      if (path === null) return null;
      const found = gate.run(() => tailLines(path, lines));
      if (found === null) throw new LogsBusyError();
      return found;
    },
    search: (query) => {
      const path = pathOf(query.file);
      return path === null ? null : searches.search(path, query);
    },
    find: async (query, limits, signal) => {
      const path = pathOf(query.file);
      if (path === null) return null;
      const search = searches.search(path, query);
      try {
        return await gather(search, limits, { clock, signal });
      } finally {
        search.close();
      }
    },
    around: async (file, offset, lines) => {
      const path = pathOf(file);
      if (path === null) return null;
      const found = gate.run(() => linesAround(path, offset, lines));
      if (found === null) throw new LogsBusyError();
      return found;
    },
    follow: (file, onLines, filter = null) => {
      const path = pathOf(file);
      if (path === null) return () => {};
      return followers.join(path, filter === null ? onLines : onlyFitting(filter, onLines));
    },
  };
}

/** Steps until there is enough, all was read, or the time is over. */
async function gather(
  search: LogSearch,
  limits: LogStepLimits,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal | undefined },
): Promise<LogFound> {
  const untilMs = clock.monotonicMs() + limits.forMs;
  const hits: LogHit[] = [];
  let bytesLeft = limits.bytesMax;
  for (;;) {
    const hitsMax = limits.hitsMax - hits.length;
    const step = await search.next({ hitsMax, bytesMax: bytesLeft, forMs: SLICE_MS });
    hits.push(...step.hits);
    for (const { text } of step.hits) bytesLeft -= text.length;
    const isFull = hits.length >= limits.hitsMax || bytesLeft <= 0;
    if (signal?.aborted === true) throw new LogSearchError("Nobody waits for it any more.");
    if (step.isDone || isFull || clock.monotonicMs() > untilMs) return { ...step, hits };
  }
}

/** Regular files named *.log, by name; links and directories are not listed. */
export function listLogFiles(dir: string): LogFileInfo[] {
  const files: LogFileInfo[] = [];
  for (const name of namesIn(dir)) {
    if (!name.endsWith(".log") || files.length >= FILES_LISTED_MAX) continue;
    const info = lstatSync(join(dir, name), { throwIfNoEntry: false });
    if (info?.isFile() !== true) continue;
    files.push({ name, bytes: info.size, modifiedAtMs: Math.trunc(info.mtimeMs) });
  }
  return files;
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir).sort();
  } catch {
    return []; // Not made yet.
  }
}

/** Hands on what fits a filter, when there is anything. */
function onlyFitting(filter: LogFilter, onLines: OnLogLines): OnLogLines {
  const test = lineTest(filter);
  const { q = "" } = filter;
  const fits = (line: string): boolean =>
    line.includes(q) && test.fits(line) && test.hasLevel(levelOf(line));
  return (lines, offsets) => {
    const kept = [...lines.keys()].filter((at) => fits(lines[at] ?? ""));
    if (kept.length === 0) return;
    onLines(
      kept.map((at) => lines[at] ?? ""),
      kept.map((at) => offsets[at] ?? 0),
    );
  };
}

/** Everybody who follows a file, by its path; at most {@link FOLLOWING_MAX}. */
class Followers {
  private readonly shared = new Map<string, SharedFollower>();
  private readonly clock: Clock;
  private following = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  join(path: string, onLines: OnLogLines): () => void {
    if (this.following >= FOLLOWING_MAX) return () => {};
    this.following++;
    const follower = this.shared.get(path) ?? new SharedFollower(path, this.clock);
    this.shared.set(path, follower);
    const leave = follower.join(onLines);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.following--;
      leave();
      if (follower.isEmpty) this.shared.delete(path);
    };
  }
}

/** One reader of a file for all the pages that watch it. */
class SharedFollower {
  private readonly readers = new Set<OnLogLines>();
  private readonly path: string;
  private readonly clock: Clock;
  private stop: (() => void) | null = null;

  constructor(path: string, clock: Clock) {
    this.path = path;
    this.clock = clock;
  }

  get isEmpty(): boolean {
    return this.readers.size === 0;
  }

  join(onLines: OnLogLines): () => void {
    // One page may join twice.
    const reader: OnLogLines = (lines, offsets) => onLines(lines, offsets);
    this.readers.add(reader);
    this.stop ??= followFile({
      path: this.path,
      clock: this.clock,
      onLines: (lines, offsets) => this.handOut(lines, offsets),
    });
    return () => {
      this.readers.delete(reader);
      if (this.readers.size > 0) return;
      this.stop?.();
      this.stop = null;
    };
  }

  private handOut(lines: readonly string[], offsets: readonly number[]): void {
    for (const reader of this.readers) {
      try {
        reader(lines, offsets);
      } catch {
        this.readers.delete(reader); // Its stream is gone; the others go on.
      }
    }
  }
}
