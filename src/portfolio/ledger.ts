/**
 * The ledger: positions, fees, funding and profit, from executions alone.
 *
 * Truth about money comes only from executions, each applied once by its id; order reports and
 * position reports are checks on it, never sources. Where the venue's own size differs and stays
 * different, it is taken over by `adjust`, which leaves a row of its own in the record.
 */

import { assertSound, type OpenPart, valueAt } from "../domain/cost.ts";
import type { ExecutionReport, PositionReport } from "../domain/event.ts";
import { type Instrument, notionalOf } from "../domain/instrument.ts";
import type { GridChange } from "../domain/recount.ts";
import {
  absSteps,
  asExecId,
  type ClientOrderId,
  type ExecId,
  NO_VENUE_ID,
  type Price,
  type SymbolId,
  type Usdt,
  ZERO_TICKS,
} from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { toText } from "../kernel/decimal.ts";
import { parseFixed } from "../kernel/fixed.ts";
import type { LedgerFill } from "./fill.ts";
import { PnlLines } from "./pnl-lines.ts";
import {
  adopt,
  flatPosition,
  moveBy,
  type Position,
  recountPosition,
  unrealisedAt,
} from "./position.ts";
import { SeenIds } from "./seen.ts";

/** What the ledger must be told of an execution besides the execution itself. */
interface Booking {
  readonly instrument: Instrument;
  /** The order it belongs to: empty when it is not ours. */
  readonly clientId: ClientOrderId;
  /** Whose line it is booked on. */
  readonly strategy: string;
  readonly atMs: number;
}

export class Ledger {
  /** One row per symbol that ever had a fill: at most one per instrument. */
  readonly positions = new Map<SymbolId, Position>();
  realised: Usdt = 0n;
  fees: Usdt = 0n;
  /** Positive when paid. */
  funding: Usdt = 0n;
  /** Cash that strangers moved while we were away: part of the wallet, and not of our result. */
  apart: Usdt = 0n;
  fillCount = 0;
  /** The same, by whose it is. */
  readonly lines = new PnlLines();
  private readonly seen = new SeenIds();

  /** Steps held of a symbol, 0 when there never was any. */
  stepsOf(symbolId: SymbolId): number {
    return this.positions.get(symbolId)?.steps ?? 0;
  }

  position(symbolId: SymbolId): Position {
    const known = this.positions.get(symbolId);
    if (known !== undefined) return known;
    const fresh = flatPosition(symbolId);
    this.positions.set(symbolId, fresh);
    return fresh;
  }

  /** Goes on with a position as an earlier run left it. */
  restore(
    instrument: Instrument,
    left: OpenPart & Pick<Position, "openedAtMs" | "adoptedVenueAtMs" | "isForeign">,
  ): void {
    const position = this.position(instrument.id);
    assert(position.steps === 0 && position.lastFillAtMs === 0, "nothing was booked before it");
    Object.assign(position, left);
    assertSound(position);
  }

  /** Executions that earlier runs have booked. */
  remember(execIds: readonly ExecId[]): void {
    assert(this.fillCount === 0, "earlier executions come before those of this run");
    for (const execId of execIds) this.seen.add(execId);
  }

  /**
   * Books what a stranger did to a symbol where nothing was ours: it moves the position, and its
   * cash is kept apart. Null when it was booked before.
   */
  bookApart(report: ExecutionReport, booking: Booking): LedgerFill | null {
    assertBookable(report, booking);
    if (!this.seen.add(report.execId)) return null;
    const position = this.position(report.symbolId);
    assert(position.steps === 0 || position.isForeign, "what is ours is not kept apart");
    const moves = report.execKind !== "funding" && report.qtySteps > 0;
    const realised = position.realised;
    const realisedPnl = moves
      ? moveBy(position, booking.instrument, { ...report, atMs: booking.atMs })
      : 0n;
    // The position's own sums are of what is ours, as the account's.
    position.realised = realised;
    position.isForeign = position.steps !== 0;
    assert(moves || realisedPnl === 0n, "what moves nothing realises nothing");
    this.apart += realisedPnl - report.fee;
    return fillOf(report, booking, { realisedPnl, positionSteps: position.steps });
  }

  /** Books one execution; null when it was booked before. */
  book(report: ExecutionReport, booking: Booking): LedgerFill | null {
    assertBookable(report, booking);
    if (!this.seen.add(report.execId)) return null;
    const position = this.position(report.symbolId);
    const isFunding = report.execKind === "funding";
    const inAdoptedSize = report.venueAtMs <= position.adoptedVenueAtMs;
    // Whatever its kind: what has a quantity and is no funding changes the size.
    const moves = !isFunding && report.qtySteps > 0 && !inAdoptedSize;
    const realisedPnl = moves
      ? moveBy(position, booking.instrument, { ...report, atMs: booking.atMs })
      : 0n;
    const funding = isFunding ? report.fee : 0n;
    const fees = report.fee - funding;
    const fillCount = report.execKind === "trade" ? 1 : 0;
    position.funding += funding;
    position.fees += fees;
    position.updatedAtMs = booking.atMs;
    if (moves) position.isForeign = false;
    this.realised += realisedPnl;
    this.funding += funding;
    this.fees += fees;
    this.fillCount += fillCount;
    this.lines.add(booking.strategy, { realised: realisedPnl, fees, funding, fillCount });
    this.checkLines();
    return fillOf(report, booking, { realisedPnl, positionSteps: position.steps });
  }

  /** Remembers an execution of an earlier run: it is inside the sizes that start-up adopts. */
  bookEarlier(report: ExecutionReport, booking: Booking): LedgerFill | null {
    assertBookable(report, booking);
    if (!this.seen.add(report.execId)) return null;
    const positionSteps = this.stepsOf(report.symbolId);
    return fillOf(report, booking, { realisedPnl: 0n, positionSteps });
  }

  /** An execution that is never booked: nobody's, from before the first start on the account. */
  passOver(execId: ExecId): void {
    this.seen.add(execId);
  }

  /**
   * Takes the venue's size over as ours and returns the row that says so. Executions up to
   * `report.venueAtMs` count as inside that size from now on.
   */
  adjust(report: PositionReport, booking: Booking, markPrice: Price): LedgerFill {
    assert(booking.instrument.id === report.symbolId, "the booking is of the position's symbol");
    assert(markPrice >= 0n, "a mark is known or 0");
    const position = this.position(report.symbolId);
    const before = position.steps;
    const entryPrice = parseFixed(report.entryPriceText) ?? 0n;
    const realisedPnl = missedProfit(position, booking.instrument, {
      steps: report.positionSteps,
      entryPrice,
      markPrice,
    });
    if (realisedPnl !== 0n) this.lines.add(booking.strategy, { ...NOTHING, realised: realisedPnl });
    position.realised += realisedPnl;
    this.realised += realisedPnl;
    this.checkLines();
    adopt(position, booking.instrument, {
      steps: report.positionSteps,
      entryPrice: entryPrice > 0n ? entryPrice : markPrice,
      atMs: booking.atMs,
    });
    assert(position.steps === report.positionSteps, "the venue's size is ours from now on");
    position.stopLossTicks = report.positionSteps === 0 ? null : report.stopLossTicks;
    position.adoptedVenueAtMs = Math.max(position.adoptedVenueAtMs, report.venueAtMs);
    const { instrument } = booking;
    const qtySteps = absSteps(report.positionSteps - before);
    return {
      execId: asExecId(`adjustment-${instrument.symbol}-${report.venueAtMs}-${booking.atMs}`),
      execKind: "other",
      symbolId: report.symbolId,
      symbol: instrument.symbol,
      venueOrderId: NO_VENUE_ID,
      clientId: booking.clientId,
      strategy: booking.strategy,
      side: report.positionSteps >= before ? "buy" : "sell",
      priceTicks: ZERO_TICKS,
      qtySteps,
      priceText: "0",
      qtyText: toText(instrument.qty, qtySteps),
      value: 0n,
      fee: 0n,
      funding: 0n,
      realisedPnl,
      positionSteps: report.positionSteps,
      isMaker: false,
      venueAtMs: report.venueAtMs,
      atMs: booking.atMs,
    };
  }

  /** Goes over to the new units of a contract. No money moves. */
  recount(change: GridChange): void {
    const position = this.positions.get(change.after.id);
    if (position !== undefined) recountPosition(position, change);
  }

  private checkLines(): void {
    const total = this.lines.total();
    assert(
      total.realised === this.realised,
      "realised profit by strategy adds up to the account's",
    );
    assert(total.fees === this.fees, "fees by strategy add up to the account's");
    assert(total.funding === this.funding, "funding by strategy adds up to the account's");
    assert(total.fillCount === this.fillCount, "every fill is on one strategy's line");
  }

  /** Profit after fees and funding of everything closed so far in this run. */
  net(): Usdt {
    return this.realised - this.fees - this.funding;
  }

  /** Profit of one open part at a mark in decimal text, 0 when the mark is not known. */
  unrealisedOf(instrument: Instrument, markText: string): Usdt {
    const mark = parseFixed(markText) ?? 0n;
    assert(mark >= 0n, "a mark is known or 0");
    return mark === 0n ? 0n : unrealisedAt(this.position(instrument.id), instrument, mark);
  }

  /**
   * Profit of all open parts at the marks that `markOf` gives (0 means unknown: counted as none).
   */
  unrealised(markOf: (position: Position) => { instrument: Instrument; mark: Price } | null): Usdt {
    let sum = 0n;
    for (const position of this.positions.values()) {
      if (position.steps === 0) continue;
      const marked = markOf(position);
      if (marked === null || marked.mark === 0n) continue;
      sum += unrealisedAt(position, marked.instrument, marked.mark);
    }
    return sum;
  }
}

const NOTHING = { realised: 0n, fees: 0n, funding: 0n, fillCount: 0 };

/**
 * Profit of the part that is gone without executions that say so: closed at the entry price of what
 * is held on the other side now, else at the mark. 0 while neither is known, and when nothing is
 * gone: what was added has not earned anything.
 */
function missedProfit(
  position: Position,
  instrument: Instrument,
  now: { readonly steps: number; readonly entryPrice: Price; readonly markPrice: Price },
): Usdt {
  const { steps, cost } = position;
  const isTurned = now.steps !== 0 && Math.sign(now.steps) !== Math.sign(steps);
  const kept = isTurned ? 0 : now.steps;
  if (Math.abs(kept) >= Math.abs(steps)) return 0n;
  assert(steps !== 0, "only what is held can be gone");
  const price = isTurned && now.entryPrice > 0n ? now.entryPrice : now.markPrice;
  if (price === 0n) return 0n;
  const gone = steps - kept;
  return valueAt(instrument, gone, price) - (cost * BigInt(gone)) / BigInt(steps);
}

/** Either of an order of ours or of none, by an id that tells it apart, in units of its symbol. */
function assertBookable(report: ExecutionReport, booking: Booking): void {
  assert(booking.instrument.id === report.symbolId, "the booking is of the execution's symbol");
  assert(report.execId !== "", "an execution has an id");
  assert(Number.isSafeInteger(report.qtySteps), "an execution is of whole steps");
  assert(report.qtySteps >= 0, "an execution's side says its sign");
  assert(Number.isSafeInteger(report.priceTicks), "an execution is at whole ticks");
}

function fillOf(
  report: ExecutionReport,
  booking: Booking,
  outcome: { readonly realisedPnl: Usdt; readonly positionSteps: number },
): LedgerFill {
  const { instrument } = booking;
  const isFunding = report.execKind === "funding";
  assert(!isFunding || outcome.realisedPnl === 0n, "funding realises no profit");
  assert(Number.isSafeInteger(outcome.positionSteps), "a position is whole steps");
  return {
    execId: report.execId,
    execKind: report.execKind,
    symbolId: report.symbolId,
    symbol: instrument.symbol,
    venueOrderId: report.venueOrderId,
    clientId: booking.clientId,
    strategy: booking.strategy,
    side: report.side,
    priceTicks: report.priceTicks,
    qtySteps: report.qtySteps,
    priceText: toText(instrument.price, report.priceTicks),
    qtyText: toText(instrument.qty, report.qtySteps),
    value: notionalOf(instrument, report.priceTicks, report.qtySteps),
    fee: isFunding ? 0n : report.fee,
    funding: isFunding ? report.fee : 0n,
    realisedPnl: outcome.realisedPnl,
    positionSteps: outcome.positionSteps,
    isMaker: report.isMaker,
    venueAtMs: report.venueAtMs,
    atMs: booking.atMs,
  };
}
