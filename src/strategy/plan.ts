/**
 * Turns targets into the fewest steps: keep what is near enough, cancel what is not wanted, place
 * what is missing.
 *
 * A symbol has at most one order per side and class (entry, or reducing). A moved price is a cancel
 * first and a new order only after the venue confirmed it: for a moment there is one quote too few,
 * never one too many. An order whose fate is open (submitting, cancelling, unknown) holds its
 * place.
 */
import type { OrderIntent } from "../domain/order.ts";
import type { Side } from "../domain/units.ts";
import type { OrderRow } from "../orders/table.ts";

interface PlanRules {
  readonly atMs: number;
  readonly requoteBps: number;
  readonly requoteCooldownMs: number;
  /** There is no price to judge a resting exit by: it stays where it is. */
  readonly keepsExits: boolean;
}

interface Plan {
  readonly place: readonly OrderIntent[];
  readonly cancel: readonly OrderRow[];
}

const NO_PLAN: Plan = { place: [], cancel: [] };

export function planOf(
  targets: readonly OrderIntent[],
  live: readonly OrderRow[],
  rules: PlanRules,
): Plan {
  if (targets.length === 0 && live.length === 0) return NO_PLAN;
  const cancel: OrderRow[] = [];
  const answered = new Set<OrderIntent>();
  for (const row of live) {
    const target = targets.find((candidate) => sameClass(candidate, row.intent));
    // An order given up as lost may come back beside its successor: one target keeps one order.
    const isSurplus = target !== undefined && answered.has(target);
    if (target !== undefined) answered.add(target);
    if (row.state === "open" && (isSurplus || !isKept(row, target, rules))) cancel.push(row);
  }
  const place = targets.filter((target) => !live.some((row) => sameClass(target, row.intent)));
  return { place, cancel };
}

/** Where an order stands in line: entries and reducing orders of one side never share a place. */
function classOf(intent: OrderIntent): { side: Side; reduces: boolean } {
  return { side: intent.side, reduces: intent.purpose !== "entry" };
}

function sameClass(left: OrderIntent, right: OrderIntent): boolean {
  const one = classOf(left);
  const other = classOf(right);
  return one.side === other.side && one.reduces === other.reduces;
}

function isKept(row: OrderRow, target: OrderIntent | undefined, rules: PlanRules): boolean {
  const { intent } = row;
  if (target === undefined) return rules.keepsExits && intent.purpose !== "entry";
  if (target.timeInForce !== intent.timeInForce || target.type !== intent.type) return false;
  const rested = rules.atMs - row.createdAtMs >= rules.requoteCooldownMs;
  if (!rested) return true;
  const isExit = intent.purpose !== "entry";
  if (isExit && intent.qtySteps - row.filledSteps !== target.qtySteps) return false;
  return isNear(intent.priceTicks, target.priceTicks, rules.requoteBps);
}

/** Near means the same price, or closer than the threshold where that is wider than a tick. */
function isNear(held: number | null, wanted: number | null, requoteBps: number): boolean {
  if (held === null || wanted === null || held === wanted) return true;
  return (Math.abs(held - wanted) / wanted) * 10_000 < requoteBps;
}
