/**
 * The adapter of the made-up venue: its lines to events, the engine's wishes to its lines. One
 * socket carries everything; when its count of lines has a hole, every book and the account are in
 * doubt, so the connection is made again and everything is asked for anew.
 */
import type {
  ExecutionReport,
  OrderReport,
  PositionReport,
  RejectReason,
  WalletReport,
} from "../../../src/domain/event.ts";
import type { Instrument } from "../../../src/domain/instrument.ts";
import { asClientOrderId, asVenueOrderId, type SymbolId } from "../../../src/domain/units.ts";
import { must } from "../../../src/kernel/assert.ts";
import { prngOf } from "../../../src/kernel/prng.ts";
import type { Clock } from "../../../src/runtime/ports/clock.ts";
import type { LogPort } from "../../../src/runtime/ports/log.ts";
import type { EventSink, Venue, VenueHealth } from "../../../src/runtime/ports/venue.ts";
import { Counters } from "../../../src/venue/common/counters.ts";
import { FeedWatch, LeastAge, LOOK_EVERY_MS } from "../../../src/venue/common/feed-watch.ts";
import { RecentIds } from "../../../src/venue/common/recent-ids.ts";
import { ConnectGate, ManagedSocket, type OpenSocket } from "../../../src/venue/common/socket.ts";
import { Waits } from "../../../src/venue/common/waits.ts";
import * as decode from "./decode.ts";
import { linesOf } from "./wire.ts";

interface OtherVenueOptions {
  readonly clock: Clock;
  readonly log: LogPort;
  readonly openSocket: OpenSocket;
}

export function createOtherVenue(options: OtherVenueOptions): Venue {
  return new OtherVenue(options);
}

/** The venue's words for a refusal in everybody's. */
const REASONS: Readonly<Record<string, RejectReason>> = {
  TWIN: "duplicate_id",
  NOTHING: "reduce_only",
};
const KINDS = { gtc: "REST", post_only: "POST", ioc: "NOW", fok: "NOW" } as const;

/** An account that is being told line by line. */
interface Account {
  readonly cause: string;
  readonly requestedAtMs: number;
  readonly openOrders: OrderReport[];
  readonly positions: PositionReport[];
  wallet: WalletReport | null;
}

class OtherVenue implements Venue {
  readonly name = "other";
  private readonly options: OtherVenueOptions;
  private readonly socket: ManagedSocket;
  private readonly waits: Waits;
  private readonly counters = new Counters();
  private readonly deals = new RecentIds(10_000);
  private readonly watch = new FeedWatch(new LeastAge());
  private readonly instruments: Instrument[] = [];
  private readonly executions: ExecutionReport[] = [];
  private sink: EventSink = () => {};
  private account: Account | null = null;
  private accountAskedAtMs = 0;
  private lines = 0;
  private isUp = false;
  private loaded: () => void = () => {};

  constructor(options: OtherVenueOptions) {
    const { clock, log, openSocket } = options;
    this.options = options;
    this.waits = new Waits(clock);
    this.socket = new ManagedSocket({
      clock,
      log,
      waits: this.waits,
      prng: prngOf("other"),
      gate: new ConnectGate(clock, { connectsMax: 20, windowMs: 60_000 }),
      name: "all",
      url: "other://exchange",
      pingText: "PING\n",
      openSocket,
      onOpen: () => this.opened(),
      onText: (text) => this.receive(text),
      onDown: (detail) => this.down(detail),
    });
  }

  start(sink: EventSink): Promise<void> {
    this.sink = sink;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.loaded = resolve;
    this.waits.every(LOOK_EVERY_MS, () => this.look());
    this.socket.start();
    return promise;
  }

  submit: Venue["submit"] = (order) => {
    const { clientId, side, qtySteps, priceTicks, timeInForce, type } = order;
    const kind = type === "market" ? "NOW" : KINDS[timeInForce];
    const terms = `${qtySteps},${priceTicks ?? ""},${kind}`;
    const more = `${order.reduceOnly ? "R" : ""}/${order.stopLossTicks ?? ""}`;
    const name = this.at(order.symbolId).symbol;
    const side1 = side === "buy" ? "B" : "S";
    if (this.send(`NEW,${clientId},${name},${side1},${terms},${more}`)) return;
    const outcome = { result: "failed", text: "the line is down" } as const;
    this.sink({ kind: "submit_result", clientId, outcome });
  };

  amend: Venue["amend"] = ({ clientId }) => {
    const outcome = { result: "rejected", text: "this venue amends nothing" } as const;
    this.sink({ kind: "amend_result", clientId, outcome });
  };

  cancel: Venue["cancel"] = (clientId) => {
    if (this.send(`DROP,${clientId},`)) return;
    const outcome = { result: "failed", text: "the line is down" } as const;
    this.sink({ kind: "cancel_result", clientId, outcome });
  };

  cancelOrphan: Venue["cancelOrphan"] = (_symbolId, venueOrderId) => {
    this.send(`DROP,,${venueOrderId}`);
  };

  lookBack(): void {}

  loadCashLog(sinceVenueAtMs: number): void {
    const requestedAtMs = this.options.clock.nowMs();
    this.sink({ kind: "cash_log", sinceVenueAtMs, requestedAtMs, lines: [], fault: "" });
  }

  cancelAll(): void {
    this.send("DROPALL");
  }

  askOrder: Venue["askOrder"] = (clientId) => {
    this.send(`ASK,${clientId}`);
  };

  protect: Venue["protect"] = (symbolId, stopLossTicks) => {
    this.send(`STOP,${this.at(symbolId).symbol},${stopLossTicks}`);
  };

  reconcile(cause: string): void {
    this.accountAskedAtMs = this.options.clock.nowMs();
    this.send(`ACCOUNT,${cause}`);
  }

  loadAccountTerms(): void {
    this.sink({ kind: "account_terms", marginMode: "cross", fault: "" });
  }

  settleTerms: Venue["settleTerms"] = (symbolId, leverage) => {
    this.sink({ kind: "symbol_terms", symbolId, leverage, isOneWay: true, fault: "" });
  };

  resubscribeBook(symbolId: SymbolId): void {
    this.send(`FOLLOW,${this.at(symbolId).symbol}`);
  }

  /** It keeps no history: bars begin with its live trades. */
  loadBars: Venue["loadBars"] = (symbolId, span, _count, isForCharts = false) => {
    const fault = "this venue keeps no bars";
    this.sink({ kind: "bars_loaded", symbolId, span, bars: [], fault, isForCharts });
  };

  checkBook(symbolId: SymbolId): void {
    this.send(`BOOK,${this.at(symbolId).symbol}`);
  }

  health(): VenueHealth {
    const { detail, lastFrameAtMs } = this.socket;
    const feed = { up: this.isUp, detail, lastFrameAtMs };
    const rest = { up: this.isUp, detail, lastOkAtMs: lastFrameAtMs };
    return { market: feed, private: feed, rest, counters: this.counters.all() };
  }

  async stop(): Promise<void> {
    this.waits.stop();
    this.socket.stop();
    this.sink = () => {};
  }

  // ------------------------------------------------------------------------------- the line

  private send(line: string): boolean {
    return this.socket.send(`${line}\n`);
  }

  private opened(): void {
    this.lines = 0;
    this.watch.restart(this.options.clock.monotonicMs());
    this.send("LIST");
  }

  private down(detail: string): void {
    this.account = null;
    for (const { id } of this.instruments) {
      this.sink({ kind: "book_fault", symbolId: id, fault: `the line is down: ${detail}` });
    }
    this.tellFeeds(false, detail);
  }

  private tellFeeds(up: boolean, detail: string): void {
    this.isUp = up;
    for (const feed of ["market", "private"] as const) {
      this.sink({ kind: "feed_status", feed, up, detail });
    }
  }

  private look(): void {
    this.watch.look(this.options.clock.monotonicMs());
    if (this.isUp && this.watch.trouble !== null) this.socket.cut(this.watch.trouble);
  }

  private receive(text: string): void {
    for (const [count, word = "", ...words] of linesOf(text)) {
      this.watch.onFrame(this.options.clock.monotonicMs());
      if (Number(count) !== this.lines + 1) {
        this.counters.add("holes");
        this.socket.cut(`line ${count} came after line ${this.lines}`);
        return;
      }
      this.lines++;
      this.line(word, words);
    }
  }

  private line(word: string, words: string[]): void {
    const [first = "", ...rest] = words;
    if (word === "LISTED") this.listed(words);
    else if (word === "LISTEND") this.listEnded();
    else if (word === "YES") this.answered(first, rest[0] ?? "");
    else if (word === "NO") this.refused(first, rest);
    else if (word === "BEGIN") this.begin(first);
    else if (word === "END") this.end();
    else if (word === "MONEY") this.money(decode.decodeMoney(words));
    else if (word === "UNHEARD") {
      this.sink({ kind: "order_answer", clientId: asClientOrderId(first), report: null });
    } else if (word === "LATE" || word === "DROPPED") this.dropped(first, word);
    else if (word !== "PONG") this.about(word, this.named(first), rest);
  }

  /** Lines that are about one contract. */
  private about(word: string, instrument: Instrument, words: string[]): void {
    if (word === "WHOLE") this.sink(decode.decodeBook(instrument, words, true));
    else if (word === "MOVE") this.moved(instrument, words);
    else if (word === "PICTURE") {
      const picture = decode.pictureOf(words);
      this.sink({ kind: "book_picture", symbolId: instrument.id, picture });
    } else if (word === "TRADE") this.sink(decode.decodeTrade(instrument, words));
    else if (word === "QUOTE") this.sink(decode.decodeQuote(instrument, words));
    else if (word === "ORDER") this.order(decode.decodeOrder(instrument, words));
    else if (word === "DEAL") this.deal(decode.decodeDeal(instrument, words));
    else if (word === "HELD") this.held(decode.decodeHeld(instrument, words));
    else if (word === "HEARD") {
      const report = decode.decodeOrder(instrument, words);
      this.sink({ kind: "order_answer", clientId: report.clientId, report });
    } else this.counters.add("unknown_lines");
  }

  // ------------------------------------------------------------------------------- market

  private listed(words: string[]): void {
    if (this.instruments.some(({ symbol }) => symbol === words[0])) return;
    this.instruments.push(decode.decodeListed(this.instruments.length, words));
  }

  private listEnded(): void {
    this.sink({ kind: "instruments", instruments: this.instruments });
    for (const { symbol } of this.instruments) this.send(`FOLLOW,${symbol}`);
    this.tellFeeds(true, "following");
    this.loaded();
  }

  private moved(instrument: Instrument, words: string[]): void {
    const frame = decode.decodeBook(instrument, words, false);
    this.watch.onChange(frame.venueAtMs, this.options.clock.monotonicMs());
    this.sink(frame);
  }

  // ------------------------------------------------------------------------------- account

  private answered(client: string, venueOrderId: string): void {
    const outcome = { result: "accepted", venueOrderId: asVenueOrderId(venueOrderId) } as const;
    this.sink({ kind: "submit_result", clientId: asClientOrderId(client), outcome });
  }

  private refused(client: string, [word = "", text = ""]: string[]): void {
    const outcome = { result: "rejected", reason: REASONS[word] ?? "other", text } as const;
    this.sink({ kind: "submit_result", clientId: asClientOrderId(client), outcome });
  }

  private dropped(client: string, word: "LATE" | "DROPPED"): void {
    const outcome =
      word === "LATE"
        ? ({ result: "gone", text: "too late" } as const)
        : ({ result: "accepted" } as const);
    this.sink({ kind: "cancel_result", clientId: asClientOrderId(client), outcome });
  }

  private begin(cause: string): void {
    const { accountAskedAtMs: requestedAtMs } = this;
    this.account = { cause, requestedAtMs, openOrders: [], positions: [], wallet: null };
  }

  private end(): void {
    const { account, executions } = this;
    this.account = null;
    if (account === null) return;
    // This exchange has one customer.
    this.sink({ kind: "account_identity", accountId: "the one" });
    const { openOrders, positions, requestedAtMs } = account;
    const openingOrders = openOrders.filter(({ reduceOnly }) => !reduceOnly).length;
    this.sink({
      kind: "account_snapshot",
      ...account,
      executions: [...executions],
      unreadable: [],
      venueCounts: { openPositions: positions.length, openingOrders },
      requestedVenueAtMs: requestedAtMs,
    });
  }

  private order(report: OrderReport): void {
    if (this.account === null) this.sink(report);
    else this.account.openOrders.push(report);
  }

  private held(report: PositionReport): void {
    if (this.account === null) this.sink(report);
    else if (report.positionSteps !== 0) this.account.positions.push(report);
  }

  private money(report: WalletReport): void {
    if (this.account === null) this.sink(report);
    else this.account.wallet = report;
  }

  private deal(report: ExecutionReport): void {
    if (!this.deals.take(report.execId)) return;
    this.executions.push(report);
    this.sink(report);
  }

  private at(symbolId: SymbolId): Instrument {
    return must(this.instruments[symbolId], "the engine speaks of contracts that it was told of");
  }

  private named(symbol: string): Instrument {
    const found = this.instruments.find((instrument) => instrument.symbol === symbol);
    return must(found, "the venue speaks of contracts that it lists");
  }
}
