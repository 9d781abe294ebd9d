/**
 * The life of an order as its row keeps it: what happened at which moment of our clock, read from
 * one state of the order that the engine told to the next. The engine tells every change, so that
 * nothing is left out but what a single event did at once. It is kept in the order's own row: it
 * comes with it, over restarts, and goes with it.
 */

import { type LifeStep, STEP_KINDS, type StepKind } from "../blotter/rows.ts";
import type { OrderAudit } from "../engine/audit.ts";

/**
 * Longer lives keep their beginning and their end. An order that is moved every second and a half
 * has so many in two minutes; the most that happens otherwise is a dozen.
 */
const STEPS_KEPT_MAX = 80;
const FIRST_KEPT = 10;
/** Several times the orders that may live at once; the longest unchanged are let go. */
const LIVES_MAX = 4_000;

interface Life {
  last: OrderAudit;
  readonly steps: LifeStep[];
}

/** Follows the orders of this run. */
export class OrderLives {
  private readonly lives = new Map<string, Life>();

  /** Takes the next state of an order; returns its life so far as the row keeps it. */
  take(order: OrderAudit): string {
    const life = this.lives.get(order.clientId) ?? null;
    const steps = [...(life?.steps ?? []), ...stepsBetween(life?.last ?? null, order)];
    if (steps.length > STEPS_KEPT_MAX) steps.splice(FIRST_KEPT, steps.length - STEPS_KEPT_MAX);
    this.lives.delete(order.clientId);
    this.lives.set(order.clientId, { last: order, steps });
    for (const oldest of this.lives.keys()) {
      if (this.lives.size <= LIVES_MAX) break;
      this.lives.delete(oldest);
    }
    return lifeText(steps);
  }
}

/** What happened between two states of an order; null before the first. */
function stepsBetween(before: OrderAudit | null, after: OrderAudit): LifeStep[] {
  const steps: LifeStep[] = [];
  const add = (kind: StepKind, text: string, atMs = after.updatedAtMs) =>
    steps.push({ atMs, kind, text });
  if (before === null) {
    add("wanted", after.reason, after.createdAtMs);
    add("sent", termsText(after), after.createdAtMs);
  }
  if (after.venueOrderId !== "" && (before?.venueOrderId ?? "") === "") {
    add("acknowledged", after.venueOrderId);
  }
  if (before !== null && before.priceText !== after.priceText) {
    add("moved", `to ${after.priceText}: ${after.reason}`);
  }
  if (after.filledSteps > (before?.filledSteps ?? 0)) {
    add("filled", `${after.filledText} of ${after.qtyText}`);
  }
  const isNew = after.state !== (before?.state ?? "submitting");
  if (isNew) add(STEP_OF_STATE[after.state], after.detail);
  return steps;
}

const STEP_OF_STATE: Readonly<Record<OrderAudit["state"], StepKind>> = {
  submitting: "sent",
  open: "open",
  cancelling: "cancel_asked",
  amending: "move_asked",
  unknown: "silent",
  closed: "ended",
  rejected: "rejected",
  failed: "failed",
};

function termsText(order: OrderAudit): string {
  const price = order.priceText === "" ? "at market" : `at ${order.priceText}`;
  const stop = order.stopLossText === "" ? "" : `, stop ${order.stopLossText}`;
  return `${order.side} ${order.qtyText} ${price}, ${order.timeInForce}${stop}`;
}

function lifeText(steps: readonly LifeStep[]): string {
  return JSON.stringify(steps.map(({ atMs, kind, text }) => [atMs, kind, text]));
}

/** The steps of a row; none where it was written before lives were kept. */
export function lifeOf(text: string): readonly LifeStep[] {
  const found: unknown = JSON.parse(text);
  return Array.isArray(found) ? found.flatMap(stepOf) : [];
}

function stepOf(found: unknown): LifeStep[] {
  if (!Array.isArray(found)) return [];
  const [atMs, name, text] = found;
  const kind = STEP_KINDS.find((known) => known === name);
  if (typeof atMs !== "number" || typeof text !== "string" || kind === undefined) return [];
  return [{ atMs, kind, text }];
}
