/**
 * The tables of the house rather than of trading: who may sign in, who is signed in, the trail of
 * what was done, and how well the program was.
 */
import { sql } from "drizzle-orm";
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

export const users = sqliteTable(
  "users",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    name: text("name").notNull(),
    passwordHash: text("password_hash").notNull(),
    role: text("role", { enum: ["viewer", "operator", "admin"] }).notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    passwordChangedAtMs: integer("password_changed_at_ms").notNull(),
    /**
     * Since the last good login: shown to an admin, never what throttles (that is login_limits).
     */
    failedLogins: integer("failed_logins").notNull().default(0),
    lastFailedAtMs: integer("last_failed_at_ms"),
    lastLoginAtMs: integer("last_login_at_ms"),
    /** Since when the login is shut; null while it may be used. */
    disabledAtMs: integer("disabled_at_ms"),
  },
  (table) => [uniqueIndex("users_name").on(sql`lower(${table.name})`)],
);

export const userProfiles = sqliteTable("user_profiles", {
  userId: integer("user_id")
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  theme: text("theme", { enum: ["system", "light", "dark"] })
    .notNull()
    .default("system"),
  updatedAtMs: integer("updated_at_ms").notNull(),
});

export const sessions = sqliteTable(
  "sessions",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    /** Hex SHA-256 of the cookie's token: a stolen database opens no session. */
    tokenSha256: text("token_sha256").notNull(),
    userId: integer("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    csrfToken: text("csrf_token").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    lastSeenAtMs: integer("last_seen_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
    address: text("address").notNull().default(""),
    userAgent: text("user_agent").notNull().default(""),
  },
  (table) => [
    uniqueIndex("sessions_token").on(table.tokenSha256),
    index("sessions_user").on(table.userId),
  ],
);

/**
 * What people did and tried; triggers refuse to change or delete a row. The hash covers the row and
 * the one before. Kept for good: a desk makes some hundred rows a day.
 */
export const auditTrail = sqliteTable("audit_trail", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  atMs: integer("at_ms").notNull(),
  kind: text("kind", {
    enum: ["command", "sign-in", "refusal", "user", "setting", "other"],
  }).notNull(),
  by: text("by").notNull(),
  address: text("address").notNull(),
  session: integer("session").notNull(),
  what: text("what").notNull(),
  detail: text("detail").notNull(),
  outcome: text("outcome").notNull(),
  hash: text("hash").notNull(),
});

/** Counters of the login throttle; the columns are the ones its library reads and writes. */
export const loginLimits = sqliteTable("login_limits", {
  key: text("key").primaryKey(),
  points: integer("points").notNull().default(0),
  expire: integer("expire"),
});

/**
 * How the program was: a row each 10 s for a day, each minute for a month, each hour for good. A
 * coarser row holds the worst of the finer ones: nothing that was ill is averaged away.
 */
export const healthPoints = sqliteTable(
  "health_points",
  {
    /** Length of the time that it stands for. */
    stepMs: integer("step_ms").notNull(),
    atMs: integer("at_ms").notNull(),
    runId: text("run_id").notNull(),
    /** A letter a service, in their order: the worst that was seen. */
    statuses: text("statuses").notNull(),
    /** How often each was down, and how often all were looked at. */
    downs: text("downs").notNull(),
    samples: integer("samples").notNull(),
    /** Figures of the process by name, as JSON: the highest of the time. */
    figures: text("figures").notNull(),
  },
  (table) => [primaryKey({ columns: [table.stepMs, table.atMs] })],
);
