/**
 * Every order of this run from the gate to its end, and the moves that reports make.
 *
 * Acknowledgements, stream reports, executions and query answers arrive in any order and more than
 * once. Each is folded in by what it proves; a move that `ORDER_NEXT` does not hold is an assertion
 * when we make it, and is ignored when the venue merely repeats old news. Executions and reports
 * both count fills; the larger count is right, as each may run ahead of the other.
 */

import type { Amendment, AmendOutcome } from "../domain/amendment.ts";
import type {
  CancelOutcome,
  OrderReport,
  SubmitOutcome,
  VenueOrderStatus,
} from "../domain/event.ts";
import { canMove, isLive, type Order, type OrderIntent, type OrderState } from "../domain/order.ts";
import { type GridChange, stepsAfter, ticksAfter } from "../domain/recount.ts";
import {
  addSteps,
  type ClientOrderId,
  type QtySteps,
  type SymbolId,
  type VenueOrderId,
  ZERO_STEPS,
} from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import type { ApprovedOrder } from "../risk/approved.ts";

/** A row of the table: the order and what is needed to chase it. */
export interface OrderRow extends Order {
  /** Steps counted from executions alone. */
  executedSteps: QtySteps;
  /** Terms that were asked for and may hold; null when none are outstanding. */
  amendment: Amendment | null;
  /** Our clock when its terms were sent last, first or amended. */
  termsAtMs: number;
  /** The venue refused to amend it: a new order does what it would not. */
  isRigid: boolean;
  /** Our clock when the last cancel was sent, 0 when none was. */
  cancelAtMs: number;
  /** Our clock when the venue was last asked what became of it, 0 when never. */
  askedAtMs: number;
  /** Our clock since when reports tell of fills whose executions have not come, 0 when none do. */
  awaitingSinceMs: number;
  /** Steps filled beyond the order's own that were told of, 0 as a rule. */
  overfillSteps: number;
}

/** What the caller must do after a change: the venue has to be asked, or nothing. */
type FollowUp = "none" | "ask";

/**
 * Late executions and repeated reports come within seconds; a minute also covers a slow reconnect.
 */
export const FINISHED_KEEP_MS = 60_000;
/**
 * A minute of orders at the venue's own limit of 10/s; at the limit the oldest finished are
 * dropped.
 */
export const FINISHED_MAX = 600;
/** Far above the gate's own limit on open orders: reaching it means the gate is broken. */
export const LIVE_MAX = 500;
/**
 * The venue refuses a request whose timestamp is older than recv_window (5 s). Until then a "never
 * heard of it" may be overtaken by the order itself; after it, it is final.
 */
export const NEVER_HEARD_FINAL_MS = 7_000;

const NO_ROWS: readonly OrderRow[] = [];

export class OrderTable {
  private readonly rows = new Map<ClientOrderId, OrderRow>();
  private readonly byVenueId = new Map<string, OrderRow>();
  private readonly liveOf = new Map<SymbolId, OrderRow[]>();
  /** Finished rows, oldest first. */
  private finished: OrderRow[] = [];
  /** Rows that changed since the caller last cleared the set. */
  readonly changed = new Set<OrderRow>();
  liveCount = 0;
  /** Rows with reported fills whose executions have not come: the position is behind them. */
  private readonly awaiting = new Set<OrderRow>();

  get size(): number {
    return this.rows.size;
  }

  all(): IterableIterator<OrderRow> {
    return this.rows.values();
  }

  live(symbolId: SymbolId): readonly OrderRow[] {
    return this.liveOf.get(symbolId) ?? NO_ROWS;
  }

  /** Symbols that have live orders. */
  liveSymbols(): IterableIterator<SymbolId> {
    return this.liveOf.keys();
  }

  /** By client id, or by the venue's id where the client id is missing (fast maker executions). */
  find(clientId: ClientOrderId, venueOrderId: VenueOrderId): OrderRow | undefined {
    return this.rows.get(clientId) ?? this.byVenueId.get(venueOrderId);
  }

  add(approved: ApprovedOrder, atMs: number): OrderRow {
    assert(!this.rows.has(approved.clientId), "a client id is used once");
    assert(approved.qtySteps > 0, "an approved order asks for some quantity");
    assert(this.liveCount < LIVE_MAX, "the gate holds the number of live orders below the table's");
    const { clientId, ...intent } = approved;
    const row: OrderRow = {
      clientId,
      intent,
      state: "submitting",
      venueOrderId: null,
      filledSteps: ZERO_STEPS,
      detail: "",
      createdAtMs: atMs,
      updatedAtMs: atMs,
      executedSteps: ZERO_STEPS,
      amendment: null,
      termsAtMs: atMs,
      isRigid: false,
      cancelAtMs: 0,
      askedAtMs: 0,
      awaitingSinceMs: 0,
      overfillSteps: 0,
    };
    this.rows.set(clientId, row);
    this.enlist(row);
    this.changed.add(row);
    return row;
  }

  /** The answer to a submit. Accepted only means taken: the order is open once a report says so. */
  onSubmit(row: OrderRow, outcome: SubmitOutcome, atMs: number): FollowUp {
    if (outcome.result === "accepted") {
      this.noteVenueId(row, outcome.venueOrderId, atMs);
      return "none";
    }
    if (outcome.result === "unknown") {
      if (row.state !== "submitting" && row.state !== "cancelling") return "none";
      this.move(row, "unknown", { atMs, detail: outcome.text });
      return "ask";
    }
    const rests = row.state === "open" || row.state === "amending";
    if (rests || !isLive(row.state)) return "none";
    const wanted = outcome.result === "rejected" ? "rejected" : "failed";
    const to = canMove(row.state, wanted) ? wanted : "closed";
    this.move(row, to, { atMs, detail: outcome.text });
    return "none";
  }

  /** Marks a cancel as sent. False when the order is past cancelling or a cancel is under way. */
  cancelSent(row: OrderRow, atMs: number, why = ""): boolean {
    if (!canMove(row.state, "cancelling")) return false;
    row.cancelAtMs = atMs;
    this.move(row, "cancelling", {
      atMs,
      detail: why === "" ? "cancel sent" : `cancel sent: ${why}`,
    });
    return true;
  }

  onCancel(row: OrderRow, outcome: CancelOutcome, atMs: number): FollowUp {
    if (row.state !== "cancelling") return "none";
    switch (outcome.result) {
      case "accepted":
        return "none";
      case "failed":
        // It never left: an order without a venue id may itself still be on its way.
        this.move(row, row.venueOrderId === null ? "unknown" : "open", {
          atMs,
          detail: `cancel failed: ${outcome.text}`,
        });
        return row.venueOrderId === null ? "ask" : "none";
      case "gone":
      case "unknown":
        this.move(row, "unknown", { atMs, detail: `cancel ${outcome.result}: ${outcome.text}` });
        return "ask";
    }
  }

  /**
   * Marks an amendment as sent. False when the order does not rest, or when the outcome of an
   * earlier one is not known: two outstanding prices could not be told apart.
   */
  amendSent(row: OrderRow, amendment: Amendment, atMs: number): boolean {
    if (!canMove(row.state, "amending") || row.amendment !== null || row.isRigid) return false;
    assert(row.intent.priceTicks !== amendment.priceTicks, "an amendment moves the price");
    row.amendment = amendment;
    row.termsAtMs = atMs;
    this.move(row, "amending", { atMs, detail: "amendment sent" });
    return true;
  }

  /** The answer to an amendment. Accepted only means taken: a report says when it holds. */
  onAmend(row: OrderRow, outcome: AmendOutcome, atMs: number): FollowUp {
    if (outcome.result === "rejected" || outcome.result === "failed") {
      row.amendment = null;
      row.isRigid ||= outcome.result === "rejected";
    }
    if (row.state !== "amending" || outcome.result === "accepted") return "none";
    const detail = `amendment ${outcome.result}: ${outcome.text}`;
    const isCertain = outcome.result === "rejected" || outcome.result === "failed";
    this.move(row, isCertain ? "open" : "unknown", { atMs, detail });
    return isCertain ? "none" : "ask";
  }

  /** The venue's view of one of our orders, streamed or asked for. */
  onReport(row: OrderRow, report: OrderReport, atMs: number): void {
    this.noteVenueId(row, report.venueOrderId, atMs);
    this.learnTerms(row, report, atMs);
    this.fill(row, report.filledSteps, atMs);
    if (row.state === "closed" || row.state === "failed") return;
    const to = stateAfter(row, report.status);
    if (to === null || to === row.state) return;
    this.move(row, to, { atMs, detail: report.detail });
  }

  /** The venue was asked about a client id. Null: it has never heard of it. */
  onAnswer(row: OrderRow, report: OrderReport | null, atMs: number): FollowUp {
    if (report !== null) {
      this.onReport(row, report, atMs);
      // A live order that we were cancelling is cancelled again from "open".
      if (row.state === "amending" && WORKING.has(report.status)) {
        this.move(row, "open", { atMs, detail: "still at its old price" });
      }
      if (row.state === "cancelling" && WORKING.has(report.status)) {
        this.move(row, "open", { atMs, detail: "still working after a cancel" });
      }
      return "none";
    }
    if (!isLive(row.state)) return "none";
    if (atMs - row.createdAtMs < NEVER_HEARD_FINAL_MS) return "ask";
    const to = row.state === "submitting" || row.state === "unknown" ? "rejected" : "closed";
    this.move(row, to, { atMs, detail: "the venue does not know it" });
    return "none";
  }

  /** No news where there should be some: the outcome is unknown. False when it already was. */
  onSilence(row: OrderRow, atMs: number): boolean {
    if (!canMove(row.state, "unknown")) return false;
    this.move(row, "unknown", { atMs, detail: `no news while ${row.state}` });
    return true;
  }

  /**
   * Takes an order that only reduces as lost: others have gone in its place. Should the venue ever
   * report it, it is open again.
   */
  giveUp(row: OrderRow, atMs: number): void {
    assert(row.intent.reduceOnly, "an entry is never given up unasked");
    if (canMove(row.state, "unknown")) this.move(row, "unknown", { atMs, detail: "no news" });
    this.move(row, "rejected", { atMs, detail: "given up: no news of it" });
  }

  /** Counts an execution. The last missing step closes the order without waiting for its report. */
  onExecution(row: OrderRow, qtySteps: QtySteps, atMs: number): void {
    assert(qtySteps >= 0, "an execution moves no negative quantity");
    assert(Number.isSafeInteger(qtySteps), "an execution moves whole steps");
    row.executedSteps = addSteps(row.executedSteps, qtySteps);
    this.fill(row, row.executedSteps, atMs);
    if (row.state === "rejected" && row.filledSteps > 0) {
      this.move(row, "open", { atMs, detail: "filled after it was given up" });
    }
    if (row.filledSteps >= row.intent.qtySteps && isLive(row.state)) {
      this.move(row, "closed", { atMs, detail: "filled" });
    } else if (row.state === "submitting" || row.state === "unknown") {
      this.move(row, "open", { atMs, detail: "" });
    }
  }

  /**
   * Our clock since when executions of a symbol are outstanding, 0 when none are. Until they come
   * the position is older than the orders, and a decision would count their fills as missing.
   */
  awaitingSinceMs(symbolId: SymbolId): number {
    let sinceMs = 0;
    for (const row of this.awaiting) {
      if (row.intent.symbolId !== symbolId) continue;
      if (sinceMs === 0 || row.awaitingSinceMs < sinceMs) sinceMs = row.awaitingSinceMs;
    }
    return sinceMs;
  }

  /** Steps of a symbol's entries that are reported as filled and whose executions have not come. */
  awaitedEntrySteps(symbolId: SymbolId): number {
    let steps = 0;
    for (const { intent, filledSteps, executedSteps } of this.awaiting) {
      if (intent.symbolId !== symbolId || intent.purpose !== "entry") continue;
      steps += Math.max(0, filledSteps - executedSteps);
    }
    return steps;
  }

  /**
   * Steps that the venue says were filled beyond what was asked for, told once for each such size;
   * else 0. It is the venue's word and not our sum, so it is no assertion: the ledger books what
   * was executed, and the caller has the account compared.
   */
  overfillOf(row: OrderRow): number {
    const overSteps = Math.max(row.filledSteps, row.executedSteps) - row.intent.qtySteps;
    if (overSteps <= row.overfillSteps) return 0;
    row.overfillSteps = overSteps;
    return overSteps;
  }

  /** Goes over to the new units of a contract, in every order of it that is still known. */
  recount(change: GridChange): void {
    assert(change.stepRatio >= 1 && change.tickRatio >= 1, "units never grow");
    for (const row of this.rows.values()) {
      if (row.intent.symbolId !== change.after.id) continue;
      row.amendment = amendmentAfter(row, change);
      row.intent = intentAfter(row.intent, change);
      row.filledSteps = stepsAfter(change, row.filledSteps);
      row.executedSteps = stepsAfter(change, row.executedSteps);
      row.overfillSteps *= change.stepRatio;
    }
  }

  /** Symbols with executions outstanding since before `atMs`. */
  awaitingBefore(atMs: number): SymbolId[] {
    const ids = new Set<SymbolId>();
    for (const row of this.awaiting) {
      if (row.awaitingSinceMs < atMs) ids.add(row.intent.symbolId);
    }
    return [...ids];
  }

  /** The venue's own position was taken over: what its orders filled is inside it. */
  stopAwaiting(symbolId: SymbolId): void {
    for (const row of [...this.awaiting]) {
      if (row.intent.symbolId !== symbolId) continue;
      row.awaitingSinceMs = 0;
      this.awaiting.delete(row);
    }
  }

  /** Forgets finished orders that nothing more can arrive for. */
  prune(atMs: number): void {
    let dropped = 0;
    for (const row of this.finished) {
      const isOld = atMs - row.updatedAtMs > FINISHED_KEEP_MS;
      if (!isOld && this.finished.length - dropped <= FINISHED_MAX) break;
      dropped++;
      if (isLive(row.state)) continue;
      this.rows.delete(row.clientId);
      this.awaiting.delete(row);
      if (row.venueOrderId !== null) this.byVenueId.delete(row.venueOrderId);
    }
    if (dropped > 0) this.finished = this.finished.slice(dropped);
  }

  /** A report at the price that was asked for proves the amendment, however late it comes. */
  private learnTerms(row: OrderRow, { priceTicks }: OrderReport, atMs: number): void {
    const { amendment } = row;
    if (amendment === null || priceTicks !== amendment.priceTicks) return;
    row.intent = { ...row.intent, ...amendment };
    row.amendment = null;
    row.updatedAtMs = atMs;
    this.changed.add(row);
    if (row.state === "amending") this.move(row, "open", { atMs, detail: "amended" });
  }

  private noteVenueId(row: OrderRow, venueOrderId: VenueOrderId, atMs: number): void {
    if (venueOrderId === "" || row.venueOrderId === venueOrderId) return;
    if (row.venueOrderId !== null) this.byVenueId.delete(row.venueOrderId);
    row.venueOrderId = venueOrderId;
    row.updatedAtMs = atMs;
    this.byVenueId.set(venueOrderId, row);
    this.changed.add(row);
  }

  private fill(row: OrderRow, filledSteps: QtySteps, atMs: number): void {
    if (filledSteps > row.filledSteps && filledSteps > row.executedSteps) {
      if (row.awaitingSinceMs === 0) row.awaitingSinceMs = atMs;
      this.awaiting.add(row);
    } else if (row.executedSteps >= row.filledSteps) {
      row.awaitingSinceMs = 0;
      this.awaiting.delete(row);
    }
    if (filledSteps <= row.filledSteps) return;
    row.filledSteps = filledSteps;
    row.updatedAtMs = atMs;
    this.changed.add(row);
  }

  private move(row: OrderRow, to: OrderState, why: { atMs: number; detail: string }): void {
    assert(canMove(row.state, to), `an order moves only along its table: ${row.state} to ${to}`);
    const wasLive = isLive(row.state);
    row.state = to;
    row.detail = why.detail;
    row.updatedAtMs = why.atMs;
    if (wasLive && !isLive(to)) this.delist(row);
    if (!wasLive && isLive(to)) this.enlist(row);
    this.changed.add(row);
  }

  private enlist(row: OrderRow): void {
    const rows = this.liveOf.get(row.intent.symbolId);
    if (rows === undefined) this.liveOf.set(row.intent.symbolId, [row]);
    else rows.push(row);
    this.liveCount++;
  }

  private delist(row: OrderRow): void {
    const rows = this.liveOf.get(row.intent.symbolId) ?? [];
    const at = rows.indexOf(row);
    assert(at >= 0, "a live order is listed under its symbol");
    rows.splice(at, 1);
    if (rows.length === 0) this.liveOf.delete(row.intent.symbolId);
    this.liveCount--;
    this.finished.push(row);
  }
}

function intentAfter(intent: OrderIntent, change: GridChange): OrderIntent {
  const { priceTicks, stopLossTicks, qtySteps } = intent;
  return {
    ...intent,
    priceTicks: priceTicks === null ? null : ticksAfter(change, priceTicks),
    stopLossTicks: stopLossTicks === null ? null : ticksAfter(change, stopLossTicks),
    qtySteps: stepsAfter(change, qtySteps),
  };
}

function amendmentAfter({ intent, amendment }: OrderRow, change: GridChange): Amendment | null {
  if (amendment === null) return null;
  const { priceTicks, stopLossTicks } = intentAfter({ ...intent, ...amendment }, change);
  return priceTicks === null ? null : { ...amendment, priceTicks, stopLossTicks };
}

const WORKING: ReadonlySet<VenueOrderStatus> = new Set<VenueOrderStatus>([
  "new",
  "partially_filled",
  "untriggered",
  "triggered",
]);

/** The state a report proves, null when it proves nothing new. */
function stateAfter(row: OrderRow, status: VenueOrderStatus): OrderState | null {
  switch (status) {
    case "new":
    case "partially_filled":
    case "untriggered":
    case "triggered":
      // While an amendment is out, a report of the old terms may be older news.
      return row.state === "cancelling" || row.state === "amending" ? null : "open";
    case "filled":
    case "cancelled":
    case "deactivated":
      return "closed";
    case "rejected":
      if (row.state === "rejected") return null;
      return canMove(row.state, "rejected") ? "rejected" : "closed";
  }
}
