/**
 * The guard: a second process of the same executable that outlives a killed engine.
 *
 * It reads its orders and then a heartbeat from its standard input, which the engine holds the
 * other end of. When that falls silent for too long, or ends without a farewell, it cancels the
 * entries of that engine (never exits or stops), says so in guard.log, and ends with the pipe. A
 * restarted engine has a later run in its client ids, and those are left alone: the two cannot
 * fight, whichever comes first. An engine that was only frozen finds its entries gone when it wakes
 * up, is told, and compares its account.
 */
import { appendFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { isRecord } from "../kernel/json.ts";
import { isWrittenBy } from "../orders/id-origin.ts";
import { systemClock } from "../runtime/clocks.ts";
import { DeadMan, LOOK_EVERY_MS } from "../runtime/dead-man.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import { sweepEntries } from "../venue/bybit/entry-sweep.ts";

/** What the engine tells its guard first; then "beat" again and again, and "bye" at its own end. */
export interface GuardOrders {
  readonly restUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly installation: string;
  readonly runId: string;
  readonly silenceMs: number;
  readonly logDir: string;
}

export const BEAT = "beat";
export const BYE = "bye";
/** What the guard answers when it has acted: this and the number of entries. */
export const ACTED = "acted";

/** Terminals and service managers signal the whole group: only the pipe says that it is over. */
const IGNORED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE"] as const;

/** Runs until the pipe ends. */
export async function runGuardProcess(): Promise<void> {
  for (const signal of IGNORED) process.on(signal, () => {});
  let guard: Guard | null = null;
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === BYE) return guard?.stop();
    if (guard !== null) guard.beat();
    else {
      const orders = ordersIn(line);
      if (orders === null) return;
      guard = new Guard(orders);
    }
  }
  if (guard === null) return;
  guard.stop();
  await guard.act("the engine ended without a farewell");
}

class Guard {
  private readonly orders: GuardOrders;
  private readonly log: LogPort;
  private readonly deadMan: DeadMan;
  private readonly timer: ReturnType<typeof setInterval>;
  private acting: Promise<void> = Promise.resolve();

  constructor(orders: GuardOrders) {
    this.orders = orders;
    this.log = fileLog(orders.logDir);
    this.deadMan = new DeadMan(orders.silenceMs, systemClock.monotonicMs());
    this.timer = setInterval(() => {
      if (!this.deadMan.look(systemClock.monotonicMs())) return;
      void this.act(`no heartbeat of the engine for ${orders.silenceMs} ms`);
    }, LOOK_EVERY_MS);
  }

  beat(): void {
    this.deadMan.beat();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Takes the engine's entries back, one call after the other. */
  act(why: string): Promise<void> {
    this.acting = this.acting.then(() => this.sweep(why));
    return this.acting;
  }

  private async sweep(why: string): Promise<void> {
    const { restUrl, apiKey, apiSecret, installation, runId } = this.orders;
    this.log.warn("taking back entries", { why, run: runId });
    const { cancelled, fault } = await sweepEntries({
      restUrl,
      apiKey,
      apiSecret,
      clock: systemClock,
      log: this.log,
      isOurs: (clientId) => isWrittenBy(clientId, { installation, runIdMax: runId }),
    });
    const done = { cancelled: cancelled.length, ids: cancelled };
    if (fault === "") this.log.warn("no entry of the engine is left", done);
    else this.log.error("entries may be left", { ...done, fault });
    say(`${ACTED} ${cancelled.length}`);
  }
}

/** To the engine, when there is one: a pipe without a reader is the reason we are here. */
function say(line: string): void {
  try {
    process.stdout.write(`${line}\n`);
  } catch {
    // Nobody listens any more.
  }
}

function ordersIn(line: string): GuardOrders | null {
  try {
    const value: unknown = JSON.parse(line);
    return isOrders(value) ? value : null;
  } catch {
    return null;
  }
}

function isOrders(value: unknown): value is GuardOrders {
  if (!isRecord(value)) return false;
  const texts = ["restUrl", "apiKey", "apiSecret", "installation", "runId", "logDir"];
  const hasTexts = texts.every((name) => typeof value[name] === "string" && value[name] !== "");
  return hasTexts && Number(value.silenceMs) > 0;
}

/** A guard writes a few lines in its life; beyond this the older half of the file goes. */
const LOG_BYTES_MAX = 1_000_000;

function fileLog(dir: string): LogPort {
  const path = join(dir, "guard.log");
  const write = (level: string) => (msg: string, data?: Readonly<Record<string, unknown>>) => {
    const time = new Date(systemClock.nowMs()).toISOString();
    const line = JSON.stringify({ time, level, component: "guard", msg, ...data });
    try {
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES_MAX) {
        renameSync(path, `${path}.1`);
      }
      appendFileSync(path, `${line}\n`, { mode: 0o640 });
    } catch {
      // A disk that refuses must not stop a cancel.
    }
  };
  return { info: write("info"), warn: write("warn"), error: write("error") };
}
