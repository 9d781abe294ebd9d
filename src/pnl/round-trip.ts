/**
 * Round trips: from flat to flat, one symbol at a time, derived from the executions alone.
 *
 * A trip begins with the execution that leaves flat and ends with the one that comes back to it.
 * Entries add to it, partial closes take from it. An execution that turns the position ends one
 * trip and begins the next: its quantity, value, fee and earned spread are divided by quantity, and
 * what does not divide goes to the new one, so that nothing is lost. Funding belongs to the trip
 * that is open when it is booked.
 *
 * A size that was taken over from the venue (start-up, a difference, strangers while we were away)
 * has no execution that says what was paid: such a trip is not whole, and has no basis points.
 * Restarts are no gaps, since executions are numbered over all runs. Profit is what the ledger
 * booked at exact average cost and is not computed again here.
 */
import type { Side, Usdt } from "../domain/units.ts";
import { FIXED_ONE, fixedToNumber } from "../kernel/fixed.ts";
import type { LedgerFill } from "../portfolio/fill.ts";
import {
  type ExecutionRow,
  edgeOf,
  positionAfter,
  type Qty,
  signedQtyOf,
} from "./execution-row.ts";

/** What a trip is made of while it is open; plain, so that it can be kept. */
export interface OpenTrip {
  readonly symbol: string;
  /** Side of the entry. */
  readonly side: Side;
  /** Whose line its entry is booked on. */
  readonly strategy: string;
  readonly openedAtMs: number;
  /** Client id of the order that entered; empty when none of ours did. */
  readonly entryClientId: string;
  /** Signed. */
  readonly position: Qty;
  readonly enteredQty: Qty;
  readonly enteredValue: Usdt;
  readonly exitedQty: Qty;
  readonly exitedValue: Usdt;
  readonly gross: Usdt;
  readonly fees: Usdt;
  /** Positive when paid. */
  readonly funding: Usdt;
  readonly fills: number;
  readonly value: Usdt;
  readonly makerValue: Usdt;
  /** Spread that the part still open has earned. */
  readonly openEdge: Usdt;
  /** The mid is known of every execution that entered. */
  readonly isEdgeKnown: boolean;
  /** Every part of it was entered and left by an execution. */
  readonly isWhole: boolean;
}

/** A closed trip. */
export interface RoundTrip {
  /** Row number of the execution that ended it: rises with time, one trip each. */
  readonly id: number;
  readonly symbol: string;
  /** "buy" for a long. */
  readonly side: Side;
  readonly strategy: string;
  readonly openedAtMs: number;
  readonly closedAtMs: number;
  readonly qty: Qty;
  /** Averages over all entries and exits, truncated at 18 decimals; 0 when not known. */
  readonly entryPrice: bigint;
  readonly exitPrice: bigint;
  readonly enteredValue: Usdt;
  readonly gross: Usdt;
  readonly fees: Usdt;
  readonly funding: Usdt;
  /** gross − fees − funding. */
  readonly net: Usdt;
  /** Net in 1/10,000 of the value entered; null when the trip is not whole. */
  readonly netBps: number | null;
  readonly fills: number;
  /** Share of the value traded that was ours as maker, 0 to 1. */
  readonly makerShare: number;
  readonly entryClientId: string;
  /** Client id of the order that ended it; empty when none of ours did. */
  readonly exitClientId: string;
  /** What kind of execution ended it: "trade", "liquidation", "other" for a size taken over. */
  readonly exitKind: LedgerFill["execKind"];
  readonly isWhole: boolean;
}

/** What one execution did to the trips of its symbol. */
export interface TripStep {
  readonly open: OpenTrip | null;
  readonly closed: RoundTrip | null;
  /** Spread earned on what it closed, entry and exit; null when one of them is not known. */
  readonly closedEdge: Usdt | null;
}

/** Folds one execution in. `open` is the trip of its symbol before it, null when flat. */
export function foldTrip(open: OpenTrip | null, row: ExecutionRow): TripStep {
  const { fill } = row;
  const before = open?.position ?? 0n;
  const after = positionAfter(fill) ?? before;
  const moved = after - before;
  if (moved === 0n) return { open: withMoney(open, row), closed: null, closedEdge: 0n };
  const isBooked = moved === signedQtyOf(fill) && fill.execKind !== "funding";
  if (!isBooked || !row.isOurs) return takenOver(open, row, after);
  return traded(open, row, after);
}

/** The position moved by this very execution. */
function traded(open: OpenTrip | null, row: ExecutionRow, after: Qty): TripStep {
  const { fill } = row;
  const before = open?.position ?? 0n;
  const qty = abs(signedQtyOf(fill));
  const isClosing = before !== 0n && before > 0n !== signedQtyOf(fill) > 0n;
  const closedQty = isClosing ? min(qty, abs(before)) : 0n;
  const edge = edgeOf(row);
  const [closes, opens] = divided(row, closedQty, qty);
  if (open === null || closedQty === 0n) {
    const trip = entered(open ?? newTrip(fill), opens, { row, position: after, edge });
    return { open: trip, closed: null, closedEdge: 0n };
  }
  const share = (open.openEdge * closedQty) / abs(before);
  const own = edge === null ? 0n : (edge * closedQty) / qty;
  const left: OpenTrip = {
    ...open,
    position: closedQty === abs(before) ? 0n : after,
    exitedQty: open.exitedQty + closes.qty,
    exitedValue: open.exitedValue + closes.value,
    gross: open.gross + fill.realisedPnl,
    fees: open.fees + closes.fee,
    funding: open.funding + fill.funding,
    fills: open.fills + 1,
    value: open.value + closes.value,
    makerValue: open.makerValue + (fill.isMaker ? closes.value : 0n),
    openEdge: open.openEdge - share,
    isWhole: open.isWhole && isPriced(fill),
  };
  const closedEdge = edge === null || !open.isEdgeKnown ? null : share + own;
  if (left.position !== 0n) return { open: left, closed: null, closedEdge };
  const rest = edge === null ? null : edge - own;
  const turned = { row, position: after, edge: rest };
  const next = after === 0n ? null : entered(newTrip(fill), opens, turned);
  return { open: next, closed: closedOf(left, row), closedEdge };
}

/** The position is another than the executions say: taken over, or moved by strangers. */
function takenOver(open: OpenTrip | null, row: ExecutionRow, after: Qty): TripStep {
  const known = withMoney(open, row);
  const isOver = known !== null && (after === 0n || after > 0n !== known.position > 0n);
  const closed =
    known !== null && isOver ? closedOf({ ...known, isWhole: false, position: 0n }, row) : null;
  const rest = isOver ? null : known;
  const unknown = { position: after, isEdgeKnown: false, isWhole: false };
  const next =
    after === 0n
      ? null
      : { ...(rest ?? { ...newTrip(row.fill), side: sideOf(after) }), ...unknown };
  return { open: next, closed, closedEdge: null };
}

/** Money of an execution that moves nothing: funding, and what lies inside a size taken over. */
function withMoney(open: OpenTrip | null, { fill, isOurs }: ExecutionRow): OpenTrip | null {
  if (open === null || !isOurs) return open;
  return {
    ...open,
    gross: open.gross + fill.realisedPnl,
    fees: open.fees + fill.fee,
    funding: open.funding + fill.funding,
  };
}

interface Part {
  readonly qty: Qty;
  readonly value: Usdt;
  readonly fee: Usdt;
}

/** What of an execution closes and what opens; together they are all of it. */
function divided({ fill }: ExecutionRow, closedQty: Qty, qty: Qty): readonly [Part, Part] {
  const value = (fill.value * closedQty) / qty;
  const fee = (fill.fee * closedQty) / qty;
  return [
    { qty: closedQty, value, fee },
    { qty: qty - closedQty, value: fill.value - value, fee: fill.fee - fee },
  ];
}

interface Entry {
  readonly row: ExecutionRow;
  readonly position: Qty;
  readonly edge: Usdt | null;
}

function entered(trip: OpenTrip, part: Part, { row, position, edge }: Entry): OpenTrip {
  const { fill } = row;
  // What a turning execution realised and its funding are of the trip that it ended.
  const isTurn = part.qty !== abs(signedQtyOf(fill));
  return {
    ...trip,
    position,
    enteredQty: trip.enteredQty + part.qty,
    enteredValue: trip.enteredValue + part.value,
    gross: trip.gross + (isTurn ? 0n : fill.realisedPnl),
    fees: trip.fees + part.fee,
    funding: trip.funding + (isTurn ? 0n : fill.funding),
    fills: trip.fills + 1,
    value: trip.value + part.value,
    makerValue: trip.makerValue + (fill.isMaker ? part.value : 0n),
    openEdge: trip.openEdge + (edge ?? 0n),
    isEdgeKnown: trip.isEdgeKnown && edge !== null,
    isWhole: trip.isWhole && isPriced(fill),
  };
}

function newTrip(fill: LedgerFill): OpenTrip {
  return {
    symbol: fill.symbol,
    side: fill.side,
    strategy: fill.strategy,
    openedAtMs: fill.atMs,
    entryClientId: fill.clientId,
    position: 0n,
    enteredQty: 0n,
    enteredValue: 0n,
    exitedQty: 0n,
    exitedValue: 0n,
    gross: 0n,
    fees: 0n,
    funding: 0n,
    fills: 0,
    value: 0n,
    makerValue: 0n,
    openEdge: 0n,
    isEdgeKnown: true,
    isWhole: true,
  };
}

function closedOf(trip: OpenTrip, { id, fill }: ExecutionRow): RoundTrip {
  const { enteredQty, enteredValue, exitedQty, exitedValue, gross, fees, funding } = trip;
  const net = gross - fees - funding;
  const isPaid = trip.isWhole && enteredValue > 0n;
  return {
    id,
    symbol: trip.symbol,
    side: trip.side,
    strategy: trip.strategy,
    openedAtMs: trip.openedAtMs,
    closedAtMs: fill.atMs,
    qty: enteredQty,
    entryPrice: enteredQty === 0n ? 0n : (enteredValue * FIXED_ONE) / enteredQty,
    exitPrice: exitedQty === 0n ? 0n : (exitedValue * FIXED_ONE) / exitedQty,
    enteredValue,
    gross,
    fees,
    funding,
    net,
    netBps: isPaid ? (fixedToNumber(net) / fixedToNumber(enteredValue)) * 10_000 : null,
    fills: trip.fills,
    makerShare: trip.value === 0n ? 0 : fixedToNumber(trip.makerValue) / fixedToNumber(trip.value),
    entryClientId: trip.entryClientId,
    exitClientId: fill.clientId,
    exitKind: fill.execKind,
    isWhole: trip.isWhole,
  };
}

/** A size that was taken over has no price in its row. */
const isPriced = (fill: LedgerFill): boolean => fill.value > 0n;

const sideOf = (position: Qty): Side => (position > 0n ? "buy" : "sell");
const abs = (value: bigint): bigint => (value < 0n ? -value : value);
const min = (left: bigint, right: bigint): bigint => (left < right ? left : right);
