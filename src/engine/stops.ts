/**
 * Sees to it that every position has a stop that protects it: held by the exchange, on the losing
 * side, near enough. Anything else counts as none and is replaced. A stop is of the whole position
 * by the venue's own terms, so it follows the size; a stop for a part is listed as an order and not
 * with the position, and so counts as none too.
 *
 * A position that cannot get its stop is not waited with: two refusals, or too long without one
 * for whatever reason, and it is closed at market, and its symbol entered no more until a person
 * says so.
 */
import { ticksOnLot } from "../domain/recount.ts";
import type { StopResult } from "../domain/stop-result.ts";
import type { SymbolId } from "../domain/units.ts";
import { entryTicksOf, type Position } from "../portfolio/position.ts";
import { stopFaultOf, stopOf } from "../risk/protection.ts";
import { PROGRAM } from "./interventions.ts";
import { isHandsOff } from "./neighbours.ts";
import { closeSymbol } from "./operator-commands.ts";
import {
  cancelStandIn,
  dropStandIn,
  isStoodInFor,
  noteStandIn,
  standInFor,
  tidyStandIns,
} from "./stand-in.ts";
import type {
  ControlPart,
  EffectsPart,
  MarketPart,
  PositionsPart,
  SettingsPart,
  TenancyPart,
  WatchPart,
} from "./state-parts.ts";
import { isClosing } from "./symbol-halts.ts";

/** The first refusal may be chance, a second is an answer. */
const REFUSALS_MAX = 2;
/** Nothing may keep a position without a stop for longer, a silent venue included. */
const STOPLESS_MS_MAX = 15_000;

type StopPart = SettingsPart & MarketPart & TenancyPart & PositionsPart & WatchPart & EffectsPart;

/** Looks at the stop of every position, and puts those that are missing or of no use. */
export function checkStops(state: StopPart & ControlPart, atMs: number): void {
  tidyStandIns(state);
  if (!state.control.recovered || !state.control.wasArmed) return;
  for (const position of state.ledger.positions.values()) checkStop(state, position, atMs);
}

function checkStop(state: StopPart & ControlPart, position: Position, atMs: number): void {
  const id = position.symbolId;
  const { columns, outbox } = state;
  const { stopGraceMs, stopRetryMs } = state.options.protection;
  const fault = faultOf(state, position);
  if (fault === null) {
    columns.stopRefusals[id] = 0;
    columns.stoplessSinceMs[id] = 0;
    dropStandIn(state, id);
    return;
  }
  if (isHandsOff(state, id) || atMs - position.openedAtMs < stopGraceMs) return;
  const sinceMs = columns.stoplessSinceMs[id] || atMs;
  columns.stoplessSinceMs[id] = sinceMs;
  const refusals = columns.stopRefusals[id] ?? 0;
  const isBare = !isStoodInFor(state, id);
  if (!isBare) columns.stoplessSinceMs[id] = atMs;
  if (isBare && (refusals >= REFUSALS_MAX || atMs - sinceMs >= STOPLESS_MS_MAX)) {
    giveUpOn(state, { id, fault, refusals, stoplessMs: atMs - sinceMs }, atMs);
  }
  if (atMs - (columns.protectedAtMs[id] ?? 0) < stopRetryMs) return;
  const { symbol } = state.market.instrument(id);
  outbox.log("warn", `the position of ${symbol} has ${fault}: putting a stop`);
  protect(state, position, atMs);
}

/** Closes at market what cannot be protected. */
function giveUpOn(
  state: StopPart & ControlPart,
  what: {
    readonly id: SymbolId;
    readonly fault: string;
    readonly refusals: number;
    readonly stoplessMs: number;
  },
  atMs: number,
): void {
  const { symbol } = state.market.instrument(what.id);
  if (isClosing(state, symbol) || state.control.flattenBy !== null) return;
  const { fault, refusals, stoplessMs } = what;
  const tried = `putting one was refused ${refusals} times in ${stoplessMs} ms`;
  const reason = `the position had ${fault}, ${tried}`;
  state.outbox.log("error", `${symbol} is closed at market: ${reason}`);
  const command = { cause: "stop_refused", by: PROGRAM, reason, commandId: "", symbol } as const;
  closeSymbol(state, { action: "close_symbol", ...command }, atMs);
}

/** What became of a stop that was asked for. */
export function absorbStopResult(state: StopPart, event: StopResult): void {
  const { symbolId, outcome } = event;
  const { columns } = state;
  const position = state.ledger.positions.get(symbolId);
  if (position === undefined || position.steps === 0) {
    if (outcome.result === "stands_in") cancelStandIn(state, symbolId, outcome);
    return;
  }
  if (outcome.result === "accepted") {
    // The venue's word until its position report comes, which may be lost.
    position.stopLossTicks = event.stopLossTicks;
    dropStandIn(state, symbolId);
    return;
  }
  if (outcome.result === "stands_in") {
    noteStandIn(state, symbolId, outcome);
    return;
  }
  const { symbol } = state.market.instrument(symbolId);
  state.outbox.log("warn", `the stop of ${symbol} was not put: ${outcome.text}`);
  if (outcome.result === "refused")
    columns.stopRefusals[symbolId] = refusalsOf(state, symbolId) + 1;
  // The next look tries again: there is an answer, so there is nothing to wait for.
  columns.protectedAtMs[symbolId] = 0;
}

const refusalsOf = ({ columns }: WatchPart, id: SymbolId): number => columns.stopRefusals[id] ?? 0;

function faultOf(state: StopPart, position: Position): string | null {
  if (position.steps === 0) return null;
  const held = { ...heldOf(state, position), stopLossTicks: position.stopLossTicks };
  return stopFaultOf(held, distanceBpsOf(state, position.symbolId));
}

/** That of the strategy whose position it is: its own exits lie in front of it. */
function distanceBpsOf(state: StopPart, id: SymbolId): number {
  const owner = state.tenancy.ownerOf(id);
  return owner?.execution.stopDistanceBps ?? state.options.protection.stopDistanceBps;
}

function heldOf(state: MarketPart, position: Position) {
  const id = position.symbolId;
  const book = state.market.book(id);
  const hasBid = book.state === "live" && book.bidCount > 0;
  return {
    steps: position.steps,
    entryTicks: entryTicksOf(position, state.market.instrument(id)),
    marketTicks: hasBid ? book.bestBidTicks : state.market.ticker(id).lastTicks,
  };
}

/**
 * Puts the exchange-held stop behind the entry, or behind the market when that is already worse.
 */
export function protect(state: StopPart, position: Position, atMs: number): void {
  const id = position.symbolId;
  const stop = stopOf(heldOf(state, position), distanceBpsOf(state, id));
  if (stop === null) return;
  const side = position.steps > 0 ? "buy" : "sell";
  const stopLossTicks = ticksOnLot(state.market.instrument(id), side, stop);
  state.columns.protectedAtMs[id] = atMs;
  const standIn = standInFor(state, id);
  state.outbox.push({ kind: "protect", symbolId: id, stopLossTicks, standIn });
}
