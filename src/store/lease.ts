/**
 * One engine per data directory.
 *
 * Two engines on one account would trade against each other and write one ledger twice. The holder
 * keeps an exclusive lock on a small SQLite file for as long as it lives. The kernel drops that
 * lock with the process, however it dies, so a lease is never stale, and a recycled process id
 * cannot be mistaken for its holder. The file beside it only names the holder for the message.
 */
import { Database } from "bun:sqlite";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Another living process works in the data directory. */
export class LeaseHeldError extends Error {
  override readonly name = "LeaseHeldError";
  readonly pid: number | null;

  constructor(dataDir: string, holder: Holder | null) {
    const who =
      holder === null
        ? "another process"
        : `process ${holder.pid} (since ${new Date(holder.sinceMs).toISOString()})`;
    super(
      `cannot use ${dataDir}: ${who} is working in it. Nothing was started. ` +
        "Stop it first, or name another data directory.",
    );
    this.pid = holder?.pid ?? null;
  }
}

export interface Lease {
  release(): void;
}

const Holder = z.object({ pid: z.int(), sinceMs: z.number() });
type Holder = z.infer<typeof Holder>;

/** Takes the directory for this process. Throws {@link LeaseHeldError} when another one has it. */
export function takeLease(dataDir: string, nowMs: number): Lease {
  const lock = new Database(join(dataDir, "scalper.lock"), { create: true, readwrite: true });
  const holderPath = join(dataDir, "scalper.pid");
  try {
    lock.run("PRAGMA busy_timeout = 0");
    lock.run("BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (isBusy(error)) throw new LeaseHeldError(dataDir, readHolder(holderPath));
    throw error;
  }
  writeFileSync(holderPath, JSON.stringify({ pid: process.pid, sinceMs: nowMs }), { mode: 0o600 });
  let held = true;
  return {
    release: () => {
      if (!held) return;
      held = false;
      rmSync(holderPath, { force: true });
      lock.close();
    },
  };
}

function readHolder(path: string): Holder | null {
  try {
    return Holder.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null; // Between lock and file, or unreadable: the lock itself is what counts.
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
