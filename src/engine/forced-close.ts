/**
 * The venue closed a position of ours by force: it liquidated it, or took it to cover another's
 * loss (auto-deleveraging). Either says that what we believe of our risk was wrong, so entries stop
 * until a person has looked; exits go on.
 */
import type { LedgerFill } from "../portfolio/fill.ts";
import { halt } from "./control.ts";
import { PROGRAM, tellOwnHalt } from "./interventions.ts";
import type { ControlPart } from "./state-parts.ts";

const WORDS = {
  liquidation: "liquidated a position",
  adl: "took a position for auto-deleveraging",
} as const;

/** Halts after a booked execution that was forced; anything else passes. */
export function haltOnForcedClose(state: ControlPart, fill: LedgerFill, atMs: number): void {
  const { execKind, symbol, side, qtyText, priceText } = fill;
  if (execKind !== "liquidation" && execKind !== "adl") return;
  const what = `the venue ${WORDS[execKind]} of ${symbol}: ${side} ${qtyText} at ${priceText}`;
  state.outbox.log("error", what, { execId: fill.execId });
  // One forced close comes in many executions: the first halts.
  if (!state.control.armed) return;
  tellOwnHalt(state, execKind, { reason: what, atMs });
  halt(state, what, { by: PROGRAM, cause: execKind });
}
