/**
 * Holds the program's record of a run against the venue's own story of the account, told by its
 * core: money to the last of 18 decimals, sizes, orders, and every execution by its id.
 */
import { isLive } from "../../src/domain/order.ts";
import { fixedToText, parseFixed } from "../../src/kernel/fixed.ts";
import type { LedgerFill } from "../../src/portfolio/fill.ts";
import type { SimOrder } from "../../src/simulator/core/api.ts";
import { EXECUTIONS_MAX } from "../../src/simulator/core/exchange-state.ts";
import type { Outcome } from "./program-run.ts";

/** What differs, in words; empty when nothing does. */
export function reckon(outcome: Outcome): string[] {
  return [
    ...outcome.complaints,
    ...money(outcome),
    ...positions(outcome),
    ...executions(outcome),
    ...orders(outcome),
  ];
}

export function fillsOf(outcome: Outcome): LedgerFill[] {
  return outcome.entries.flatMap((entry) => (entry.kind === "fill" ? [entry.fill] : []));
}

function money(outcome: Outcome): string[] {
  const change = outcome.walletAfter - outcome.walletBefore;
  let recorded = 0n;
  for (const fill of fillsOf(outcome)) recorded += fill.realisedPnl - fill.fee - fill.funding;
  const { realisedText, feesText, fundingText } = outcome.engine.view().account;
  const shown = fixedOf(realisedText) - fixedOf(feesText) - fixedOf(fundingText);
  const expected = `the wallet changed by ${fixedToText(change)}`;
  return [
    ...(recorded === change ? [] : [`the record nets ${fixedToText(recorded)}, ${expected}`]),
    ...(shown === change ? [] : [`the view nets ${fixedToText(shown)}, ${expected}`]),
  ];
}

function positions({ engine, simulator, accountId }: Outcome): string[] {
  const { venue } = simulator;
  const found: string[] = [];
  for (const position of venue.core.positions(accountId)) {
    if (position.sizeSteps === 0) continue;
    const { symbol } = venue.instrumentAt(position.symbolIndex);
    found.push(`the venue holds ${position.sizeSteps} steps of ${symbol} after the flatten`);
  }
  for (const position of engine.view().positions.values()) {
    if (position.side === "flat") continue;
    found.push(`we hold ${position.side} ${position.qtyText} ${position.symbol} after the flatten`);
  }
  return found;
}

function executions(outcome: Outcome): string[] {
  const found: string[] = [];
  const booked = new Map<string, LedgerFill>();
  for (const fill of fillsOf(outcome)) {
    if (booked.has(fill.execId)) found.push(`execution ${fill.execId} was booked twice`);
    if (fill.execKind === "other") found.push(`the size of ${fill.symbol} was taken over`);
    booked.set(fill.execId, fill);
  }
  for (const execution of outcome.executions) {
    const fill = booked.get(execution.execId);
    booked.delete(execution.execId);
    if (fill === undefined) found.push(`execution ${execution.execId} was never booked`);
    else if (
      fill.qtySteps !== execution.qtySteps ||
      fill.priceTicks !== execution.priceTicks ||
      fill.fee + fill.funding !== execution.fee
    ) {
      found.push(`execution ${execution.execId} was booked with other figures`);
    }
  }
  for (const execId of booked.keys()) found.push(`execution ${execId} is not the venue's`);
  const { core } = outcome.simulator.venue;
  const listed = core.executions(outcome.accountId).length;
  const count = Math.min(EXECUTIONS_MAX, fillsOf(outcome).length);
  if (listed !== count) found.push(`${count} executions were booked, execution/list has ${listed}`);
  return found;
}

function orders(outcome: Outcome): string[] {
  const { submitted, venueOrders, simulator, accountId } = outcome;
  const found: string[] = [];
  const atVenue = new Map<string, SimOrder>();
  for (const order of venueOrders.values()) {
    const { orderLinkId } = order;
    if (orderLinkId === "") continue;
    if (atVenue.has(orderLinkId)) found.push(`order ${orderLinkId} is at the venue twice`);
    atVenue.set(orderLinkId, order);
    if (!submitted.has(orderLinkId)) found.push(`nobody submitted order ${orderLinkId}`);
  }
  for (const id of submitted) found.push(...orderOf(outcome, id, atVenue.get(id)));
  for (const order of simulator.venue.core.openOrders(accountId)) {
    found.push(`order ${order.orderLinkId || order.orderId} still rests after the flatten`);
  }
  return found;
}

/** An order that never arrived is fine, if nothing of it counts as filled. */
function orderOf({ records }: Outcome, id: string, there: SimOrder | undefined): string[] {
  const record = records.get(id);
  if (record === undefined) return [`order ${id} is not in the record`];
  const { state, filledSteps } = record;
  const cumSteps = there?.cumSteps ?? 0;
  return [
    ...(isLive(state) ? [`order ${id} ends as ${state}`] : []),
    ...(state === "failed" && there !== undefined ? [`order ${id} "failed" and was placed`] : []),
    ...(filledSteps === cumSteps
      ? []
      : [`order ${id} filled ${filledSteps} in the record, ${cumSteps} at the venue`]),
  ];
}

function fixedOf(text: string): bigint {
  const value = parseFixed(text);
  if (value === null) throw new Error(`the view shows an amount that is no number: ${text}`);
  return value;
}
