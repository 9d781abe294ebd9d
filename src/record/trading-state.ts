/**
 * Keeps the state of trading of an account: one row, written at once and not with the batch, since
 * it must be there when the process is killed in the next moment. A disk that refuses does not hold
 * the engine up: the newest state is tried again until it is written.
 */
import { eq } from "drizzle-orm";
import { z } from "zod";
import type { KeptTrading, Restart } from "../engine/kept-trading.ts";
import { errorText } from "../kernel/wording.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import type { JournalDatabase } from "../store/database.ts";
import { interventions, runs, tradingStates } from "../store/schema.ts";

/** A disk that refused is asked again once a second: soon enough to notice room, no load. */
const RETRY_AFTER_MS = 1_000;

const CAUSES = interventions.cause.enumValues;
const NO_CAUSES = ["restart", "not armed", "none"] as const;

const haltCause = z.enum([...CAUSES, ...NO_CAUSES]);

const intervention = z.object({
  id: z.string(),
  commandId: z.string().default(""),
  symbol: z.string().default(""),
  verdict: z.enum(interventions.verdict.enumValues).default("executed"),
  atMs: z.number(),
  action: z.enum(interventions.action.enumValues),
  cause: z.enum(CAUSES),
  by: z.string(),
  reason: z.string(),
  isAutomatic: z.boolean(),
  outcome: z.string(),
  isDone: z.boolean(),
  outcomeAtMs: z.number(),
});

const flatten = intervention.nullable();

const symbolHalts = z.array(
  z.object({
    symbol: z.string(),
    by: z.string(),
    cause: z.enum(CAUSES),
    reason: z.string(),
    sinceMs: z.number(),
    closing: intervention.optional(),
    isClosed: z.boolean().optional(),
  }),
);

/** The state of trading as the last run on the account left it; undefined when none did. */
export function keptTrading({ orm }: JournalDatabase, account: string): KeptTrading | undefined {
  const row = orm.select().from(tradingStates).where(eq(tradingStates.account, account)).get();
  if (row === undefined) return undefined;
  const { armed, wasArmed, haltReason, haltedBy } = row;
  try {
    const halts = symbolHalts.parse(JSON.parse(row.symbolHalts));
    return {
      armed,
      wasArmed,
      haltReason,
      haltedBy,
      haltCause: haltCause.parse(row.haltCause),
      flatten: flatten.parse(JSON.parse(row.flatten)),
      symbolHalts: new Map(halts.map((halt) => [halt.symbol, halt])),
    };
  } catch (error) {
    // Written by a later version or by hand: what it meant must not begin to trade.
    const haltReason = `the state of trading of the last run cannot be read: ${errorText(error)}`;
    const halt = { haltReason, haltedBy: "scalper", haltCause: "record" } as const;
    return { armed: false, wasArmed, ...halt, flatten: null, symbolHalts: new Map() };
  }
}

/** How the run that wrote the state of trading ended. */
export function restartOf({ orm }: JournalDatabase, account: string): Restart {
  const row = orm
    .select({ endedAtMs: runs.endedAtMs })
    .from(tradingStates)
    .innerJoin(runs, eq(runs.id, tradingStates.runId))
    .where(eq(tradingStates.account, account))
    .get();
  if (row === undefined) return "none";
  return row.endedAtMs === null ? "crash" : "clean";
}

interface KeeperOptions {
  readonly database: JournalDatabase;
  readonly clock: Clock;
  readonly log: LogPort;
  readonly runId: string;
  readonly account: string;
}

/** Makes the function that writes the state of trading before it returns. It never throws. */
export function tradingKeeper(options: KeeperOptions): (kept: KeptTrading) => void {
  const { database, clock, log } = options;
  let waiting: KeptTrading | null = null;
  let isRetrying = false;
  function write(): void {
    if (waiting === null) return;
    try {
      writeRow(database, options, waiting);
      waiting = null;
    } catch (error) {
      const text = errorText(error);
      log.error("the state of trading is not kept: a crash now would forget it", { text });
      if (isRetrying) return;
      isRetrying = true;
      clock.after(RETRY_AFTER_MS, () => {
        isRetrying = false;
        write();
      });
    }
  }
  return (kept) => {
    waiting = kept;
    write();
  };
}

function writeRow(
  { orm }: JournalDatabase,
  { clock, runId, account }: KeeperOptions,
  kept: KeptTrading,
): void {
  const { armed, wasArmed, haltReason, haltedBy, haltCause } = kept;
  const row = {
    runId,
    armed,
    wasArmed,
    haltReason,
    haltedBy,
    haltCause,
    flatten: JSON.stringify(kept.flatten),
    symbolHalts: JSON.stringify([...kept.symbolHalts.values()]),
    updatedAtMs: clock.nowMs(),
  };
  orm
    .insert(tradingStates)
    .values({ account, ...row })
    .onConflictDoUpdate({ target: tradingStates.account, set: row })
    .run();
}
