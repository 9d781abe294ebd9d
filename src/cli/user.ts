/**
 * `scalper user …` and `scalper audit verify`: logins and their trail without a running dashboard.
 * Passwords come from standard input only.
 */
import { userInfo } from "node:os";
import { join } from "node:path";
import { createPasswords } from "../accounts/passwords.ts";
import { createPeople } from "../accounts/people.ts";
import { createAuthStore, UserError } from "../accounts/sqlite-auth.ts";
import { createAuditTrail } from "../accounts/sqlite-trail.ts";
import { attempt } from "../app/start-error.ts";
import { MIGRATIONS_DIR } from "../embedded.ts";
import type { Result } from "../kernel/result.ts";
import { systemClock } from "../runtime/clocks.ts";
import type { People, Role } from "../runtime/ports/accounts.ts";
import type { AuditTrail } from "../runtime/ports/audit-trail.ts";
import { openDatabase } from "../store/database.ts";
import { configOrThrow } from "./config-check.ts";
import { EXIT, OperatorError } from "./exit-codes.ts";
import type { Flags } from "./load-config.ts";

const ROLES: readonly Role[] = ["viewer", "operator", "admin"];

export async function runUserAdd(name: string, flags: Flags): Promise<void> {
  const role = roleOf(`cannot add ${name}`, flags.role);
  await withUsers(flags, async ({ users, told }) => {
    await users.addUser({ name, password: await readPassword(name), role });
    told(`add user ${name}`, role);
    console.log(`${name} can now log in as ${role}.`);
  });
}

export async function runUserPasswd(name: string, flags: Flags): Promise<void> {
  await withUsers(flags, async ({ users, told }) => {
    await users.setPassword(name, await readPassword(name));
    told(`set password of ${name}`);
    console.log(`${name} has a new password; its sessions are ended.`);
  });
}

export async function runUserRole(name: string, flags: Flags): Promise<void> {
  const role = roleOf(`cannot change ${name}`, flags.role);
  await withUsers(flags, async ({ people, told }) => {
    mustBeDone(people.setRole(name, role));
    told(`set role of ${name}`, role);
    console.log(`${name} is now ${role}; its sessions are ended.`);
  });
}

export async function runUserDisable(
  name: string,
  flags: Flags,
  isDisabled: boolean,
): Promise<void> {
  await withUsers(flags, async ({ people, told }) => {
    mustBeDone(people.setDisabled(name, isDisabled));
    told(`${isDisabled ? "disable" : "enable"} user ${name}`);
    console.log(
      isDisabled
        ? `${name} cannot log in any more; its sessions are ended.`
        : `${name} can log in.`,
    );
  });
}

export async function runUserDelete(name: string, flags: Flags): Promise<void> {
  await withUsers(flags, async ({ people, told }) => {
    mustBeDone(people.remove(name));
    told(`delete user ${name}`);
    console.log(`${name} is deleted; its sessions are ended.`);
  });
}

/** With `end` every session of the login, or of all logins, is ended. */
export async function runUserSessions(
  name: string | undefined,
  flags: Flags,
  end: boolean,
): Promise<void> {
  await withUsers(flags, async ({ people, told }) => {
    const open = people.sessions(name ?? null);
    for (const session of open) {
      if (end) people.endSession(session.id);
      const used = new Date(session.lastSeenAtMs).toISOString();
      const { name: whose, address, userAgent } = session;
      console.log(`${whose.padEnd(24)} ${address.padEnd(16)} last used ${used} ${userAgent}`);
    }
    if (!end) return;
    told(`end sessions of ${name ?? "everybody"}`, `${open.length} ended`);
    console.log(`${open.length} ended.`);
  });
}

/** Exit code 65 when a row of the trail was changed or taken out. */
export async function runAuditVerify(flags: Flags): Promise<void> {
  await withUsers(flags, async ({ trail }) => {
    const { rows, lastHash, brokenAt } = trail.verify();
    if (brokenAt !== null) {
      throw new OperatorError(
        `The audit trail is broken at row ${brokenAt}: it does not follow from the row before. ` +
          `The ${rows} rows before it are as they were written.`,
        EXIT.data,
      );
    }
    console.log(`${rows} rows, each follows from the one before. Last hash ${lastHash}`);
  });
}

function roleOf(doing: string, found: unknown): Role {
  const role = ROLES.find((known) => known === found);
  if (role !== undefined) return role;
  const text = `${doing}: wanted --role ${ROLES.join(", ")}; found "${found}"`;
  throw new OperatorError(text, EXIT.usage);
}

function mustBeDone(result: Result<null, string>): void {
  if (!result.ok) throw new OperatorError(result.problem);
}

export async function runUserList(flags: Flags): Promise<void> {
  await withUsers(flags, async ({ people }) => {
    for (const user of people.list()) {
      const last =
        user.lastLoginAtMs === null ? "never" : new Date(user.lastLoginAtMs).toISOString();
      const shut = user.disabledAtMs === null ? "" : ", disabled";
      console.log(`${user.name.padEnd(24)} ${user.role.padEnd(10)} last login ${last}${shut}`);
    }
  });
}

interface Accounts {
  readonly users: ReturnType<typeof createAuthStore>;
  readonly people: People;
  readonly trail: AuditTrail;
  /** Adds a row to the audit trail. */
  readonly told: (what: string, detail?: string) => void;
}

/**
 * Opens the database beside a running engine or alone, and turns refusals into operator's texts.
 */
async function withUsers(flags: Flags, work: (accounts: Accounts) => Promise<void>): Promise<void> {
  const config = configOrThrow(flags);
  const nowMs = () => systemClock.nowMs();
  const path = join(config.dataDir, "scalper.db");
  const what = { doing: `open the record in ${config.dataDir}`, setting: "SCALPER_DATA_DIR" };
  const database = attempt(what, () =>
    openDatabase({ path, migrationsDir: MIGRATIONS_DIR, nowMs, as: "tool" }),
  );
  try {
    const passwords = createPasswords();
    const trail = createAuditTrail({ database, nowMs });
    await work({
      users: createAuthStore({ database, nowMs, passwords }),
      people: createPeople({ database, nowMs, passwords }),
      trail,
      told: (what, detail = "") =>
        trail.note({
          kind: "user",
          by: `${userInfo().username} at a terminal`,
          address: "this machine",
          session: 0,
          what,
          detail,
          outcome: "done",
        }),
    });
  } catch (error) {
    if (error instanceof UserError) throw new OperatorError(error.message);
    throw error;
  } finally {
    database.close();
  }
}

/** One line of standard input; a terminal is asked twice, without echo. */
async function readPassword(name: string): Promise<string> {
  if (!process.stdin.isTTY) {
    const text = await new Response(Bun.stdin.stream()).text();
    return text.split("\n")[0]?.replace(/\r$/, "") ?? "";
  }
  const first = await askHidden(`Password for ${name}: `);
  const again = await askHidden("Again: ");
  if (first !== again) throw new OperatorError("The two passwords differ. Nothing was changed.");
  return first;
}

const ENTER = new Set(["\r", "\n"]);
const ERASE = new Set(["\u007f", "\b"]);
const INTERRUPT = "\u0003";

function askHidden(question: string): Promise<string> {
  process.stdout.write(question);
  const input = process.stdin;
  input.setRawMode(true);
  input.resume();
  input.setEncoding("utf8");
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let typed = "";
  const onData = (chunk: string) => {
    for (const key of chunk) {
      if (key === INTERRUPT) return finish(() => reject(new OperatorError("Nothing was changed.")));
      if (ENTER.has(key)) return finish(() => resolve(typed));
      typed = ERASE.has(key) ? typed.slice(0, -1) : typed + key;
    }
  };
  const finish = (settle: () => void) => {
    input.off("data", onData);
    input.setRawMode(false);
    input.pause();
    process.stdout.write("\n");
    settle();
  };
  input.on("data", onData);
  return promise;
}
