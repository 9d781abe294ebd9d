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
  changePassword(userId: number, current: string, next: string): Promise<Result<null, string>>;
  setTheme(userId: number, theme: User["theme"]): void;
  /**
   * Looks a token up without rolling it: how an open stream learns that its session was revoked.
   */
  peek?(token: string): Session | null;
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
