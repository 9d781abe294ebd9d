/**
 * Orders on their way out. New orders go by the trade socket when it stands and by REST otherwise,
 * several of one turn together; the choice is made before anything is sent, and an order of unknown
 * outcome is never sent twice.
 * Cancels and stops say what shall be, so repeating them is safe.
 */
import type { AmendOutcome } from "../../domain/amendment.ts";
import type { CancelOutcome, SubmitOutcome } from "../../domain/event.ts";
import type { StopOutcome } from "../../domain/stop-result.ts";
import {
  asVenueOrderId,
  type ClientOrderId,
  type PriceTicks,
  type SymbolId,
  type VenueOrderId,
  wholeTicks,
} from "../../domain/units.ts";
import { must } from "../../kernel/assert.ts";
import { toText, toUnits } from "../../kernel/decimal.ts";
import type { ApprovedOrder } from "../../risk/approved.ts";
import type { LogPort } from "../../runtime/ports/log.ts";
import type { EventSink } from "../../runtime/ports/venue.ts";
import type { Purpose, RequestLimits } from "./budgets.ts";
import {
  amendBody,
  type Body,
  cancelBody,
  createBody,
  type OrderRef,
  standInBody,
  tradingStopBody,
} from "./codec/encode.ts";
import { textOf } from "./codec/fields.ts";
import { rejectReasonOf } from "./codec/ret-codes.ts";
import type { SymbolTable } from "./codec/symbol-table.ts";
import type { RestCaller, RestRequest } from "./rest-client.ts";
import { takeBack } from "./take-back.ts";
import type { SingleOp, TradeResult, TradeSocket } from "./trade-socket.ts";
import { TurnBatches } from "./turn-batches.ts";

interface OrderDeskOptions {
  readonly log: LogPort;
  readonly rest: RestCaller;
  readonly limits: RequestLimits;
  readonly table: SymbolTable;
  readonly sink: EventSink;
  /** Null where the venue has none (demo) or it is switched off. */
  readonly trade: TradeSocket | null;
  /** A stop could not be put: the engine must see what the venue holds. */
  readonly onMismatch: (cause: string) => void;
}

const CREATE = "/v5/order/create";
const AMEND = "/v5/order/amend";
const CANCEL = "/v5/order/cancel";
const TRADING_STOP = "/v5/position/trading-stop";
/** With back-off these cover about ten seconds: a restart of the venue's gateway. */
const SAFE_RETRIES = 6;
/** The engine must know soon: after two refusals it closes the position instead. */
const STOP_RETRIES = 1;
/** It does not grow stale, and the engine asks for it again after five seconds only. */
const STOP_WAIT_MS = 4_000;

/** What may take the place of a stop while that has to wait. */
interface StandIn {
  readonly clientId: ClientOrderId;
  readonly positionSteps: number;
}

/** A stop on its way. */
interface Stop {
  readonly body: Body;
  readonly priceText: string;
}

export class OrderDesk {
  private readonly options: OrderDeskOptions;
  /** Stops being put, with the newest price asked for meanwhile: one a symbol at most. */
  private readonly protecting = new Map<SymbolId, Stop | null>();

  private readonly batches: TurnBatches;

  constructor(options: OrderDeskOptions) {
    this.options = options;
    this.batches = new TurnBatches(options);
  }

  submit(order: ApprovedOrder): void {
    const instrument = this.options.table.at(order.symbolId);
    const answer = (outcome: SubmitOutcome) =>
      this.options.sink({ kind: "submit_result", clientId: order.clientId, outcome });
    if (instrument === undefined) {
      answer({ result: "failed", text: `no instrument has the id ${order.symbolId}` });
      return;
    }
    const body = createBody(order, instrument);
    const purpose = order.reduceOnly ? "reduce" : "order";
    const result = this.send("order.create", body, { path: CREATE, purpose });
    void result.then((settled) => answer(submitOutcomeOf(settled)));
  }

  /** Sent once: whether an amendment was carried out is asked about, never tried again. */
  amend(order: ApprovedOrder, venueOrderId: VenueOrderId | null): void {
    const { clientId, symbolId } = order;
    const instrument = this.options.table.at(symbolId);
    const answer = (outcome: AmendOutcome) =>
      this.options.sink({ kind: "amend_result", clientId, outcome });
    if (instrument === undefined) {
      answer({ result: "failed", text: `no instrument has the id ${symbolId}` });
      return;
    }
    const body = amendBody(order, instrument, venueOrderId);
    const result = this.send("order.amend", body, { path: AMEND, purpose: "order" });
    void result.then((settled) => answer(amendOutcomeOf(settled)));
  }

  cancel(clientId: ClientOrderId, symbolId: SymbolId, venueOrderId: VenueOrderId | null): void {
    const ref = venueOrderId === null ? { clientId } : { clientId, venueOrderId };
    void this.sendCancel(symbolId, ref).then((outcome) =>
      this.options.sink({ kind: "cancel_result", clientId, outcome }),
    );
  }

  /** An order that is not in our table: nobody waits for the outcome, but the log shall have it. */
  cancelOrphan(symbolId: SymbolId, venueOrderId: VenueOrderId): void {
    void this.sendCancel(symbolId, { venueOrderId }).then((outcome) =>
      this.options.log.info("cancelled an order that is not ours", { venueOrderId, ...outcome }),
    );
  }

  cancelAll(): void {
    void takeBack(this.options);
  }

  /** Calls for one symbol follow one another, and only the newest price counts. */
  protect(symbolId: SymbolId, stopLossTicks: PriceTicks, standIn: StandIn | null = null): void {
    const instrument = this.options.table.at(symbolId);
    if (instrument === undefined) return;
    // As text from here on: the units of the contract may change while it waits.
    const body = tradingStopBody(instrument, stopLossTicks);
    const stop = { body, priceText: toText(instrument.price, stopLossTicks) };
    const isBusy = this.protecting.has(symbolId);
    const mustWait = isBusy || !this.options.limits.isOpen(TRADING_STOP, "reduce");
    if (mustWait && standIn !== null) void this.standIn(symbolId, stopLossTicks, standIn);
    this.protecting.set(symbolId, isBusy ? stop : null);
    if (!isBusy) void this.protectUntilDone(symbolId, stop);
  }

  /**
   * A stop has to wait for its budget of ten a second, and goes nowhere during a ban. Meanwhile a
   * conditional order by the trade socket protects the position, where there is one.
   */
  private async standIn(
    symbolId: SymbolId,
    stopLossTicks: PriceTicks,
    standIn: StandIn,
  ): Promise<void> {
    const { table, sink, log } = this.options;
    const instrument = must(table.at(symbolId), "only what is listed is protected");
    const at = { ...standIn, triggerTicks: stopLossTicks };
    const sent = await this.batches.send("order.create", standInBody(instrument, at));
    if (sent === null) return;
    if (sent.kind === "ok") {
      const outcome = { result: "stands_in", ...standIn } as const;
      sink({ kind: "stop_result", symbolId, stopLossTicks, outcome });
      return;
    }
    const { symbol } = instrument;
    log.warn("an order that was to stand in for a stop was not taken", { symbol, text: sent.text });
  }

  private async protectUntilDone(symbolId: SymbolId, first: Stop): Promise<void> {
    for (let stop: Stop | null = first; stop !== null; ) {
      this.protecting.set(symbolId, null);
      await this.putStop(symbolId, stop);
      stop = this.protecting.get(symbolId) ?? null;
    }
    this.protecting.delete(symbolId);
  }

  private async putStop(symbolId: SymbolId, { body, priceText }: Stop): Promise<void> {
    const terms = { purpose: "reduce", retries: STOP_RETRIES, waitMs: STOP_WAIT_MS } as const;
    const result = await this.post(TRADING_STOP, body, terms);
    const outcome = stopOutcomeOf(result);
    const { price, symbol } = must(this.options.table.at(symbolId), "contracts are never unlisted");
    const stopLossTicks = wholeTicks(toUnits(price, priceText));
    this.options.sink({ kind: "stop_result", symbolId, stopLossTicks, outcome });
    if (outcome.result === "accepted") return;
    const { text } = outcome;
    this.options.log.error("could not put the exchange-held stop", { symbol, text });
    this.options.onMismatch(`stop of ${symbol} was not put`);
  }

  private async sendCancel(symbolId: SymbolId, ref: OrderRef): Promise<CancelOutcome> {
    const instrument = this.options.table.at(symbolId);
    if (instrument === undefined) {
      return { result: "failed", text: `no instrument has the id ${symbolId}` };
    }
    const body = cancelBody(instrument, ref);
    const sent = await this.batches.send("order.cancel", body);
    if (sent !== null && isFinal(sent)) return cancelOutcomeOf(sent);
    return cancelOutcomeOf(await this.post(CANCEL, body, SAFE_CANCEL));
  }

  /** With the others of its turn, or by REST when it could not go so; never twice. */
  private async send(
    op: SingleOp,
    body: Body,
    { path, purpose }: { readonly path: string; readonly purpose: Purpose },
  ): Promise<TradeResult> {
    const sent = await this.batches.send(op, body);
    // Refused for its pace, nothing has happened: a way out tries the other door at once.
    const isTurnedAway = sent?.kind === "refused" && sent.retClass === "rate_limited";
    if (sent !== null && !(isTurnedAway && purpose === "reduce")) return sent;
    return this.post(path, body, { purpose, retries: 0 });
  }

  private async post(
    path: string,
    body: Body,
    terms: Pick<RestRequest, "purpose" | "retries" | "waitMs">,
  ): Promise<TradeResult> {
    const result = await this.options.rest.call({
      method: "POST",
      path,
      body,
      signed: true,
      ...terms,
    });
    if (result.kind !== "ok") return result;
    return { kind: "ok", venueOrderId: asVenueOrderId(textOf(result.envelope.result, "orderId")) };
  }
}

const SAFE_CANCEL = { purpose: "cancel", retries: SAFE_RETRIES } as const;

/** Whether a cancel by socket needs no second try by REST. */
function isFinal(result: TradeResult): boolean {
  if (result.kind === "ok") return true;
  return (
    result.kind === "refused" && (result.retClass === "gone" || result.retClass === "rejected")
  );
}

function submitOutcomeOf(result: TradeResult): SubmitOutcome {
  switch (result.kind) {
    case "ok":
      return { result: "accepted", venueOrderId: result.venueOrderId };
    case "failed":
      return { result: "failed", text: result.text };
    case "unknown":
      return { result: "unknown", text: result.text };
    case "refused": {
      // A duplicate id may be our own first try, seen twice by the venue.
      const isUnclear = result.retClass === "unknown" || result.retClass === "duplicate";
      if (isUnclear) return { result: "unknown", text: result.text };
      const reason = rejectReasonOf(result.code, result.retClass);
      return { result: "rejected", reason, text: result.text };
    }
  }
}

function stopOutcomeOf(
  result: TradeResult,
): Exclude<StopOutcome, { readonly result: "stands_in" }> {
  if (result.kind === "ok") return { result: "accepted" };
  if (result.kind === "failed") return { result: "unsent", text: result.text };
  // It stands there already.
  if (result.kind === "refused" && result.retClass === "done") return { result: "accepted" };
  return { result: "refused", text: result.text };
}

function amendOutcomeOf(result: TradeResult): AmendOutcome {
  if (result.kind === "ok") return { result: "accepted" };
  if (result.kind !== "refused") return { result: result.kind, text: result.text };
  const { retClass, text } = result;
  if (retClass === "gone") return { result: "gone", text };
  const isUnclear = retClass === "unknown" || retClass === "duplicate" || retClass === "done";
  return { result: isUnclear ? "unknown" : "rejected", text };
}

function cancelOutcomeOf(result: TradeResult): CancelOutcome {
  if (result.kind === "ok") return { result: "accepted" };
  if (result.kind !== "refused") return { result: result.kind, text: result.text };
  if (result.retClass === "gone" || result.retClass === "done") {
    return { result: "gone", text: result.text };
  }
  return { result: result.retClass === "unknown" ? "unknown" : "failed", text: result.text };
}
