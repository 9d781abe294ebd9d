/** Users of every role, in memory: what the web edge asks of accounts. */
import { failure, type Result, success } from "../../src/kernel/result.ts";
import type {
  AuthStore,
  EndReason,
  People,
  Role,
  Session,
  SessionInfo,
  User,
} from "../../src/runtime/ports/accounts.ts";
import type { AuditTrail, Deed } from "../../src/runtime/ports/audit-trail.ts";
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
  readonly whys = new Map<string, EndReason>();
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
    const id = [...this.sessions.keys()].indexOf(token) + 1;
    return { id, user, csrfToken: row.csrfToken, expiresAtMs: row.expiresAtMs };
  }

  open(): SessionInfo[] {
    return [...this.sessions.values()].map(({ name }, at) => ({
      id: at + 1,
      name,
      address: "127.0.0.1",
      userAgent: "a browser",
      createdAtMs: FIXTURE_NOW_MS - 60_000,
      lastSeenAtMs: FIXTURE_NOW_MS,
    }));
  }

  whyEnded(token: string): EndReason | null {
    return this.whys.get(token) ?? null;
  }
}

/** Logins and sessions of the fixture's users, as the settings page asks for them. */
export function fixturePeople(users: FixtureUsers): People & { readonly calls: string[] } {
  const calls: string[] = [];
  const told = (text: string): Result<null, string> => {
    calls.push(text);
    return text.includes("admin")
      ? failure("This is the last admin who can sign in.")
      : success(null);
  };
  return {
    calls,
    list: () =>
      ROLES.map((role, at) => ({
        id: at + 1,
        name: role,
        role,
        theme: "system",
        disabledAtMs: null,
        createdAtMs: FIXTURE_NOW_MS - 86_400_000,
        lastLoginAtMs: role === "viewer" ? null : FIXTURE_NOW_MS - 60_000,
        failedLogins: at,
      })),
    add: ({ name, role }) => Promise.resolve(told(`add ${name} ${role}`)),
    setRole: (name, role) => told(`role ${name} ${role}`),
    setDisabled: (name, isDisabled) => told(`${isDisabled ? "disable" : "enable"} ${name}`),
    remove: (name) => told(`delete ${name}`),
    sessions: (name) => users.open().filter((session) => name === null || session.name === name),
    endSession: (id) => {
      calls.push(`end ${id}`);
      return 1;
    },
    endOthers: (name, keptId) => {
      calls.push(`end others of ${name} but ${keptId}`);
      return 2;
    },
  };
}

/** A trail that remembers what was noted. */
export function fixtureTrail(): AuditTrail & { readonly deeds: Deed[] } {
  const deeds: Deed[] = [];
  const placed = () =>
    deeds.map((deed, at) => ({ ...deed, id: at + 1, atMs: FIXTURE_NOW_MS, hash: "f".repeat(64) }));
  return {
    deeds,
    note: (deed) => void deeds.push(deed),
    rows: ({ kind, before = Number.MAX_SAFE_INTEGER, limit }) =>
      placed()
        .filter((row) => row.id < before && (kind === undefined || row.kind === kind))
        .reverse()
        .slice(0, limit),
    verify: () => ({ rows: deeds.length, lastHash: "", brokenAt: null }),
  };
}
