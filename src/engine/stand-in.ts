/**
 * A conditional market order that stands in for a stop which cannot be put yet: the venue takes ten
 * stops a second and none by socket, and after a ban none at all, while orders go by a socket with
 * a budget of their own. It only reduces, by the size that was held when it was sent, so that
 * beside a real stop it harms nothing. It goes when the stop stands, or the position is gone.
 *
 * It is no row of the order table: nothing waits for it and it takes no place of an exit.
 */
import type { OrderReport } from "../domain/event.ts";
import { clientOrderIdOf } from "../domain/order.ts";
import type { ClientOrderId, SymbolId } from "../domain/units.ts";
import type { StandIn } from "./stand-ins.ts";
import type { EffectsPart, PositionsPart, TenancyPart } from "./state-parts.ts";

/** Ids of orders by plan count from 1, some hundred thousand a day: these never meet them. */
const FIRST = 1_000_000_000;

type StandInPart = PositionsPart & TenancyPart & EffectsPart;

/** The id and size for one, should the stop have to wait; null when one stands or is on its way. */
export function standInFor(
  { standIns, tenancy, ledger }: StandInPart,
  id: SymbolId,
): StandIn | null {
  const positionSteps = ledger.stepsOf(id);
  const known = standIns.of.get(id);
  if (known?.positionSteps === positionSteps) return null;
  const clientId = clientOrderIdOf(tenancy.clientIds.prefix, "protect", FIRST + ++standIns.made);
  return { clientId, positionSteps };
}

/** The venue took one: from now on the position is protected by it. */
export function noteStandIn(state: StandInPart, id: SymbolId, standIn: StandIn): void {
  dropStandIn(state, id);
  state.standIns.of.set(id, standIn);
}

/** Whether one protects all that is held. */
export function isStoodInFor({ standIns, ledger }: PositionsPart, id: SymbolId): boolean {
  const steps = ledger.stepsOf(id);
  const known = standIns.of.get(id);
  if (known === undefined || Math.sign(known.positionSteps) !== Math.sign(steps)) return false;
  return Math.abs(known.positionSteps) >= Math.abs(steps);
}

export function isStandIn({ standIns }: PositionsPart, clientId: ClientOrderId): boolean {
  for (const known of standIns.of.values()) if (known.clientId === clientId) return true;
  return false;
}

/** Cancels the one of a symbol, if there is one. */
export function dropStandIn({ standIns, outbox }: StandInPart, id: SymbolId): void {
  const known = standIns.of.get(id);
  if (known === undefined) return;
  standIns.of.delete(id);
  cancelStandIn({ outbox }, id, known);
}

/** Cancels one that nothing is left to protect for. */
export function cancelStandIn(
  { outbox }: EffectsPart,
  symbolId: SymbolId,
  { clientId }: Pick<StandIn, "clientId">,
): void {
  outbox.push({ kind: "cancel", clientId, symbolId, venueOrderId: null });
}

const OVER: ReadonlySet<OrderReport["status"]> = new Set<OrderReport["status"]>([
  "filled",
  "cancelled",
  "rejected",
  "deactivated",
]);

/** One that is over protects nothing any more. */
export function endStandIn({ standIns }: PositionsPart, report: OrderReport): void {
  const known = standIns.of.get(report.symbolId);
  if (known?.clientId === report.clientId && OVER.has(report.status)) {
    standIns.of.delete(report.symbolId);
  }
}

/** Those of positions that are gone go too. */
export function tidyStandIns(state: StandInPart): void {
  for (const [id, { positionSteps }] of state.standIns.of) {
    const steps = state.ledger.stepsOf(id);
    if (Math.sign(steps) !== Math.sign(positionSteps)) dropStandIn(state, id);
  }
}
