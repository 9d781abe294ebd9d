/** People and their sessions, as the web edge needs them. */

import type { Result } from "../../kernel/result.ts";

export type Role = "viewer" | "operator" | "admin";

export interface User {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly theme: "system" | "light" | "dark";
}

export interface Session {
  /** Its number, for lists and the audit trail; 0 for one that is kept in memory only. */
  readonly id: number;
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
  /**
   * Looks a cookie token up and rolls its 30 minutes, within 12 hours of the login; null when
   * unknown or expired. For what a person does.
   */
  session(token: string): Session | null;
  logout(token: string): void;
  changePassword(userId: number, current: string, next: string): Promise<Result<null, string>>;
  setTheme(userId: number, theme: User["theme"]): void;
  /**
   * Looks a token up without rolling it: for what a page does by itself, and how an open stream
   * learns that its session was revoked.
   */
  peek(token: string): Session | null;
  /** Why a token that was known is not any more; null when nothing is remembered of it. */
  whyEnded(token: string): EndReason | null;
}

/** What ended a session. */
export type EndReason = "idle" | "old" | "password" | "role" | "disabled" | "deleted" | "ended";

/** A login as an admin sees it. */
export interface Person extends User {
  readonly disabledAtMs: number | null;
  readonly createdAtMs: number;
  readonly lastLoginAtMs: number | null;
  readonly failedLogins: number;
}

export interface SessionInfo {
  readonly id: number;
  readonly name: string;
  readonly address: string;
  readonly userAgent: string;
  readonly createdAtMs: number;
  /** At most a minute old. */
  readonly lastSeenAtMs: number;
}

/** Logins and their sessions; a refusal is a sentence to show. */
export interface People {
  list(): readonly Person[];
  add(user: { name: string; password: string; role: Role }): Promise<Result<null, string>>;
  setRole(name: string, role: Role): Result<null, string>;
  setDisabled(name: string, isDisabled: boolean): Result<null, string>;
  remove(name: string): Result<null, string>;
  /** Of one login, or of all. */
  sessions(name: string | null): readonly SessionInfo[];
  /** How many were ended: one or none. */
  endSession(id: number): number;
  /** Ends all of a login's sessions but one; how many. */
  endOthers(name: string, keptId: number): number;
}

/** Slows guessing down, per account and per address. Without one every login try is let through. */
export interface LoginThrottle {
  /** Whether a try may go ahead now, and if not, after how many seconds. */
  loginAllowed(name: string, address: string): Promise<LoginVerdict> | LoginVerdict;
  loginFailed(name: string, address: string): Promise<void> | void;
  loginSucceeded(name: string, address: string): Promise<void> | void;
}

type LoginVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly retryAfterSec: number };
