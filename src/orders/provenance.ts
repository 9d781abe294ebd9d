/**
 * Whose position is it? After a restart only the venue's executions can tell.
 *
 * Going back from the newest execution of a symbol until their sum is the position held, one finds
 * the moment when it was flat; if every execution since then carries one and the same name, the
 * position is that name's. Anything else (a fill by hand, a liquidation, a list that does not reach
 * back far enough) proves nothing.
 */
import type { ExecutionReport } from "../domain/event.ts";
import { signOf } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import type { ClientIds } from "./client-id.ts";

/** The name that made the position alone, null when that is not proved. Oldest execution first. */
export function makerOfPosition(
  positionSteps: number,
  executions: readonly ExecutionReport[],
  ids: ClientIds,
): string | null {
  assert(positionSteps !== 0, "only a position was made by somebody");
  let steps = 0;
  let owner: string | null = null;
  for (const execution of executions.toReversed()) {
    if (execution.execKind === "funding") continue;
    const name = execution.execKind === "trade" ? ids.nameIn(execution.clientId) : null;
    if (name === null || (owner !== null && name !== owner)) return null;
    owner = name;
    steps += signOf(execution.side) * execution.qtySteps;
    if (steps === positionSteps) return owner;
  }
  return null;
}
