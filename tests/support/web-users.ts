/** Users of every role, in memory: what the web edge asks of accounts. */
import { failure, type Result, success } from "../../src/kernel/result.ts";
import type { AuthStore, Role, Session, User } from "../../src/runtime/ports/accounts.ts";
import { FIXTURE_NOW_MS } from "./web-rows.ts";

export const FIXTURE_PASSWORD = "correct horse battery";
const ROLES = ["viewer", "operator", "admin"] as const satisfies readonly Role[];
const SESSION_MS = 1_800_000;

interface Row {
  readonly name: string;
  readonly csrfToken: string;
  expiresAtMs: number;
}

export class FixtureUsers implements AuthStore {
  /** Names of every login that was tried. */
  readonly calls: string[] = [];
  nowMs: () => number = () => FIXTURE_NOW_MS;
  private readonly users = new Map<string, User>();
  private readonly passwords = new Map<string, string>();
  private readonly sessions = new Map<string, Row>();
  private made = 0;

  constructor() {
    for (const [index, role] of ROLES.entries()) {
      this.users.set(role, { id: index + 1, name: role, role, theme: "system" });
      this.passwords.set(role, FIXTURE_PASSWORD);
      const expiresAtMs = FIXTURE_NOW_MS + SESSION_MS;
      this.sessions.set(`token-${role}`, { name: role, csrfToken: `csrf-${role}`, expiresAtMs });
    }
  }

  async login(name: string, password: string) {
    this.calls.push(name);
    if (this.passwords.get(name) !== password) return null;
    const token = `token-new-${++this.made}`;
    const expiresAtMs = this.nowMs() + SESSION_MS;
    this.sessions.set(token, { name, csrfToken: `csrf-new-${this.made}`, expiresAtMs });
    const session = this.peek(token);
    return session === null ? null : { token, session };
  }

  session(token: string): Session | null {
    const row = this.sessions.get(token);
    if (this.peek(token) !== null && row !== undefined) row.expiresAtMs = this.nowMs() + SESSION_MS;
    return this.peek(token);
  }

  logout(token: string): void {
    this.sessions.delete(token);
  }

  async changePassword(
    userId: number,
    current: string,
    next: string,
  ): Promise<Result<null, string>> {
    const name = [...this.users.values()].find(({ id }) => id === userId)?.name ?? "";
    if (this.passwords.get(name) !== current) return failure("The current password is wrong.");
    if (next.length < 12) return failure("The new password needs at least 12 characters.");
    this.passwords.set(name, next);
    for (const [token, row] of this.sessions) if (row.name === name) this.sessions.delete(token);
    return success(null);
  }

  setTheme(userId: number, theme: User["theme"]): void {
    for (const user of this.users.values()) {
      if (user.id === userId) this.users.set(user.name, { ...user, theme });
    }
  }

  peek(token: string): Session | null {
    const row = this.sessions.get(token);
    const user = this.users.get(row?.name ?? "");
    if (row === undefined || user === undefined || row.expiresAtMs <= this.nowMs()) return null;
    return { user, csrfToken: row.csrfToken, expiresAtMs: row.expiresAtMs };
  }
}
