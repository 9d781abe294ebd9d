/** The prepared statements of users and sessions; the rules that use them are in auth.ts. */
import { and, asc, desc, eq, isNull, lte, sql } from "drizzle-orm";
import type { Person, Role, SessionInfo, User } from "../runtime/ports/accounts.ts";
import type { JournalDatabase } from "../store/database.ts";
import { sessions, userProfiles, users } from "../store/schema.ts";

export type AuthStatements = ReturnType<typeof authStatements>;
type NewSession = Omit<typeof sessions.$inferSelect, "id">;

/** A session joined with its user. */
export interface SessionRow extends User {
  /** Number of the session, 0 for one that is kept in memory only. */
  readonly sessionId: number;
  readonly sessionAtMs: number;
  readonly tokenSha256: string;
  readonly csrfToken: string;
  readonly lastSeenAtMs: number;
}

const theme = sql<User["theme"]>`coalesce(${userProfiles.theme}, 'system')`;
const slot = sql.placeholder;

export function authStatements(database: JournalDatabase) {
  return {
    ...userStatements(database),
    ...userChanges(database),
    ...sessionStatements(database),
    ...sessionLists(database),
  };
}

function userStatements({ orm }: JournalDatabase) {
  const byName = orm
    .select()
    .from(users)
    .where(sql`lower(${users.name}) = lower(${slot("name")})`)
    .prepare();
  const byId = orm
    .select()
    .from(users)
    .where(eq(users.id, slot("id")))
    .prepare();
  return {
    userByName: (name: string) => byName.get({ name }),
    userById: (id: number) => byId.get({ id }),
    listUsers: (): Person[] =>
      orm
        .select({
          id: users.id,
          name: users.name,
          role: users.role,
          theme,
          disabledAtMs: users.disabledAtMs,
          createdAtMs: users.createdAtMs,
          lastLoginAtMs: users.lastLoginAtMs,
          failedLogins: users.failedLogins,
        })
        .from(users)
        .leftJoin(userProfiles, eq(userProfiles.userId, users.id))
        .orderBy(asc(users.id))
        .all(),
  };
}

function userChanges({ orm }: JournalDatabase) {
  return {
    /** The new user's id, null when the name is taken. */
    addUser: (user: { name: string; role: Role; passwordHash: string; nowMs: number }) => {
      const { nowMs, ...named } = user;
      const row = { ...named, createdAtMs: nowMs, passwordChangedAtMs: nowMs };
      const insert = orm.insert(users).values(row).onConflictDoNothing();
      return insert.returning({ id: users.id }).get()?.id ?? null;
    },
    setPasswordHash: (change: { userId: number; passwordHash: string; nowMs: number }) => {
      const { passwordHash, nowMs } = change;
      const set = { passwordHash, passwordChangedAtMs: nowMs, failedLogins: 0 };
      orm.update(users).set(set).where(eq(users.id, change.userId)).run();
    },
    setRole: (userId: number, role: Role) =>
      void orm.update(users).set({ role }).where(eq(users.id, userId)).run(),
    setDisabled: (userId: number, disabledAtMs: number | null) =>
      void orm.update(users).set({ disabledAtMs }).where(eq(users.id, userId)).run(),
    removeUser: (userId: number) => void orm.delete(users).where(eq(users.id, userId)).run(),
    loggedIn: (userId: number, nowMs: number) => {
      const set = { lastLoginAtMs: nowMs, failedLogins: 0 };
      orm.update(users).set(set).where(eq(users.id, userId)).run();
    },
    setTheme: (change: { userId: number; theme: User["theme"]; nowMs: number }) => {
      const set = { theme: change.theme, updatedAtMs: change.nowMs };
      orm
        .insert(userProfiles)
        .values({ userId: change.userId, ...set })
        .onConflictDoUpdate({ target: userProfiles.userId, set })
        .run();
    },
  };
}

function sessionStatements({ orm, sqlite }: JournalDatabase) {
  const byToken = orm
    .select({
      id: users.id,
      name: users.name,
      role: users.role,
      theme,
      tokenSha256: sessions.tokenSha256,
      csrfToken: sessions.csrfToken,
      lastSeenAtMs: sessions.lastSeenAtMs,
      sessionId: sessions.id,
      sessionAtMs: sessions.createdAtMs,
    })
    .from(sessions)
    .innerJoin(users, and(eq(users.id, sessions.userId), isNull(users.disabledAtMs)))
    .leftJoin(userProfiles, eq(userProfiles.userId, users.id))
    .where(eq(sessions.tokenSha256, slot("tokenSha256")))
    .prepare();
  const seen = sqlite.query<unknown, [number, number, string]>(
    "UPDATE sessions SET last_seen_at_ms = ?, expires_at_ms = ? WHERE token_sha256 = ?",
  );
  const dropOldest = sqlite.query<unknown, [number, number]>(
    "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE user_id = ? " +
      "ORDER BY last_seen_at_ms DESC, id DESC LIMIT -1 OFFSET ?)",
  );
  return {
    sessionByToken: (tokenSha256: string): SessionRow | undefined => byToken.get({ tokenSha256 }),
    addSession: (row: NewSession) => void orm.insert(sessions).values(row).run(),
    sessionSeen: (tokenSha256: string, nowMs: number, expiresAtMs: number) =>
      void seen.run(nowMs, expiresAtMs, tokenSha256),
    dropSession: (tokenSha256: string) =>
      void orm.delete(sessions).where(eq(sessions.tokenSha256, tokenSha256)).run(),
    dropSessionsOf: (userId: number) =>
      void orm.delete(sessions).where(eq(sessions.userId, userId)).run(),
    dropOldestSessions: (userId: number, keep: number) => void dropOldest.run(userId, keep),
    dropExpired: (nowMs: number) =>
      orm.delete(sessions).where(lte(sessions.expiresAtMs, nowMs)).returning().all(),
  };
}

function sessionLists({ orm }: JournalDatabase) {
  return {
    sessionTokensOf: (userId: number): string[] =>
      orm
        .select({ token: sessions.tokenSha256 })
        .from(sessions)
        .where(eq(sessions.userId, userId))
        .all()
        .map(({ token }) => token),
    /** The token's hash, none when there is no such session. */
    dropSessionById: (id: number): string[] =>
      orm
        .delete(sessions)
        .where(eq(sessions.id, id))
        .returning({ token: sessions.tokenSha256 })
        .all()
        .map(({ token }) => token),
    /** Of one login or of all, the last used first. */
    listSessions: (name: string | null, nowMs: number): SessionInfo[] =>
      orm
        .select({
          id: sessions.id,
          name: users.name,
          address: sessions.address,
          userAgent: sessions.userAgent,
          createdAtMs: sessions.createdAtMs,
          lastSeenAtMs: sessions.lastSeenAtMs,
        })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(
          and(
            sql`${sessions.expiresAtMs} > ${nowMs}`,
            name === null ? undefined : sql`lower(${users.name}) = lower(${name})`,
          ),
        )
        .orderBy(desc(sessions.lastSeenAtMs))
        .all(),
  };
}
