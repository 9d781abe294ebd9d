/**
 * Everything the web edge may touch, handed over by the composition root. Tests build it from
 * literals and call the Hono apps through `fetch`, without a port.
 */

import type { OperatorAction } from "../domain/event.ts";
import type { HealthReport, MonitorView, RunInfo } from "../monitor/view.ts";
import type { LedgerFill } from "../portfolio/fill.ts";
import type { LogPort } from "../runtime/ports.ts";

export type Role = "viewer" | "operator" | "admin";

export interface User {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly theme: "system" | "light" | "dark";
}

export interface Session {
  readonly user: User;
  /** Token of this session's forms; compared on every state change. */
  readonly csrfToken: string;
  readonly expiresAtMs: number;
}

/** Where a login came from, kept with its session. */
export interface LoginSource {
  readonly address: string;
  readonly userAgent: string;
}

/** Users and server-side sessions in SQLite. Passwords are argon2id, tokens are hashed at rest. */
export interface AuthStore {
  /** Null when name or password is wrong; takes the same time either way. */
  login(
    name: string,
    password: string,
    from?: LoginSource,
  ): Promise<{ token: string; session: Session } | null>;
  /** Looks a cookie token up and rolls its 30 minutes; null when unknown or expired. */
  session(token: string): Session | null;
  logout(token: string): void;
  changePassword(
    userId: number,
    current: string,
    next: string,
  ): Promise<{ ok: true } | { ok: false; problem: string }>;
  setTheme(userId: number, theme: User["theme"]): void;
  /** Looks a token up without rolling it: how an open stream learns that its session was revoked. */
  peek?(token: string): Session | null;
}

/** Slows guessing down, per account and per address. Without one every login try is let through. */
export interface LoginThrottle {
  /** Whether a try may go ahead now, and if not, after how many seconds. */
  loginAllowed(name: string, address: string): Promise<LoginVerdict> | LoginVerdict;
  loginFailed(name: string, address: string): Promise<void> | void;
  loginSucceeded(name: string, address: string): Promise<void> | void;
}

export type LoginVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly retryAfterSec: number };

export interface TradeQuery {
  readonly symbol?: string | undefined;
  readonly limit: number;
  /** Only rows older than this row id, for paging. */
  readonly before?: number | undefined;
}

export interface TradeReader {
  /** Newest first. */
  trades(query: TradeQuery): readonly (LedgerFill & { readonly id: number })[];
}

export interface StorageReport {
  readonly database: {
    readonly path: string;
    readonly bytes: number;
    readonly walBytes: number;
    readonly rows: Readonly<Record<string, number>>;
    readonly lostWrites: number;
  };
  readonly logs: {
    readonly dir: string;
    readonly bytes: number;
    readonly capBytes: number;
    readonly files: readonly {
      readonly name: string;
      readonly bytes: number;
      readonly modifiedAtMs: number;
    }[];
  };
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number };
  readonly checkedAt: number;
}

export interface LogQuery {
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

export interface TickerReader {
  /** Merged ticker fields in the venue's own names and text, by symbol. */
  tickers(): Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Rises with every change. */
  version(): number;
}

export interface WebDeps {
  readonly run: RunInfo;
  readonly view: () => MonitorView;
  readonly health: () => HealthReport;
  readonly ready: () => { readonly ok: boolean; readonly waitingFor: readonly string[] };
  readonly auth: AuthStore;
  readonly throttle?: LoginThrottle | undefined;
  readonly trades: TradeReader;
  readonly tickers: TickerReader;
  readonly storage: () => Promise<StorageReport>;
  readonly logs: LogReader;
  /** Hands an operator's command to the engine; recorded in the audit trail with the name. */
  readonly command: (action: OperatorAction, by: string, reason: string) => void;
  readonly log: LogPort;
  /** One line a request for the access log. */
  readonly access: (line: Readonly<Record<string, unknown>>) => void;
  readonly nowMs: () => number;
}
