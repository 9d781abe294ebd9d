/** Log lines: written by everybody, read back by pages and routes. */

/** Structured log lines; the implementation adds time and level. Secrets are redacted there too. */
export interface LogPort {
  info(text: string, data?: Readonly<Record<string, unknown>>): void;
  warn(text: string, data?: Readonly<Record<string, unknown>>): void;
  error(text: string, data?: Readonly<Record<string, unknown>>): void;
}

interface LogQuery {
  /** Base name of a file inside the log directory; never a path. */
  readonly file: string;
  readonly lines: number;
}

/** Which lines are wanted; what is not given does not matter. */
export interface LogFilter {
  /** Text that a line must hold, or an expression that it must fit. */
  readonly q?: string | undefined;
  readonly isRegex?: boolean | undefined;
  /** Text that it must not hold. */
  readonly not?: string | undefined;
  readonly levels?: readonly string[] | undefined;
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

export interface LogSearchQuery {
  readonly file: string;
  readonly filter: LogFilter;
  /** Newest first, or in the file's order. */
  readonly order: "newest" | "file";
  /** Only what lies before this byte: where an earlier search stopped. */
  readonly before?: number | undefined;
}

export interface LogHit {
  /** Where the line begins in the file, in bytes. */
  readonly offset: number;
  readonly text: string;
}

/** What a search has found since it was asked last, and how far it is. */
export interface LogSearchStep {
  readonly hits: readonly LogHit[];
  readonly searchedBytes: number;
  /** Of the file, or of the part of it in which the wanted time lies. */
  readonly totalBytes: number;
  readonly fileBytes: number;
  /** Lines read so far. */
  readonly lines: number;
  readonly matches: number;
  /** Newest first: where to go on, for a search that is begun again. */
  readonly before: number;
  /** Lines that fit but for their level, by level. */
  readonly levels: Readonly<Record<string, number>>;
  /** True when all was read: what is not found is not there. */
  readonly isDone: boolean;
}

/** All steps of a search together, as far as it went. */
export type LogFound = LogSearchStep;

/** How much one answer of a search may hold, and how long it may take. */
export interface LogStepLimits {
  readonly hitsMax: number;
  readonly bytesMax: number;
  readonly forMs: number;
}

/** One search, which goes on only while it is asked to: a reader that is slow holds it up. */
export interface LogSearch {
  /** Rejects with {@link LogSearchError} when it cannot go on. */
  next(limits: LogStepLimits): Promise<LogSearchStep>;
  /** Ends it, at any moment. */
  close(): void;
}

/** A search that broke off; the text says why and is fit to be shown. */
export class LogSearchError extends Error {
  override readonly name = "LogSearchError";
}

/** New lines of a log, and where each of them begins in its file. */
export type OnLogLines = (lines: readonly string[], offsets: readonly number[]) => void;

/** A line with its neighbours. */
export interface LogSurroundings {
  readonly lines: readonly LogHit[];
  readonly fileBytes: number;
}

/** Too many readers at once: the answer is "later", not memory. */
export class LogsBusyError extends Error {
  override readonly name = "LogsBusyError";

  constructor() {
    super("Too many log requests at once. Try again in a second.");
  }
}
export interface LogReader {
  files(): readonly {
    readonly name: string;
    readonly bytes: number;
    readonly modifiedAtMs: number;
  }[];
  /**
   * The last lines, oldest first, read from the end in blocks. Null when there is no such file.
   * Rejects with {@link LogsBusyError} when too many read at once.
   */
  tail(query: LogQuery): Promise<readonly LogHit[] | null>;
  /**
   * Searches all of a file in a thread of its own. Null when there is no such file. Throws
   * {@link LogsBusyError} when too many search at once.
   */
  search(query: LogSearchQuery): LogSearch | null;
  /**
   * The same until there is enough, all was read, or the time is over: the answer says which. Null
   * when there is no such file. Rejects with {@link LogSearchError}, also when the signal aborts,
   * and with {@link LogsBusyError}.
   */
  find(
    query: LogSearchQuery,
    limits: LogStepLimits,
    signal?: AbortSignal,
  ): Promise<LogFound | null>;
  /** The line at a byte and `lines` before and after it; null when there is no such place. */
  around(file: string, offset: number, lines: number): Promise<LogSurroundings | null>;
  /**
   * Follows a file: `onLines` gets batches of new lines until the returned function is called. A
   * filter may not be an expression: this runs beside trading.
   */
  follow(file: string, onLines: OnLogLines, filter?: LogFilter | null): () => void;
}
