/**
 * `scalper user …`: logins without a running dashboard. Passwords come from standard input only.
 */
import { join } from "node:path";
import { createAuthStore, UserError } from "../accounts/sqlite-auth.ts";
import { attempt } from "../app/start-error.ts";
import { MIGRATIONS_DIR } from "../embedded.ts";
import { systemClock } from "../runtime/clocks.ts";
import type { Role } from "../runtime/ports/accounts.ts";
import { openDatabase } from "../store/database.ts";
import { configOrThrow } from "./config-check.ts";
import { EXIT, OperatorError } from "./exit-codes.ts";
import type { Flags } from "./load-config.ts";

const ROLES: readonly Role[] = ["viewer", "operator", "admin"];

export async function runUserAdd(name: string, flags: Flags): Promise<void> {
  const role = ROLES.find((known) => known === flags.role);
  if (role === undefined) {
    throw new OperatorError(
      `cannot add ${name}: wanted --role ${ROLES.join(", ")}; found "${flags.role}"`,
      EXIT.usage,
    );
  }
  await withUsers(flags, async (users) => {
    await users.addUser({ name, password: await readPassword(name), role });
    console.log(`${name} can now log in as ${role}.`);
  });
}

export async function runUserPasswd(name: string, flags: Flags): Promise<void> {
  await withUsers(flags, async (users) => {
    await users.setPassword(name, await readPassword(name));
    console.log(`${name} has a new password; its sessions are ended.`);
  });
}

export async function runUserList(flags: Flags): Promise<void> {
  await withUsers(flags, async (users) => {
    for (const user of users.listUsers()) {
      const last =
        user.lastLoginAtMs === null ? "never" : new Date(user.lastLoginAtMs).toISOString();
      console.log(`${user.name.padEnd(24)} ${user.role.padEnd(10)} last login ${last}`);
    }
  });
}

type Users = ReturnType<typeof createAuthStore>;

/**
 * Opens the database beside a running engine or alone, and turns refusals into operator's texts.
 */
async function withUsers(flags: Flags, work: (users: Users) => Promise<void>): Promise<void> {
  const config = configOrThrow(flags);
  const nowMs = () => systemClock.nowMs();
  const path = join(config.dataDir, "scalper.db");
  const what = { doing: `open the record in ${config.dataDir}`, setting: "SCALPER_DATA_DIR" };
  const database = attempt(what, () =>
    openDatabase({ path, migrationsDir: MIGRATIONS_DIR, nowMs, as: "tool" }),
  );
  try {
    await work(createAuthStore({ database, nowMs }));
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
