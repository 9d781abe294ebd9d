/**
 * Paper trading: a real market in, fills of our own making out.
 *
 * Wraps the venue that supplies the market and answers orders from an in-process exchange with
 * queue places, fees, funding and stops, each by a model that may be chosen. Requests travel to it
 * and what it reports travels back as long as the latency model says, in order, so that the engine
 * meets the same races as on the real venue. The account starts afresh with each process.
 */
import type { EngineEvent, FeedStatus, MarketEvent } from "../../domain/event.ts";
import type { ClientOrderId, PriceTicks, SymbolId, VenueOrderId } from "../../domain/units.ts";
import { type Fixed, parseFixed } from "../../kernel/fixed.ts";
import { DEFAULT_MODELS, type PaperModels } from "../../paper/models/paper-models.ts";
import { PaperExchange } from "../../paper/paper-exchange.ts";
import type { ApprovedOrder } from "../../risk/approved.ts";
import type { Clock } from "../../runtime/ports/clock.ts";
import type { LogPort } from "../../runtime/ports/log.ts";
import type { EventSink, Venue, VenueHealth } from "../../runtime/ports/venue.ts";
import { DelayLine } from "./delay-line.ts";

/**
 * Fifty seconds of the order rate that a real account has: more means that a strategy runs wild.
 */
export const REQUESTS_MAX = 500;
/**
 * Every request causes a handful of events; at the limit they are delivered early, never dropped.
 */
const EVENTS_MAX = 10_000;
/** Funding is due at whole minutes: a second is exact enough and costs nothing. */
const TICK_MS = 1_000;

interface PaperVenueOptions {
  /** Where the market comes from; nothing is ever sent to it but subscriptions. */
  readonly market: Venue;
  readonly clock: Clock;
  readonly log: LogPort;
  /** Decimal text. */
  readonly walletUsdt: string;
  /** How real it is; what is left out is as in `DEFAULT_MODELS`. */
  readonly models?: Partial<PaperModels>;
}

/** A request on its way: done when it arrives. */
type Request = (exchange: PaperExchange, atMs: number) => void;

/** Throws RangeError when the wallet is not a decimal. */
export function createPaperVenue(options: PaperVenueOptions): Venue {
  return new PaperVenue(options);
}

class PaperVenue implements Venue {
  readonly name: string;
  private readonly options: PaperVenueOptions;
  /** Another with each start, as the account is. */
  private readonly accountId: string;
  private readonly exchange: PaperExchange;
  private readonly requests: DelayLine<Request>;
  private readonly events: DelayLine<EngineEvent>;
  private sink: EventSink = () => {};
  private cancelTick: (() => void) | null = null;
  private isUp = false;
  private executions = 0;
  private refusedRequests = 0;

  constructor(options: PaperVenueOptions) {
    const { market, clock } = options;
    const models: PaperModels = { ...DEFAULT_MODELS, ...options.models };
    const { latency } = models;
    this.options = options;
    this.name = `paper on ${market.name}`;
    this.accountId = `paper-${clock.nowMs().toString(36)}`;
    this.exchange = new PaperExchange({
      walletUsdt: decimal("the wallet", options.walletUsdt),
      models,
      idPrefix: this.accountId,
      emit: (event) => this.report(event),
    });
    this.requests = new DelayLine<Request>({
      clock,
      delayMs: latency.requestMs,
      limit: REQUESTS_MAX,
      deliver: (request) => request(this.exchange, clock.nowMs()),
    });
    this.events = new DelayLine<EngineEvent>({
      clock,
      delayMs: latency.reportMs,
      limit: EVENTS_MAX,
      deliver: (event) => this.sink(event),
    });
  }

  async start(sink: EventSink): Promise<void> {
    this.sink = sink;
    this.tick();
    await this.options.market.start((event) => this.onMarket(event));
  }

  submit(order: ApprovedOrder): void {
    const { clientId } = order;
    const sent = this.requests.push((exchange, atMs) => exchange.submit(order, atMs));
    if (sent) return;
    this.refusedRequests++;
    const text = `${REQUESTS_MAX} requests are on their way already`;
    this.report({ kind: "submit_result", clientId, outcome: { result: "failed", text } });
  }

  /** Orders are not amended here: the engine takes them back and places new ones. */
  amend({ clientId }: ApprovedOrder): void {
    const outcome = { result: "rejected", text: "paper orders are not amended" } as const;
    this.report({ kind: "amend_result", clientId, outcome });
  }

  cancel(clientId: ClientOrderId): void {
    const sent = this.requests.push((exchange, atMs) => exchange.cancel(clientId, atMs));
    if (sent) return;
    this.refusedRequests++;
    const text = `${REQUESTS_MAX} requests are on their way already`;
    this.report({ kind: "cancel_result", clientId, outcome: { result: "failed", text } });
  }

  cancelOrphan(_symbolId: SymbolId, venueOrderId: VenueOrderId): void {
    this.send((exchange, atMs) => exchange.cancelByVenueId(venueOrderId, atMs));
  }

  cancelAll(): void {
    this.send((exchange, atMs) => exchange.cancelAll(atMs));
  }

  askOrder(clientId: ClientOrderId): void {
    this.send((exchange) => exchange.ask(clientId));
  }

  protect(symbolId: SymbolId, stopLossTicks: PriceTicks): void {
    this.send((exchange, atMs) => {
      const isPut = exchange.protect(symbolId, stopLossTicks, atMs);
      const text = "flat, or beyond the last price";
      const outcome = isPut
        ? ({ result: "accepted" } as const)
        : ({ result: "refused", text } as const);
      this.report({ kind: "stop_result", symbolId, stopLossTicks, outcome });
      if (isPut) return;
      const next = "the position keeps the stop it had";
      this.options.log.warn(`stop refused: flat, or beyond the last price; ${next}`, {
        symbolId,
        stopLossTicks,
      });
    });
  }

  /** The account is not older than the process: there is nothing further back. */
  lookBack(): void {}

  reconcile(cause: string): void {
    const requestedAtMs = this.options.clock.nowMs();
    this.send((exchange, atMs) => {
      this.report({ kind: "account_identity", accountId: this.accountId });
      this.report(exchange.snapshot(cause, requestedAtMs, atMs));
    });
  }

  /** Nothing is paid in or out, and nothing bears interest. */
  loadCashLog(sinceVenueAtMs: number): void {
    const requestedAtMs = this.options.clock.nowMs();
    this.report({ kind: "cash_log", sinceVenueAtMs, requestedAtMs, lines: [], fault: "" });
  }

  /** One pot for all positions, and the fees of the model: nothing that a person could set. */
  loadAccountTerms(): void {
    this.report({ kind: "account_terms", marginMode: "cross", fault: "" });
  }

  settleTerms: Venue["settleTerms"] = (symbolId, leverageMax) => {
    const settled = { leverage: leverageMax, isOneWay: true, fault: "" };
    this.report({ kind: "symbol_terms", symbolId, ...settled });
  };

  loadBars: Venue["loadBars"] = (...question) => {
    this.options.market.loadBars(...question);
  };

  /** What the engine no longer believes, nothing is matched on. */
  resubscribeBook(symbolId: SymbolId): void {
    this.exchange.distrustBook(symbolId, "another snapshot is asked for");
    this.options.market.resubscribeBook(symbolId);
  }

  checkBook(symbolId: SymbolId): void {
    this.options.market.checkBook(symbolId);
  }

  health(): VenueHealth {
    const health = this.options.market.health();
    const lastFrameAtMs = this.isUp ? this.options.clock.nowMs() : null;
    return {
      ...health,
      private: { up: this.isUp, detail: "paper account", lastFrameAtMs },
      counters: {
        ...health.counters,
        paperExecutions: this.executions,
        paperRefusedRequests: this.refusedRequests,
      },
    };
  }

  async stop(): Promise<void> {
    this.cancelTick?.();
    this.requests.stop();
    this.events.stop();
    this.isUp = false;
    await this.options.market.stop();
  }

  private onMarket(event: EngineEvent): void {
    switch (event.kind) {
      case "book":
      case "trades":
      case "ticker":
      case "bar":
        this.sink(event);
        this.match(event);
        return;
      case "instruments":
        // What is on its way was said in the old units, should a grid have changed.
        if (this.isUp) this.requests.drain();
        this.exchange.load(event.instruments);
        if (this.isUp) this.events.drain();
        this.sink(event);
        this.comeUp();
        return;
      case "bars_loaded":
        this.sink(event);
        return;
      case "feed_status":
        if (event.feed !== "private") this.sink(event);
        return;
      case "book_fault":
        this.exchange.distrustBook(event.symbolId, event.fault);
        this.sink(event);
        return;
      case "book_picture":
        this.sink(event);
        return;
      default:
        return; // Account events of the wrapped venue are not about the paper account.
    }
  }

  private match(event: MarketEvent): void {
    this.exchange.market(event, this.options.clock.nowMs());
  }

  private comeUp(): void {
    if (this.isUp) return;
    this.isUp = true;
    const status: FeedStatus = {
      kind: "feed_status",
      feed: "private",
      up: true,
      detail: "paper account",
    };
    this.report(status);
  }

  /** Requests without an answer of their own: the engine repeats them when nothing comes back. */
  private send(request: Request): void {
    if (!this.requests.push(request)) this.refusedRequests++;
  }

  private report(event: EngineEvent): void {
    if (event.kind === "execution") this.executions++;
    if (this.events.push(event)) return;
    this.options.log.warn("paper events arrive early: too many are on their way", { EVENTS_MAX });
    this.events.drain();
    this.events.push(event);
  }

  private tick(): void {
    const { clock } = this.options;
    this.exchange.tick(clock.nowMs());
    this.cancelTick = clock.after(TICK_MS, () => this.tick());
  }
}

function decimal(what: string, text: string): Fixed {
  const value = text === "" ? null : parseFixed(text);
  if (value === null) {
    throw new RangeError(`cannot trade on paper: ${what} must be a decimal, found "${text}"`);
  }
  return value;
}
