/** The prepared statements of users and sessions; the rules that use them are in auth.ts. */
import { asc, eq, lte, sql } from "drizzle-orm";
import type { Role, User } from "../runtime/ports/accounts.ts";
import type { JournalDatabase } from "../store/database.ts";
import { sessions, userProfiles, users } from "../store/schema.ts";

export type AuthStatements = ReturnType<typeof authStatements>;
type NewSession = Omit<typeof sessions.$inferSelect, "id">;

/** A session joined with its user. */
export interface SessionRow extends User {
  readonly tokenSha256: string;
  readonly csrfToken: string;
  readonly lastSeenAtMs: number;
}

const theme = sql<User["theme"]>`coalesce(${userProfiles.theme}, 'system')`;
const slot = sql.placeholder;

export function authStatements(database: JournalDatabase) {
  return { ...userStatements(database), ...sessionStatements(database) };
}

function userStatements({ orm, sqlite }: JournalDatabase) {
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
    userCount: (): number =>
      sqlite.query<{ count: number }, []>("SELECT count(*) AS count FROM users").get()?.count ?? 0,
    listUsers: () =>
      orm
        .select({
          id: users.id,
          name: users.name,
          role: users.role,
          theme,
          createdAtMs: users.createdAtMs,
          lastLoginAtMs: users.lastLoginAtMs,
          failedLogins: users.failedLogins,
        })
        .from(users)
        .leftJoin(userProfiles, eq(userProfiles.userId, users.id))
        .orderBy(asc(users.id))
        .all(),
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
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
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
      void orm.delete(sessions).where(lte(sessions.expiresAtMs, nowMs)).run(),
  };
}
