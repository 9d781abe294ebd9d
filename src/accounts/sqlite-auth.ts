/**
 * Users and server-side sessions.
 *
 * The cookie holds 32 random bytes, the table their SHA-256. A session ends 30 minutes after it was
 * last used, 12 hours after the login, at logout, and when its user's password or role changes.
 * Uses are remembered in memory and written once a minute, so that a page which polls does not
 * write on every request. While the disk takes no writes, new sessions are kept in memory
 * (memory-sessions.ts), and ended ones are remembered until their rows can be deleted.
 */

import { sha256 } from "@oslojs/crypto/sha2";
import { encodeBase64urlNoPadding, encodeHexLowerCase } from "@oslojs/encoding";
import { failure, type Result, success } from "../kernel/result.ts";
import type {
  AuthStore,
  EndReason,
  LoginSource,
  Person,
  Role,
  Session,
  User,
} from "../runtime/ports/accounts.ts";
import type { JournalDatabase } from "../store/database.ts";
import { isDiskRefusal } from "../store/disk-refusal.ts";
import { type AuthStatements, authStatements, type SessionRow } from "./auth-statements.ts";
import { MemorySessions } from "./memory-sessions.ts";
import { createPasswords, type Passwords } from "./passwords.ts";
import { isAdmin } from "./people.ts";
import { NAME_CHARS_MAX, nameProblem, PASSWORD_CHARS_MAX, passwordProblem } from "./user-rules.ts";

export const SESSION_IDLE_MS_MAX = 30 * 60_000;
/** A working day with its overtime: a cookie that was stolen is worth no more than that. */
export const SESSION_LIFE_MS_MAX = 12 * 3_600_000;
/** Browsers that are told why they have to sign in again; the oldest are forgotten. */
const ENDED_REMEMBERED_MAX = 500;
/** What a killed process forgets of the last use. */
const SEEN_WRITE_EVERY_MS = 60_000;
/** A desk's browsers and phones; the longest unused session gives way. */
export const SESSIONS_PER_USER_MAX = 20;
const TEXT_CHARS_MAX = 200;
const TOKEN_BYTES = 32;
const PRUNE_EVERY_MS = 60_000;

/** What the `user` sub-commands need beyond the web's {@link AuthStore}. */
export interface UserAdmin {
  /** Throws {@link UserError} when the name is taken or the input is not acceptable. */
  addUser(user: { name: string; password: string; role: Role }): Promise<User>;
  /** Sets a password without the old one and ends the user's sessions. */
  setPassword(name: string, password: string): Promise<void>;
  listUsers(): readonly Person[];
  /**
   * Creates `admin` when no admin can sign in (`admin-2` where somebody else is called so), with
   * the given or a random password. The password is in the answer this once; null when there was an
   * admin already.
   */
  ensureAdmin(options: {
    readonly password?: string | undefined;
  }): Promise<{ readonly name: string; readonly password: string; readonly given: boolean } | null>;
}

/** A request about users that cannot be done; the text is fit to be shown. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** Told of sessions that others ended. */
interface Rememberer {
  remember(tokenSha256: string, why: EndReason): void;
}

interface AuthOptions {
  readonly database: JournalDatabase;
  readonly nowMs: () => number;
  /** Share one with the login throttle, so that it sees the queue. */
  readonly passwords?: Passwords;
}

export function createAuthStore(options: AuthOptions): AuthStore & UserAdmin & Rememberer {
  return new SqliteAuth(options);
}

interface LiveSession extends SessionRow {
  /** Last use as the table has it; `lastSeenAtMs` may be younger. */
  readonly writtenAtMs: number;
}

class SqliteAuth implements AuthStore, UserAdmin, Rememberer {
  private readonly sql: AuthStatements;
  private readonly nowMs: () => number;
  private readonly passwords: Passwords;
  private readonly atomically: (work: () => void) => void;
  /** Last use by token hash, when it is younger than the row says; pruned with the sessions. */
  private readonly seenAtMs = new Map<string, number>();
  private readonly inMemory = new MemorySessions();
  /** Ended, while their rows could not be deleted: at most as many as there are rows. */
  private readonly ended = new Set<string>();
  private readonly whys = new Map<string, EndReason>();
  private pruneNotBeforeMs = 0;

  constructor(options: AuthOptions) {
    this.sql = authStatements(options.database);
    this.nowMs = options.nowMs;
    this.passwords = options.passwords ?? createPasswords();
    const transaction = options.database.sqlite.transaction((work: () => void) => work());
    this.atomically = (work) => transaction.immediate(work);
  }

  async login(
    name: string,
    password: string,
    from: LoginSource = { address: "", userAgent: "" },
  ): Promise<{ token: string; session: Session } | null> {
    const user = name.length <= NAME_CHARS_MAX ? this.sql.userByName(name) : undefined;
    const offered = password.slice(0, PASSWORD_CHARS_MAX + 1);
    const right = await this.passwords.verify(offered, user?.passwordHash ?? null);
    if (!right || user === undefined) return null;
    // A password changed while this one was being checked must win.
    const now = this.sql.userById(user.id);
    if (now === undefined || now.passwordHash !== user.passwordHash) return null;
    if (now.disabledAtMs !== null) return null;
    const token = randomToken();
    try {
      this.atomically(() => this.startSession(token, user.id, from));
    } catch (error) {
      if (!isDiskRefusal(error)) throw error;
      this.startInMemory(token, user);
    }
    const session = this.session(token);
    return session === null ? null : { token, session };
  }

  session(token: string): Session | null {
    const nowMs = this.nowMs();
    this.prune(nowMs);
    const row = this.liveSession(token, nowMs);
    if (row === null) return null;
    const kept = this.inMemory.find(row.tokenSha256);
    if (kept === undefined) this.seen(row, nowMs);
    else this.inMemory.keep({ ...kept, lastSeenAtMs: nowMs });
    return sessionOf(row, endOf(row, nowMs));
  }

  peek(token: string): Session | null {
    const row = this.liveSession(token, this.nowMs());
    return row === null ? null : sessionOf(row, endOf(row, row.lastSeenAtMs));
  }

  whyEnded(token: string): EndReason | null {
    return this.whys.get(hashOf(token)) ?? null;
  }

  /** Keeps why a session ended, for the browser that still has its cookie. */
  remember(tokenSha256: string, why: EndReason): void {
    this.whys.set(tokenSha256, why);
    for (const oldest of this.whys.keys()) {
      if (this.whys.size <= ENDED_REMEMBERED_MAX) break;
      this.whys.delete(oldest);
    }
  }

  logout(token: string): void {
    const tokenSha256 = hashOf(token);
    try {
      this.forget(tokenSha256);
    } catch (error) {
      if (!isDiskRefusal(error)) throw error;
      this.ended.add(tokenSha256);
    }
  }

  async changePassword(
    userId: number,
    current: string,
    next: string,
  ): Promise<Result<null, string>> {
    const problem = passwordProblem(next);
    if (problem !== null) return failure(problem);
    const user = this.sql.userById(userId);
    const right = await this.passwords.verify(current, user?.passwordHash ?? null);
    if (!right || user === undefined) return failure("The current password is wrong.");
    await this.replacePassword(user.id, next);
    return success(null);
  }

  setTheme(userId: number, theme: User["theme"]): void {
    this.sql.setTheme({ userId, theme, nowMs: this.nowMs() });
  }

  async addUser(user: { name: string; password: string; role: Role }): Promise<User> {
    const problem = nameProblem(user.name) ?? passwordProblem(user.password);
    if (problem !== null) throw new UserError(problem);
    const passwordHash = await this.passwords.hash(user.password);
    const nowMs = this.nowMs();
    const id = this.sql.addUser({ name: user.name, role: user.role, passwordHash, nowMs });
    if (id === null) throw new UserError(`There is already a user called ${user.name}.`);
    this.sql.setTheme({ userId: id, theme: "system", nowMs });
    return { id, name: user.name, role: user.role, theme: "system" };
  }

  async setPassword(name: string, password: string): Promise<void> {
    const problem = passwordProblem(password);
    if (problem !== null) throw new UserError(problem);
    const user = this.sql.userByName(name);
    if (user === undefined) throw new UserError(`There is no user called ${name}.`);
    await this.replacePassword(user.id, password);
  }

  listUsers(): readonly Person[] {
    return this.sql.listUsers();
  }

  async ensureAdmin(options: { readonly password?: string | undefined }) {
    const people = this.sql.listUsers();
    if (people.some(isAdmin)) return null;
    const given = options.password !== undefined && options.password !== "";
    const password = given ? (options.password ?? "") : randomToken().slice(0, 20);
    const taken = new Set(people.map(({ name }) => name.toLowerCase()));
    let name = "admin";
    for (let number = 2; taken.has(name); number++) name = `admin-${number}`;
    await this.addUser({ name, password, role: "admin" });
    return { name, password, given };
  }

  private async replacePassword(userId: number, password: string): Promise<void> {
    const passwordHash = await this.passwords.hash(password);
    const tokens = this.sql.sessionTokensOf(userId);
    this.atomically(() => {
      this.sql.setPasswordHash({ userId, passwordHash, nowMs: this.nowMs() });
      this.sql.dropSessionsOf(userId);
    });
    for (const token of tokens) this.remember(token, "password");
  }

  private startSession(token: string, userId: number, from: LoginSource): void {
    const nowMs = this.nowMs();
    this.sql.dropOldestSessions(userId, SESSIONS_PER_USER_MAX - 1);
    this.sql.addSession({
      tokenSha256: hashOf(token),
      userId,
      csrfToken: randomToken(),
      createdAtMs: nowMs,
      lastSeenAtMs: nowMs,
      expiresAtMs: nowMs + SESSION_IDLE_MS_MAX,
      address: from.address.slice(0, TEXT_CHARS_MAX),
      userAgent: from.userAgent.slice(0, TEXT_CHARS_MAX),
    });
    this.sql.loggedIn(userId, nowMs);
  }

  private startInMemory(
    token: string,
    user: { readonly id: number; readonly passwordHash: string },
  ) {
    this.inMemory.keep({
      tokenSha256: hashOf(token),
      userId: user.id,
      passwordHash: user.passwordHash,
      csrfToken: randomToken(),
      createdAtMs: this.nowMs(),
      lastSeenAtMs: this.nowMs(),
    });
  }

  /** The session as the table or the memory has it. */
  private sessionRow(tokenSha256: string): SessionRow | null {
    const kept = this.inMemory.find(tokenSha256);
    if (kept === undefined) return this.sql.sessionByToken(tokenSha256) ?? null;
    const user = this.sql.userById(kept.userId);
    if (user === undefined || user.passwordHash !== kept.passwordHash) return null;
    if (user.disabledAtMs !== null) return null;
    const { id, name, role } = user;
    const sessionAtMs = kept.createdAtMs;
    return { id, name, role, theme: "system", sessionId: 0, sessionAtMs, ...kept };
  }

  /** The row with the last use as it is known in memory; an expired one is deleted. */
  private liveSession(token: string, nowMs: number): LiveSession | null {
    const tokenSha256 = hashOf(token);
    const row = this.ended.has(tokenSha256) ? null : this.sessionRow(tokenSha256);
    if (row === null) return null;
    const lastSeenAtMs = Math.max(row.lastSeenAtMs, this.seenAtMs.get(tokenSha256) ?? 0);
    if (endOf(row, lastSeenAtMs) > nowMs)
      return { ...row, writtenAtMs: row.lastSeenAtMs, lastSeenAtMs };
    this.remember(tokenSha256, nowMs < lastSeenAtMs + SESSION_IDLE_MS_MAX ? "old" : "idle");
    this.ifDiskLets(() => this.forget(tokenSha256));
    return null;
  }

  private seen(row: LiveSession, nowMs: number): void {
    if (nowMs < row.writtenAtMs + SEEN_WRITE_EVERY_MS) {
      this.seenAtMs.set(row.tokenSha256, nowMs);
      return;
    }
    this.seenAtMs.set(row.tokenSha256, nowMs);
    this.ifDiskLets(() => {
      this.sql.sessionSeen(row.tokenSha256, nowMs, endOf(row, nowMs));
      this.seenAtMs.delete(row.tokenSha256);
    });
  }

  /**
   * A full disk must not lock out the operator who is signed in: what fails is tried again later.
   */
  private ifDiskLets(write: () => void): void {
    try {
      write();
    } catch {
      // The journal meets the same disk and reports it to the health check.
    }
  }

  private forget(tokenSha256: string): void {
    this.seenAtMs.delete(tokenSha256);
    this.inMemory.drop(tokenSha256);
    this.sql.dropSession(tokenSha256);
    this.ended.delete(tokenSha256);
  }

  private prune(nowMs: number): void {
    if (nowMs < this.pruneNotBeforeMs) return;
    this.pruneNotBeforeMs = nowMs + PRUNE_EVERY_MS;
    // A use that is not yet written is at most one write interval younger than the row says.
    this.ifDiskLets(() => {
      for (const row of this.sql.dropExpired(nowMs - SEEN_WRITE_EVERY_MS)) {
        const isOld = row.expiresAtMs >= row.createdAtMs + SESSION_LIFE_MS_MAX;
        this.remember(row.tokenSha256, isOld ? "old" : "idle");
      }
    });
    this.inMemory.prune(nowMs - SESSION_IDLE_MS_MAX);
    for (const tokenSha256 of this.ended) this.ifDiskLets(() => this.forget(tokenSha256));
    for (const [key, seenAtMs] of this.seenAtMs) {
      if (seenAtMs + SESSION_IDLE_MS_MAX <= nowMs) this.seenAtMs.delete(key);
    }
  }
}

function sessionOf(row: SessionRow, expiresAtMs: number): Session {
  const { id, name, role, theme, csrfToken, sessionId } = row;
  return { id: sessionId, user: { id, name, role, theme }, csrfToken, expiresAtMs };
}

/** When a session ends that was last used at `seenAtMs`. */
function endOf({ sessionAtMs }: SessionRow, seenAtMs: number): number {
  return Math.min(seenAtMs + SESSION_IDLE_MS_MAX, sessionAtMs + SESSION_LIFE_MS_MAX);
}

const randomToken = (): string =>
  encodeBase64urlNoPadding(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));

const hashOf = (token: string): string =>
  encodeHexLowerCase(sha256(new TextEncoder().encode(token.slice(0, TEXT_CHARS_MAX))));
