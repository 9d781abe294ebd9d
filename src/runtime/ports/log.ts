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
  /** Literal text a line must contain. */
  readonly q?: string | undefined;
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
  tail(query: LogQuery): Promise<readonly string[] | null>;
  /** Follows a file: `onLines` gets batches of new lines until the returned function is called. */
  follow(file: string, onLines: (lines: readonly string[]) => void): () => void;
}
