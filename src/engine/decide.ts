/**
 * Decides the symbols that are due: asks the one whose turn it is for targets, compares them with
 * the live orders, and takes each new order to the risk gate. That one is the symbol's owner, else
 * protection; protection also while a position is overdue, and the operator while flattening.
 */

import type { DenyCode, DenyReason } from "../domain/deny.ts";
import { clientOrderIdOf, type OrderIntent, type OrderTarget } from "../domain/order.ts";
import { type SymbolId, signOf } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { cancelReasonOf } from "../orders/cancel-reason.ts";
import { EXIT_SILENCE_MS, FLATTEN_SILENCE_MS } from "../orders/exit-doubt.ts";
import { onLots } from "../orders/lots.ts";
import { type Moved, planOf } from "../orders/plan.ts";
import type { OrderRow } from "../orders/table.ts";
import { judge, standingObjection } from "../risk/gates.ts";
import type { RiskLimits } from "../risk/limits.ts";
import { closeAtMarket, overdueReason } from "../risk/protection.ts";
import type { SymbolView } from "../strategy/strategy.ts";
import type { Actor, Tenant } from "./actors.ts";
import { mayHoldOf, withBlindExits } from "./blind-exits.ts";
import { finishFlatten } from "./control.ts";
import { isHandsOff, withdraw } from "./neighbours.ts";
import { followCommands } from "./operator-commands.ts";
import { contextOf, contextWithout, standingOf } from "./risk-context.ts";
import { AWAIT_FILL_MS, DECIDE_EVERY_MS, DENY_PAUSE_MS, DENY_REPEAT_MS } from "./schedule.ts";
import type {
  CorePart,
  EffectsPart,
  KnowledgePart,
  LossesPart,
  MarketPart,
  MoneyPart,
  OrdersPart,
  PlacingPart,
  ReportPart,
  SettingsPart,
  TenancyPart,
  TermsPart,
  TradingPart,
  WatchPart,
} from "./state-parts.ts";
import { isClosing, symbolHaltOf } from "./symbol-halts.ts";
import { viewOf } from "./symbol-view.ts";
import { awaitsTerms } from "./terms-keeping.ts";
import { refreshWatch } from "./watching.ts";

/**
 * Decides all due symbols in order of their ids. Nothing is decided before the account is known, or
 * before trading was armed for the first time: positions found then are not ours to close. Nor is
 * anything once the program leaves, as nobody would watch it.
 */
export function decideDue(state: CorePart & PlacingPart, atMs: number): void {
  const ids = [...state.due].sort((left, right) => left - right);
  state.due.clear();
  const { recovered, wasArmed, flattenBy, leaving } = state.control;
  const mayAct = recovered && leaving === null;
  const isOurs = wasArmed || flattenBy !== null;
  for (const id of ids) {
    const { symbol } = state.market.instrument(id);
    const isAsked = flattenBy !== null || isClosing(state, symbol);
    if (mayAct && !isAsked && isHandsOff(state, id)) withdraw(state, id, atMs);
    else if (mayAct && (isOurs || isAsked)) decideSymbol(state, id, atMs);
    refreshWatch(state, id);
  }
  if (state.control.flattenBy !== null) finishFlatten(state, atMs);
  followCommands(state, atMs);
}

function decideSymbol(state: CorePart & PlacingPart, id: SymbolId, atMs: number): void {
  state.columns.decideAfterMs[id] = atMs + DECIDE_EVERY_MS;
  if (isBehind(state, id, atMs)) return;
  const owner = state.tenancy.ownerOf(id);
  const view = viewOf(state, id, { name: owner?.name ?? "", atMs });
  const { actor, targets } = turnOf(state, view, owner);
  const { requoteBps, placePauseMs, entriesPerSide, amends = false } = actor.execution;
  const keepsExits = !view.bookUsable && view.positionSteps !== 0;
  const silenceMs = targets.every(({ purpose }) => purpose === "flatten")
    ? FLATTEN_SILENCE_MS
    : EXIT_SILENCE_MS;
  const rest = { requoteBps, restMs: placePauseMs, entriesPerSide, amends };
  const rules = { ...rest, atMs, keepsExits, silenceMs };
  const intents = allowedOf(state, view, { actor, targets })
    .map((target) => ({ ...onLots(target, view.instrument), symbolId: id, strategy: actor.name }))
    .filter(({ qtySteps }) => qtySteps > 0);
  const plan = planOf(intents, state.orders.live(id), rules);
  for (const row of plan.cancel) {
    sendCancel(state, row, { atMs, why: cancelReasonOf(row.intent, intents) });
  }
  for (const moved of awayFirst(plan.amend)) amendOrCancel(state, moved, atMs);
  // Several entries a side go out together: a pause begins after the decision.
  for (const intent of plan.place.filter((wanted) => actor.pauses.isOver(wanted, atMs))) {
    if (awaitsAnswer(state, intent, atMs)) continue;
    if (hasRoom(state, intent, atMs)) place(state, { intent, actor }, atMs);
  }
}

/**
 * The targets without entries where none would pass whatever its price: then those that rest go
 * too, and the reason is told as a denial.
 */
function allowedOf(
  state: MarketPart & SettingsPart & MoneyPart & LossesPart & PlacingPart & WatchPart & ReportPart,
  { instrument: { id }, atMs }: SymbolView,
  { actor, targets }: Turn,
): readonly OrderTarget[] {
  if (targets.every(({ purpose }) => purpose !== "entry")) return targets;
  const context = standingOf(state, { id, strategy: actor.name, atMs });
  return targets.filter((target) => {
    if (target.purpose !== "entry") return true;
    const reason = standingObjection(context, target.side);
    if (reason === null) return true;
    deny(state, { intent: { ...target, symbolId: id, strategy: actor.name }, reason, atMs });
    return false;
  });
}

/**
 * The order report of a fill comes before its execution: for a moment the position is behind, and
 * an exit would be placed again. After a lost message exits go on regardless, as they only reduce.
 */
function isBehind(state: OrdersPart, id: SymbolId, atMs: number): boolean {
  const sinceMs = state.orders.awaitingSinceMs(id);
  return sinceMs > 0 && atMs - sinceMs < AWAIT_FILL_MS;
}

/** Whose turn it is to act on a symbol, and what they want there. */
interface Turn {
  readonly actor: Actor;
  readonly targets: readonly OrderTarget[];
}

/**
 * A flatten goes before protection, protection before the owner; without one nothing is wanted. A
 * close is the flatten of one symbol; any halt leaves an owner its exits only.
 */
function turnOf(
  state: SettingsPart & TenancyPart & TradingPart & OrdersPart,
  view: SymbolView,
  owner: Tenant | null,
): Turn {
  const { operator, protector } = state.tenancy;
  const { flattenBy } = state.control;
  const isFlat = view.positionSteps === 0;
  const { symbol } = view.instrument;
  const halt = symbolHaltOf(state, symbol);
  if (flattenBy !== null || isClosing(state, symbol)) {
    const reason = flattenBy === null ? `close: ${halt}` : `flatten by ${flattenBy}`;
    const why = { purpose: "flatten", reason } as const;
    const held = isFlat ? [] : [closeAtMarket(view, why)];
    const { id } = view.instrument;
    return { actor: operator, targets: withBlindExits(held, mayHoldOf(state, id, view.atMs)) };
  }
  const held = { ageMs: view.atMs - view.openedAtMs, isOwned: owner !== null };
  const overdue = overdueReason(held, state.options.protection);
  const reason = isFlat ? null : (overdue ?? endingReason(view, state.limits));
  if (reason !== null) {
    return { actor: protector, targets: [closeAtMarket(view, { purpose: "exit", reason })] };
  }
  if (owner === null) return { actor: protector, targets: [] };
  const targets = owner.strategy.targets(view);
  for (const { purpose } of targets) {
    assert(purpose === "entry" || purpose === "exit", "a strategy enters and exits, nothing else");
  }
  const isIn = ({ purpose }: OrderTarget) => halt === null || purpose === "exit";
  return { actor: owner, targets: targets.filter(isIn) };
}

/** A contract that ends soon is left before its last day, while somebody still trades it. */
function endingReason(
  { instrument: { deliveryAtMs }, atMs }: SymbolView,
  { delistingExitMs }: RiskLimits,
): string | null {
  if (deliveryAtMs === undefined || deliveryAtMs - atMs > delistingExitMs) return null;
  return `the contract ends in ${Math.max(0, deliveryAtMs - atMs)} ms`;
}

/** A cancel that cannot move the order any more is not sent twice. */
function sendCancel(
  state: OrdersPart & EffectsPart,
  row: OrderRow,
  { atMs, why }: { readonly atMs: number; readonly why: string },
): void {
  if (!state.orders.cancelSent(row, atMs, why)) return;
  const { clientId, venueOrderId, intent } = row;
  state.outbox.push({ kind: "cancel", clientId, symbolId: intent.symbolId, venueOrderId });
}

/** Whether an entry waits for terms that are being asked for. */
function awaitsAnswer(state: TermsPart, { purpose, symbolId }: OrderIntent, atMs: number): boolean {
  return purpose === "entry" && awaitsTerms(state, symbolId, atMs);
}

/** Orders that make way for others go first: a bid that falls, an offer that rises. */
function awayFirst(moves: readonly Moved[]): readonly Moved[] {
  const towards = ({ row, target }: Moved): number =>
    ((target.priceTicks ?? 0) - (row.intent.priceTicks ?? 0)) * signOf(target.side);
  return [...moves].sort((left, right) => towards(left) - towards(right));
}

/**
 * Moves a resting entry to its target's price. It passes the gate like a new one, without itself in
 * what is counted; where it does not pass, it may not stay where it is either.
 */
function amendOrCancel(
  state: KnowledgePart & PlacingPart & WatchPart & ReportPart & EffectsPart,
  { row, target }: Moved,
  atMs: number,
): void {
  if (!hasRoom(state, target, atMs)) return;
  const { qtySteps } = row.intent;
  const wanted = { ...target, qtySteps };
  const { priceTicks, stopLossTicks, reason } = wanted;
  const verdict = judge(wanted, row.clientId, contextWithout(state, row, atMs));
  if (!verdict.ok && verdict.problem.code === "OWN_ORDER_WOULD_CROSS") {
    // What stands in the way is being moved itself: its report decides this symbol again.
    if (state.orders.live(row.intent.symbolId).some((other) => other.state === "amending")) return;
  }
  if (!verdict.ok) deny(state, { intent: wanted, reason: verdict.problem, atMs });
  const isSent =
    verdict.ok &&
    priceTicks !== null &&
    state.orders.amendSent(row, { priceTicks, stopLossTicks, reason }, atMs);
  if (!isSent || !verdict.ok) {
    const why = verdict.ok ? "its price cannot be moved" : "its new price is refused";
    sendCancel(state, row, { atMs, why });
    return;
  }
  state.rate.record(atMs);
  const { venueOrderId } = row;
  state.outbox.push({ kind: "amend", order: verdict.value, venueOrderId });
}

/** Whether the rate has room. Waiting for it is no denial: the gate is for what must not happen. */
function hasRoom(
  state: SettingsPart & PlacingPart,
  { purpose }: OrderIntent,
  atMs: number,
): boolean {
  const { orderRateMax, exitRateMax } = state.limits;
  return state.rate.count(atMs) < (purpose === "entry" ? orderRateMax : exitRateMax);
}

function place(
  state: CorePart & PlacingPart,
  { intent, actor }: { readonly intent: OrderIntent; readonly actor: Actor },
  atMs: number,
): void {
  const { clientIds } = state.tenancy;
  const clientId = clientOrderIdOf(clientIds.prefix, intent.strategy, state.orderSeq + 1);
  assert(clientIds.nameIn(clientId) === actor.name, "a restart will know whose order this is");
  const verdict = judge(
    intent,
    clientId,
    contextOf(state, intent.symbolId, { strategy: intent.strategy, atMs }),
  );
  if (!verdict.ok) {
    deny(state, { intent, reason: verdict.problem, atMs });
    return;
  }
  state.orderSeq++;
  state.rate.record(atMs);
  state.counters.ordersSubmitted++;
  const { placePauseMs, exitRetryMs } = actor.execution;
  actor.pauses.set(intent, atMs + (intent.purpose === "entry" ? placePauseMs : exitRetryMs));
  state.orders.add(verdict.value, atMs);
  if (intent.purpose === "entry") state.universe.countEntry(intent.symbolId, "entries", atMs);
  state.outbox.push({ kind: "submit", order: verdict.value });
}

function deny(
  state: MarketPart & PlacingPart & WatchPart & ReportPart,
  denial: { readonly intent: OrderIntent; readonly reason: DenyReason; readonly atMs: number },
): void {
  const { intent, reason, atMs } = denial;
  const id = intent.symbolId;
  state.counters.ordersDenied++;
  state.columns.decideAfterMs[id] = atMs + DENY_PAUSE_MS;
  const { code } = reason;
  const last = state.denied.get(id);
  const untold = last?.untold ?? new Map<DenyCode, number>();
  const times = 1 + (untold.get(code) ?? 0);
  if (last?.code === code && atMs - last.atMs < DENY_REPEAT_MS) {
    untold.set(code, times);
    return;
  }
  untold.delete(code);
  state.denied.set(id, { code, atMs, untold });
  const { symbol } = state.market.instrument(id);
  const { side, purpose, strategy } = intent;
  const denied = { atMs, symbol, side, purpose, strategy, reason, ...(times > 1 && { times }) };
  state.pending.facts.push({ kind: "denial", denial: denied });
  state.pending.due = true;
}
