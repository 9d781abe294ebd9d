/**
 * Changes of the risk limits by an operator: each is a row, and what the rows of an account leave
 * is what its next start begins with, over the settings.
 */
import { asc, eq } from "drizzle-orm";
import { isLimitName, isLimitValue, type LimitName } from "../risk/limit-terms.ts";
import type { LimitChange } from "../runtime/ports/limit-changes.ts";
import type { JournalDatabase } from "../store/database.ts";
import { limitChanges } from "../store/schema.ts";

/**
 * The newest change of each limit that holds over the settings. Rows of limits that are no more, or
 * that may not have that value any more, are left out: then the settings hold.
 */
export function heldLimits(
  { orm }: JournalDatabase,
  account: string,
): ReadonlyMap<LimitName, LimitChange> {
  const held = new Map<LimitName, LimitChange>();
  const rows = orm
    .select()
    .from(limitChanges)
    .where(eq(limitChanges.account, account))
    .orderBy(asc(limitChanges.id))
    .all();
  for (const { name, atMs, by, reason, before, after, isHeld } of rows) {
    if (!isLimitName(name)) continue;
    if (isHeld && isLimitValue(name, after)) {
      held.set(name, { name, atMs, by, reason, before, after, isHeld });
    } else held.delete(name);
  }
  return held;
}

/** Writes changes before it returns; all or none. Throws what the database throws. */
export function writeLimitChanges(
  { orm }: JournalDatabase,
  of: { readonly account: string; readonly runId: string },
  changes: readonly LimitChange[],
): void {
  const { account, runId } = of;
  orm
    .insert(limitChanges)
    .values(changes.map((change) => ({ ...change, account, runId })))
    .run();
}
