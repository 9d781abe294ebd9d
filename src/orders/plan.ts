/**
 * Turns targets into the fewest steps: keep what is near enough, cancel what is not wanted, place
 * what is missing.
 *
 * A symbol has one reducing order a side, and as many entries a side as its strategy works. A moved
 * price is a cancel first and a new order only after the venue confirmed it: for a moment there is
 * one quote too few, never one too many. An order whose fate is open (submitting, cancelling,
 * unknown) holds its place: an entry until it is known, an exit for about a second, as another one
 * cannot overshoot. Orders of one symbol only: it has one owner at a time.
 */
import type { OrderIntent } from "../domain/order.ts";
import { assert } from "../kernel/assert.ts";
import { doubtMsOf, EXIT_SILENCE_MS, maySendAnotherExit } from "./exit-doubt.ts";
import type { OrderRow } from "./table.ts";

interface PlanRules {
  readonly atMs: number;
  /** A resting order stays while its price is this close to the wanted one. */
  readonly requoteBps: number;
  /** A resting order is not moved before this: its queue place and the order rate are costly. */
  readonly restMs: number;
  readonly entriesPerSide: number;
  /** A moved entry is amended where it can be: one request, and no moment without a quote. */
  readonly amends?: boolean;
  /** Exits in doubt hold their place for this long; an exit's own patience when left out. */
  readonly silenceMs?: number;
  /** There is no price to judge a resting exit by: it stays where it is. */
  readonly keepsExits: boolean;
}

interface Plan {
  readonly place: readonly OrderIntent[];
  readonly cancel: readonly OrderRow[];
  /** Resting entries whose price moves to that of a target. */
  readonly amend: readonly Moved[];
}

/** An order and the target that it is to become. */
export interface Moved {
  readonly row: OrderRow;
  readonly target: OrderIntent;
}

const NO_PLAN: Plan = { place: [], cancel: [], amend: [] };

/** What to place and to cancel so that the live orders of a symbol become its targets. */
export function planOf(
  targets: readonly OrderIntent[],
  live: readonly OrderRow[],
  rules: PlanRules,
): Plan {
  if (targets.length === 0 && live.length === 0) return NO_PLAN;
  checkInput(targets, live);
  const cancel: OrderRow[] = [];
  const amend: Moved[] = [];
  const answered = new Set<OrderIntent>();
  const { silenceMs = EXIT_SILENCE_MS } = rules;
  for (const row of live) {
    // What is long in doubt answers no target, and there is nothing more to ask of it.
    if (doubtMsOf(row, rules.atMs) >= silenceMs && row.state !== "open") continue;
    const target = nearestOf(row.intent, targets, answered);
    const isMoved = row.state === "open" && !isKept(row, target, { ...rules, targets });
    const mayMove = target !== undefined && mayAmend(row, target, rules);
    if (isMoved && mayMove) amend.push({ row, target });
    else if (isMoved) cancel.push(row);
    if (target !== undefined && (!isMoved || mayMove)) answered.add(target);
  }
  const place: OrderIntent[] = [];
  for (const target of targets) {
    if (answered.has(target)) continue;
    const taken = placesTaken(target, live, rules);
    const placed = place.filter((other) => sameClass(other, target)).length;
    if (taken + placed < placesOf(target, rules)) place.push(target);
  }
  assert(
    cancel.every(({ state }) => state === "open"),
    "only an order that rests is cancelled by plan",
  );
  return { place, cancel, amend };
}

function checkInput(targets: readonly OrderIntent[], live: readonly OrderRow[]): void {
  const symbolId = (targets[0] ?? live[0]?.intent)?.symbolId;
  for (const target of targets) {
    assert(target.symbolId === symbolId, "targets are planned symbol by symbol");
    assert(target.qtySteps > 0, "a target wants some quantity");
    assert((target.purpose === "entry") !== target.reduceOnly, "what is no entry only reduces");
  }
  for (const { intent } of live) {
    assert(intent.symbolId === symbolId, "live orders are planned with their own symbol");
  }
}

/** Places that live orders of the target's class hold; exits long in doubt hold none. */
function placesTaken(
  target: OrderIntent,
  live: readonly OrderRow[],
  { atMs, silenceMs }: PlanRules,
): number {
  const rows = live.filter((row) => sameClass(row.intent, target));
  if (target.purpose === "entry" || !maySendAnotherExit(rows, atMs, silenceMs)) return rows.length;
  return 0;
}

/** Orders a side: entries and reducing orders never share a place. */
function placesOf({ purpose }: OrderIntent, { entriesPerSide }: PlanRules): number {
  return purpose === "entry" ? entriesPerSide : 1;
}

function sameClass(left: OrderIntent, right: OrderIntent): boolean {
  return left.side === right.side && (left.purpose === "entry") === (right.purpose === "entry");
}

/** The target of the order's class that nothing answers yet and whose price is nearest. */
function nearestOf(
  intent: OrderIntent,
  targets: readonly OrderIntent[],
  answered: ReadonlySet<OrderIntent>,
): OrderIntent | undefined {
  let nearest: OrderIntent | undefined;
  for (const target of targets) {
    if (answered.has(target) || !sameClass(target, intent)) continue;
    if (nearest === undefined || gapTicks(intent, target) < gapTicks(intent, nearest)) {
      nearest = target;
    }
  }
  return nearest;
}

/** Distance of two prices; a market order is as near to everything. */
function gapTicks(left: OrderIntent, right: OrderIntent): number {
  if (left.priceTicks === null || right.priceTicks === null) return 0;
  return Math.abs(left.priceTicks - right.priceTicks);
}

/** An entry keeps its identity when nothing but its price and stop moves. */
function mayAmend({ intent, amendment, isRigid }: OrderRow, target: OrderIntent, rules: PlanRules) {
  return (
    rules.amends === true &&
    !isRigid &&
    amendment === null &&
    intent.purpose === "entry" &&
    intent.strategy === target.strategy &&
    intent.timeInForce === target.timeInForce &&
    intent.priceTicks !== null &&
    target.priceTicks !== null &&
    intent.priceTicks !== target.priceTicks
  );
}

function isKept(
  row: OrderRow,
  target: OrderIntent | undefined,
  rules: PlanRules & { readonly targets: readonly OrderIntent[] },
): boolean {
  const { intent } = row;
  const isExit = intent.purpose !== "entry";
  if (target === undefined) {
    // An order given up as lost may come back beside its successor: one target keeps one order.
    const isSurplus = rules.targets.some((other) => sameClass(other, intent));
    return rules.keepsExits && isExit && !isSurplus;
  }
  // A former owner's order is not kept for the new one: its fill would carry the wrong name.
  if (target.strategy !== intent.strategy) return false;
  if (target.timeInForce !== intent.timeInForce || target.type !== intent.type) return false;
  if (rules.atMs - row.termsAtMs < rules.restMs) return true;
  if (isExit && intent.qtySteps - row.filledSteps !== target.qtySteps) return false;
  return isNear(intent.priceTicks, target.priceTicks, rules.requoteBps);
}

/** Near means the same price, or closer than the threshold where that is wider than a tick. */
function isNear(held: number | null, wanted: number | null, requoteBps: number): boolean {
  if (held === null || wanted === null || held === wanted) return true;
  return (Math.abs(held - wanted) / wanted) * 10_000 < requoteBps;
}
