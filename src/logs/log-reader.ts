/**
 * The log directory as the web edge may read it: names are looked up in the directory's own list,
 * so that no path, no link and no other kind of file can be reached through one.
 */
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Gate } from "../kernel/gate.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import {
  type LogFound,
  type LogHit,
  type LogReader,
  type LogSearch,
  type LogStepLimits,
  LogsBusyError,
} from "../runtime/ports/log.ts";
import { followFile } from "./follow.ts";
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
  const shared = new Map<string, SharedFollower>();
  const gate = new Gate({ atOnceMax: TAILS_AT_ONCE_MAX, waitingMax: TAILS_WAITING_MAX });
  const searches = new LogSearches({ clock, workerUrl: searchUrl });
  let following = 0;

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
    find: async (query, limits) => {
      const path = pathOf(query.file);
      if (path === null) return null;
      const search = searches.search(path, query);
      try {
        return await gather(search, limits, clock);
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
    follow: (file, onLines) => {
      const path = pathOf(file);
      if (path === null || following >= FOLLOWING_MAX) return () => {};
      following++;
      const follower = shared.get(file) ?? new SharedFollower(path, clock);
      shared.set(file, follower);
      const leave = follower.join(onLines);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        following--;
        leave();
        if (follower.isEmpty) shared.delete(file);
      };
    },
  };
}

/** Steps until there is enough, all was read, or the time is over. */
async function gather(search: LogSearch, limits: LogStepLimits, clock: Clock): Promise<LogFound> {
  const untilMs = clock.monotonicMs() + limits.forMs;
  const hits: LogHit[] = [];
  let bytesLeft = limits.bytesMax;
  for (;;) {
    const hitsMax = limits.hitsMax - hits.length;
    const step = await search.next({ hitsMax, bytesMax: bytesLeft, forMs: SLICE_MS });
    hits.push(...step.hits);
    for (const { text } of step.hits) bytesLeft -= text.length;
    const isFull = hits.length >= limits.hitsMax || bytesLeft <= 0;
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

type OnLines = (lines: readonly string[]) => void;

/** One reader of a file for all the pages that watch it. */
class SharedFollower {
  private readonly readers = new Set<OnLines>();
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

  join(onLines: OnLines): () => void {
    const reader: OnLines = (lines) => onLines(lines); // One page may join twice.
    this.readers.add(reader);
    this.stop ??= followFile({
      path: this.path,
      clock: this.clock,
      onLines: (lines) => this.handOut(lines),
    });
    return () => {
      this.readers.delete(reader);
      if (this.readers.size > 0) return;
      this.stop?.();
      this.stop = null;
    };
  }

  private handOut(lines: readonly string[]): void {
    for (const reader of this.readers) {
      try {
        reader(lines);
      } catch {
        this.readers.delete(reader); // Its stream is gone; the others go on.
      }
    }
  }
}
