/**
 * Bybit v5 as a `Venue`: the composition of the adapter's parts and their life cycle.
 *
 * Nothing here throws or blocks: an exchange that is down is a health that is red and retries that go
 * on. Time and chance come in from outside.
 */
import type { Instrument } from "../../domain/instrument.ts";
import type { SymbolId } from "../../domain/units.ts";
import { prngOf } from "../../kernel/prng.ts";
import type { OrderBook } from "../../market/book.ts";
import type { Clock, EventSink, LogPort, Venue, VenueHealth } from "../../runtime/ports.ts";
import { AccountReader } from "./account.ts";
import { BookAuditor } from "./audit.ts";
import { SymbolTable } from "./codec/symbol-table.ts";
import { Counters } from "./counters.ts";
import { InstrumentList } from "./instruments.ts";
import { RequestLimits } from "./limits.ts";
import { OrderDesk } from "./orders.ts";
import { PrivateFeed } from "./private-feed.ts";
import { PublicFeed } from "./public-feed.ts";
import { RecentIds } from "./recent-ids.ts";
import { RestClient } from "./rest.ts";
import { ConnectGate } from "./socket.ts";
import { TradeSocket } from "./trade-socket.ts";
import { backOffMs, Waits } from "./waits.ts";

export interface BybitVenueOptions {
  readonly clock: Clock;
  readonly log: LogPort;
  /** For example "https://api.bybit.com". */
  readonly restUrl: string;
  /** For example "wss://stream.bybit.com"; the v5 paths are appended. */
  readonly wsUrl: string;
  /** Empty: public data only. */
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Order entry by socket; false where the venue has none (demo). */
  readonly tradeSocket: boolean;
  /** Base of the private and trade sockets when it is not `wsUrl`: demo keeps them apart. */
  readonly privateWsUrl?: string;
  /** Of the jitter in back-offs. */
  readonly seed: string;
  readonly symbolFilter?: (symbol: string) => boolean;
  /** Sees every received text: a recorder. */
  readonly onFrame?: (socket: string, text: string) => void;
  /** The books that trading believes, to be audited over REST; without it nothing is audited. */
  readonly bookOf?: (symbolId: SymbolId) => OrderBook;
}

const REFRESH_EVERY_MS = 5 * 60_000;
const CLOCK_EVERY_MS = 60_000;
/** While REST does not answer it is asked for the time, so that its recovery shows. */
const PROBE_EVERY_MS = 2_000;
const START_BACK_OFF = { firstMs: 250, capMs: 5_000 };
/** A day of a busy maker; older repeats are caught by the ledger. */
const EXECUTION_IDS_MAX = 20_000;

export function createBybitVenue(options: BybitVenueOptions): Venue {
  return new BybitVenue(options);
}

class BybitVenue implements Venue {
  readonly name = "bybit";
  private readonly options: BybitVenueOptions;
  private readonly waits: Waits;
  private readonly table = new SymbolTable();
  private readonly counters = new Counters();
  private readonly rest: RestClient;
  private readonly instruments: InstrumentList;
  private readonly publicFeed: PublicFeed;
  private readonly privateFeed: PrivateFeed | null = null;
  private readonly account: AccountReader;
  private readonly trade: TradeSocket | null = null;
  private readonly desk: OrderDesk;
  private auditor: BookAuditor | null = null;
  private sinkOut: EventSink = () => {};

  constructor(options: BybitVenueOptions) {
    this.options = options;
    const { clock, log, apiKey, apiSecret, onFrame } = options;
    const prng = prngOf(options.seed).child("bybit");
    const limits = new RequestLimits(clock);
    this.waits = new Waits(clock);
    const { waits, table, counters } = this;
    const sink: EventSink = (event) => this.deliver(event);
    const rest = new RestClient({
      ...{ clock, log, waits, limits, apiKey, apiSecret },
      prng: prng.child("rest"),
      baseUrl: options.restUrl.replace(/\/+$/, ""),
      onHealth: (up, detail) => sink({ kind: "feed_status", feed: "rest", up, detail }),
    });
    this.rest = rest;
    const shared = { clock, log, waits, gate: new ConnectGate(clock), table, counters, sink };
    const executions = new RecentIds(EXECUTION_IDS_MAX);
    this.instruments = new InstrumentList({
      ...{ rest, log, counters },
      symbolFilter: options.symbolFilter ?? (() => true),
    });
    this.publicFeed = new PublicFeed({
      ...shared,
      ...{ onFrame, prng: prng.child("public") },
      url: socketUrl(options.wsUrl, "/v5/public/linear"),
    });
    this.account = new AccountReader({
      ...shared,
      ...{ rest, executions, prng: prng.child("account") },
    });
    if (apiKey !== "") {
      const privateUrl = options.privateWsUrl ?? options.wsUrl;
      const keyed = { ...shared, rest, limits, onFrame, keys: { apiKey, apiSecret } };
      this.privateFeed = new PrivateFeed({
        ...keyed,
        ...{ executions, prng: prng.child("private") },
        url: socketUrl(privateUrl, "/v5/private"),
        onGap: (cause) => this.account.reconcile(cause),
      });
      const url = socketUrl(privateUrl, "/v5/trade");
      if (options.tradeSocket) {
        this.trade = new TradeSocket({ ...keyed, url, prng: prng.child("trade") });
      }
    }
    this.desk = new OrderDesk({
      ...{ log, rest, table, sink, trade: this.trade },
      onDoubt: (cause) => this.reconcile(cause),
    });
    if (options.bookOf !== undefined) {
      this.auditor = new BookAuditor({
        rest,
        table,
        counters,
        waits,
        sink,
        bookOf: options.bookOf,
      });
    }
  }

  async start(sink: EventSink): Promise<void> {
    this.sinkOut = sink;
    const { log, clock } = this.options;
    const prng = prngOf(this.options.seed).child("start");
    for (let failures = 0; !this.waits.stopped; failures++) {
      await this.rest.measureClock();
      const loaded = await this.instruments.refresh();
      if (this.waits.stopped) return;
      if (loaded.kind === "changed") {
        this.follow(loaded.instruments);
        break;
      }
      const reason = loaded.kind === "failed" ? loaded.text : "the list is empty";
      const delayMs = backOffMs(START_BACK_OFF, failures, prng);
      log.warn("cannot load the contracts; trying again", { reason, delayMs });
      await this.waits.pause(delayMs);
    }
    if (this.waits.stopped) return;
    this.privateFeed?.start();
    this.trade?.start();
    this.auditor?.start();
    this.waits.every(REFRESH_EVERY_MS, () => void this.refresh());
    this.waits.every(CLOCK_EVERY_MS, () => void this.rest.measureClock());
    this.waits.every(PROBE_EVERY_MS, () => {
      if (!this.rest.up) void this.rest.measureClock();
    });
    log.info("connected to the venue", {
      symbols: this.table.size,
      clockOffsetMs: this.rest.venueClock.offsetMs,
      atMs: clock.nowMs(),
    });
  }

  submit: Venue["submit"] = (order) => {
    if (this.privateFeed === null) {
      const outcome = { result: "failed", text: "no API key: this is public data only" } as const;
      this.deliver({ kind: "submit_result", clientId: order.clientId, outcome });
    } else this.desk.submit(order);
  };

  cancel: Venue["cancel"] = (clientId, symbolId, venueOrderId) => {
    if (this.privateFeed !== null) this.desk.cancel(clientId, symbolId, venueOrderId);
  };

  cancelStranger: Venue["cancelStranger"] = (symbolId, venueOrderId) => {
    if (this.privateFeed !== null) this.desk.cancelStranger(symbolId, venueOrderId);
  };

  cancelAll(): void {
    if (this.privateFeed !== null) this.desk.cancelAll();
  }

  askOrder: Venue["askOrder"] = (clientId, symbolId) => {
    if (this.privateFeed !== null) this.account.ask(clientId, symbolId);
  };

  protect: Venue["protect"] = (symbolId, stopLossTicks) => {
    if (this.privateFeed !== null) this.desk.protect(symbolId, stopLossTicks);
  };

  reconcile(cause: string): void {
    if (this.privateFeed !== null) this.account.reconcile(cause);
  }

  resubscribeBook(symbolId: SymbolId): void {
    this.publicFeed.renewBook(symbolId);
  }

  health(): VenueHealth {
    const { rest, publicFeed, privateFeed, trade } = this;
    return {
      market: {
        up: publicFeed.up,
        detail: publicFeed.detail,
        lastFrameAtMs: publicFeed.lastFrameAtMs,
      },
      private: {
        up: privateFeed?.up ?? false,
        detail: privateFeed?.socket.detail ?? "no API key",
        lastFrameAtMs: privateFeed?.socket.lastFrameAtMs ?? null,
      },
      rest: { up: rest.up, detail: rest.detail, lastOkAtMs: rest.lastOkAtMs },
      counters: {
        ...this.counters.all(),
        slow_decodes: publicFeed.slowCount,
        trade_socket: trade?.ready === true ? 1 : 0,
        clock_offset_ms: rest.venueClock.offsetMs,
      },
    };
  }

  async stop(): Promise<void> {
    this.waits.stop();
    this.trade?.stop();
    this.privateFeed?.stop();
    this.publicFeed.stop();
    this.sinkOut = () => {};
  }

  private follow(instruments: readonly Instrument[]): void {
    this.table.load(instruments);
    this.deliver({ kind: "instruments", instruments });
    this.publicFeed.follow(instruments);
  }

  private async refresh(): Promise<void> {
    const loaded = await this.instruments.refresh();
    if (this.waits.stopped) return;
    if (loaded.kind === "changed") this.follow(loaded.instruments);
    if (loaded.kind !== "failed") return;
    this.options.log.warn("cannot refresh the contracts; the old list stays", {
      text: loaded.text,
    });
  }

  /** Everything the adapter has to say goes through here. */
  private deliver(event: Parameters<EventSink>[0]): void {
    this.sinkOut(event);
    if (event.kind === "book") this.auditor?.afterFrame(event);
  }
}

function socketUrl(base: string, path: string): string {
  return `${base.replace(/\/+$/, "")}${path}`;
}
