/**
 * Users and server-side sessions.
 *
 * The cookie holds 32 random bytes, the table their SHA-256. A session ends 30 minutes after it was
 * last used, at logout, and when its user's password changes. Uses are remembered in memory and
 * written once a minute, so that a page which polls does not write on every request. While the disk
 * takes no writes, new sessions are kept in memory (memory-sessions.ts), and ended ones are
 * remembered until their rows can be deleted.
 */

import { sha256 } from "@oslojs/crypto/sha2";
import { encodeBase64urlNoPadding, encodeHexLowerCase } from "@oslojs/encoding";
import { failure, type Result, success } from "../kernel/result.ts";
import type { AuthStore, LoginSource, Role, Session, User } from "../runtime/ports/accounts.ts";
import type { JournalDatabase } from "../store/database.ts";
import { isDiskRefusal } from "../store/disk-refusal.ts";
import { type AuthStatements, authStatements, type SessionRow } from "./auth-statements.ts";
import { MemorySessions } from "./memory-sessions.ts";
import { createPasswords, type Passwords } from "./passwords.ts";

export const SESSION_IDLE_MS_MAX = 30 * 60_000;
/** What a killed process forgets of the last use. */
const SEEN_WRITE_EVERY_MS = 60_000;
/** A desk's browsers and phones; the longest unused session gives way. */
export const SESSIONS_PER_USER_MAX = 20;
/** Long enough to be a sentence; hashing is the same work for any length. */
const PASSWORD_CHARS_MAX = 256;
const PASSWORD_CHARS_MIN = 8;
const NAME_CHARS_MAX = 64;
const TEXT_CHARS_MAX = 200;
const TOKEN_BYTES = 32;
const PRUNE_EVERY_MS = 60_000;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]*$/;

/** What the `user` sub-commands need beyond the web's {@link AuthStore}. */
export interface UserAdmin {
  /** Throws {@link UserError} when the name is taken or the input is not acceptable. */
  addUser(user: { name: string; password: string; role: Role }): Promise<User>;
  /** Sets a password without the old one and ends the user's sessions. */
  setPassword(name: string, password: string): Promise<void>;
  listUsers(): readonly UserSummary[];
  /**
   * Creates `admin` when there is no user at all, with the given or a random password. The password
   * is in the answer this once; null when there were users already.
   */
  ensureAdmin(options: {
    readonly password?: string | undefined;
  }): Promise<{ readonly name: string; readonly password: string; readonly given: boolean } | null>;
}

interface UserSummary extends User {
  readonly createdAtMs: number;
  readonly lastLoginAtMs: number | null;
  readonly failedLogins: number;
}

/** A request about users that cannot be done; the text is fit to be shown. */
export class UserError extends Error {
  override readonly name = "UserError";
}

interface AuthOptions {
  readonly database: JournalDatabase;
  readonly nowMs: () => number;
  /** Share one with the login throttle, so that it sees the queue. */
  readonly passwords?: Passwords;
}

export function createAuthStore(options: AuthOptions): AuthStore & UserAdmin {
  return new SqliteAuth(options);
}

interface LiveSession extends SessionRow {
  /** Last use as the table has it; `lastSeenAtMs` may be younger. */
  readonly writtenAtMs: number;
}

class SqliteAuth implements AuthStore, UserAdmin {
  private readonly sql: AuthStatements;
  private readonly nowMs: () => number;
  private readonly passwords: Passwords;
  private readonly atomically: (work: () => void) => void;
  /** Last use by token hash, when it is younger than the row says; pruned with the sessions. */
  private readonly seenAtMs = new Map<string, number>();
  private readonly inMemory = new MemorySessions();
  /** Ended, while their rows could not be deleted: at most as many as there are rows. */
  private readonly ended = new Set<string>();
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
    return sessionOf(row, nowMs + SESSION_IDLE_MS_MAX);
  }

  peek(token: string): Session | null {
    const row = this.liveSession(token, this.nowMs());
    return row === null ? null : sessionOf(row, row.lastSeenAtMs + SESSION_IDLE_MS_MAX);
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

  listUsers(): readonly UserSummary[] {
    return this.sql.listUsers();
  }

  async ensureAdmin(options: { readonly password?: string | undefined }) {
    if (this.sql.userCount() > 0) return null;
    const given = options.password !== undefined && options.password !== "";
    const password = given ? (options.password ?? "") : randomToken().slice(0, 20);
    await this.addUser({ name: "admin", password, role: "admin" });
    return { name: "admin", password, given };
  }

  private async replacePassword(userId: number, password: string): Promise<void> {
    const passwordHash = await this.passwords.hash(password);
    this.atomically(() => {
      this.sql.setPasswordHash({ userId, passwordHash, nowMs: this.nowMs() });
      this.sql.dropSessionsOf(userId);
    });
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
      lastSeenAtMs: this.nowMs(),
    });
  }

  /** The session as the table or the memory has it. */
  private sessionRow(tokenSha256: string): SessionRow | null {
    const kept = this.inMemory.find(tokenSha256);
    if (kept === undefined) return this.sql.sessionByToken(tokenSha256) ?? null;
    const user = this.sql.userById(kept.userId);
    if (user === undefined || user.passwordHash !== kept.passwordHash) return null;
    const { id, name, role } = user;
    return { id, name, role, theme: "system", ...kept };
  }

  /** The row with the last use as it is known in memory; an expired one is deleted. */
  private liveSession(token: string, nowMs: number): LiveSession | null {
    const tokenSha256 = hashOf(token);
    const row = this.ended.has(tokenSha256) ? null : this.sessionRow(tokenSha256);
    if (row === null) return null;
    const lastSeenAtMs = Math.max(row.lastSeenAtMs, this.seenAtMs.get(tokenSha256) ?? 0);
    if (lastSeenAtMs + SESSION_IDLE_MS_MAX > nowMs)
      return { ...row, writtenAtMs: row.lastSeenAtMs, lastSeenAtMs };
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
      this.sql.sessionSeen(row.tokenSha256, nowMs, nowMs + SESSION_IDLE_MS_MAX);
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
    this.ifDiskLets(() => this.sql.dropExpired(nowMs - SEEN_WRITE_EVERY_MS));
    this.inMemory.prune(nowMs - SESSION_IDLE_MS_MAX);
    for (const tokenSha256 of this.ended) this.ifDiskLets(() => this.forget(tokenSha256));
    for (const [key, seenAtMs] of this.seenAtMs) {
      if (seenAtMs + SESSION_IDLE_MS_MAX <= nowMs) this.seenAtMs.delete(key);
    }
  }
}

function sessionOf(row: SessionRow, expiresAtMs: number): Session {
  const { id, name, role, theme, csrfToken } = row;
  return { user: { id, name, role, theme }, csrfToken, expiresAtMs };
}

function nameProblem(name: string): string | null {
  if (name.length > NAME_CHARS_MAX) return `A name has at most ${NAME_CHARS_MAX} characters.`;
  if (!NAME.test(name)) return "A name is made of letters, digits and . _ @ - only.";
  return null;
}

function passwordProblem(password: string): string | null {
  if (password.length < PASSWORD_CHARS_MIN) {
    return `A password has at least ${PASSWORD_CHARS_MIN} characters.`;
  }
  if (password.length > PASSWORD_CHARS_MAX) {
    return `A password has at most ${PASSWORD_CHARS_MAX} characters.`;
  }
  return null;
}

const randomToken = (): string =>
  encodeBase64urlNoPadding(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));

const hashOf = (token: string): string =>
  encodeHexLowerCase(sha256(new TextEncoder().encode(token.slice(0, TEXT_CHARS_MAX))));
