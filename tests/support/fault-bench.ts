/**
 * The real adapter and the real engine on the real simulator, in one process, with a witness beside
 * them that believes nobody.
 *
 * The witness asks the simulator over REST, where no frame fault reaches, and compares: every book
 * that was live at a sequence number with the venue's book of that number, every booked execution
 * with the venue's list, sizes and open orders with the venue's own. What the adapter and the
 * engine said about a fault is kept with its time, so that noticing and recovering can be measured.
 */
import { createHmac } from "node:crypto";
import type { EngineEvent } from "../../src/domain/event.ts";
import { isLive } from "../../src/domain/order.ts";
import type { SymbolId } from "../../src/domain/units.ts";
import type { AuditEntry } from "../../src/engine/audit.ts";
import { missingOf, tradingOf } from "../../src/engine/control.ts";
import { createEngine, type EngineState } from "../../src/engine/state.ts";
import { step, tell } from "../../src/engine/step.ts";
import { toText } from "../../src/kernel/decimal.ts";
import { DEFAULT_LIMITS } from "../../src/risk/limits.ts";
import { DEFAULT_PROTECTION } from "../../src/risk/protection.ts";
import { systemClock } from "../../src/runtime/clocks.ts";
import { dispatcher } from "../../src/runtime/dispatcher.ts";
import { EngineLoop } from "../../src/runtime/loop.ts";
import type { LogPort } from "../../src/runtime/ports/log.ts";
import type { Venue } from "../../src/runtime/ports/venue.ts";
import { type RunningSimulator, startSimulatorServer } from "../../src/simulator/index.ts";
import { DEFAULT_UNIVERSE } from "../../src/universe/universe-parameters.ts";
import { createBybitVenue } from "../../src/venue/bybit/bybit-venue.ts";
import { openedOf } from "./known-account.ts";
import { setupsOf } from "./strategies.ts";

const KEYS = { apiKey: "fault-bench-key", apiSecret: "fault-bench-secret" };
const OWNER = { authorization: `Bearer ${KEYS.apiSecret}` };
/** The witness looks this often; most looks hit a sequence number that the book went through. */
const WITNESS_EVERY_MS = 25;
/** States of the watched book that the witness can still compare with. */
const STATES_MAX = 512;
const POLL_MS = 20;
/** Long enough to see which book moves most. */
const COUNT_MS = 500;
/**
 * The simulator's maker, but it quotes at any spread and moves at every chance: faults wait for it.
 */
const RESTLESS = {
  edgeBpsMin: -100,
  volatilityBpsMax: 1_000,
  leanImbalance: 0.5,
  requoteBps: 0.1,
  requoteCooldownMs: 300,
};
/** Busy books that take turns. */
const FOCUSES = 3;

interface Note {
  readonly atMs: number;
  readonly text: string;
}

interface BenchOptions {
  readonly seed: string;
  readonly symbols?: number;
  readonly tradeSocket?: boolean;
}

export class FaultBench {
  readonly notes: Note[] = [];
  readonly engine: EngineState;
  readonly harm = { divergences: [] as string[], doubles: [] as string[], fatal: [] as string[] };
  /** Requests to create an order, by client id, as the adapter was told to send them. */
  readonly submitted = new Map<string, number>();
  /** Comparisons that the witness could make. */
  compared = 0;
  /** The symbol whose book is compared at every state; faults aim at it. */
  focus = "";
  private simulator: RunningSimulator | null = null;
  private readonly options: BenchOptions;
  private venue: Venue | null = null;
  private readonly loop: EngineLoop;
  private readonly booked = new Map<string, number>();
  private readonly states = new Map<number, string>();
  private readonly frames = new Map<SymbolId, number>();
  private turns = 0;
  private port = 0;
  private stopped = false;
  private witness: Promise<void> = Promise.resolve();

  private constructor(options: BenchOptions) {
    this.options = options;
    this.engine = createEngine({
      runId: `f${Date.now().toString(36)}`,
      autoTrade: true,
      limits: DEFAULT_LIMITS,
      protection: DEFAULT_PROTECTION,
      strategies: setupsOf({ maker: RESTLESS }, "simulated"),
      // As on the simulator, where a round trip rarely pays what a real account asks for.
      universe: { ...DEFAULT_UNIVERSE, enterScore: 20, leaveScore: 12 },
    });
    const dispatch = dispatcher({
      venue: () => this.venue as Venue,
      log: this.logPort("engine"),
      setTimer: (name, dueAtMs) => this.loop.setTimer(name, dueAtMs),
      openAccount: (accountId) => this.loop.accept(openedOf(accountId)),
      audit: (tick) => {
        for (const entry of tick.entries) this.heard(entry);
      },
      keepTrading: () => {},
      keepWords: () => {},
    });
    this.loop = new EngineLoop({
      clock: systemClock,
      step: (event, stamp) => step(this.engine, event, stamp),
      tell: (stamp) => tell(this.engine, stamp),
      perform: (effect) => {
        if (effect.kind === "submit") {
          const { clientId } = effect.order;
          this.submitted.set(clientId, (this.submitted.get(clientId) ?? 0) + 1);
        }
        dispatch(effect);
      },
      onFatal: (error) => this.harm.fatal.push(String(error)),
    });
  }

  /** Resolves when everything is up, trades, and equals the venue. */
  static async start(options: BenchOptions): Promise<FaultBench> {
    const bench = new FaultBench(options);
    await bench.startVenue();
    bench.connect();
    await bench.until("the first quiet moment", 20_000, () => bench.isWhole());
    await Bun.sleep(COUNT_MS);
    bench.turnFocus();
    bench.witness = bench.watch();
    return bench;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async startVenue(): Promise<void> {
    this.simulator = await startSimulatorServer({
      seed: this.options.seed,
      symbols: this.options.symbols ?? 12,
      port: this.port,
      host: "127.0.0.1",
      accounts: [{ ...KEYS, walletUsdt: "10000" }],
    });
    this.port = this.simulator.port;
    // A new exchange counts its sequence numbers anew.
    this.states.clear();
  }

  async stopVenue(): Promise<void> {
    await this.simulator?.stop();
    this.simulator = null;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.witness;
    this.loop.stop();
    await this.venue?.stop();
    await this.stopVenue();
  }

  async inject(...faults: readonly object[]): Promise<void> {
    const reply = await fetch(`${this.url}/sim/faults`, {
      method: "POST",
      headers: OWNER,
      body: JSON.stringify(faults),
    });
    if (reply.status !== 201) throw new Error(`fault refused: ${await reply.text()}`);
  }

  /** Lays market weather over contracts, as `/sim/scenario` takes it. */
  async callScenario(...regimes: readonly object[]): Promise<void> {
    const reply = await fetch(`${this.url}/sim/scenario`, {
      method: "POST",
      headers: OWNER,
      body: JSON.stringify({ regimes }),
    });
    if (!reply.ok) throw new Error(`scenario refused: ${await reply.text()}`);
  }

  async clear(): Promise<void> {
    await fetch(`${this.url}/sim/faults`, { method: "DELETE", headers: OWNER });
  }

  /** Faults that are still to strike or last. */
  async faultCount(): Promise<number> {
    const { faults } = await (await fetch(`${this.url}/sim/faults`, { headers: OWNER })).json();
    return faults.length;
  }

  /** Has the adapter fetch the account, and waits for the whole of it. */
  async fetchAccount(): Promise<void> {
    const cause = `asked ${Date.now()}`;
    this.venue?.reconcile(cause);
    await this.until(
      "an account snapshot",
      20_000,
      () => this.noteSince(0, RegExp(cause)) !== undefined,
    );
  }

  /** Aims at another of the busiest books: a book that faults often is renewed with long pauses. */
  turnFocus(): void {
    const busiest = [...this.frames].sort(([, left], [, right]) => right - left);
    const [id] = busiest[this.turns++ % FOCUSES] ?? [0 as SymbolId];
    this.states.clear();
    this.focus = this.engine.market.instrument(id).symbol;
  }

  /** The first note at or after `fromMs` that says so. */
  noteSince(fromMs: number, pattern: RegExp): Note | undefined {
    return this.notes.find((note) => note.atMs >= fromMs && pattern.test(note.text));
  }

  idOf(symbol: string): SymbolId {
    return this.engine.market.idOf(symbol) as SymbolId;
  }

  /** Polls until `holds`; throws with the last notes after `msMax`. */
  async until(fact: string, msMax: number, holds: () => boolean | Promise<boolean>): Promise<void> {
    const giveUpAtMs = Date.now() + msMax;
    while (!(await holds())) {
      if (Date.now() > giveUpAtMs) {
        const last = this.notes.slice(-12).map((note) => `  ${note.atMs} ${note.text}`);
        throw new Error(
          `waited ${msMax} ms for ${fact}: ${this.unrest()} ${this.lastDifference}\n${last.join("\n")}`,
        );
      }
      await Bun.sleep(POLL_MS);
    }
  }

  /** Everything is up, every book is live, and the account equals the venue's. */
  async isWhole(): Promise<boolean> {
    if (this.unrest() !== "") return false;
    const difference = await this.accountDifference().catch((error) => String(error));
    this.lastDifference = difference;
    return difference === "" && this.unrest() === "";
  }

  private lastDifference = "";

  /** What is not right on our side; empty when nothing is seen to be wrong. */
  private unrest(): string {
    const { engine } = this;
    const missing = missingOf(engine).join(", ");
    if (tradingOf(engine).state !== "on" || missing !== "") return `trading waits for ${missing}`;
    if (engine.control.feeds.rest?.up === false) return "REST is down";
    for (let id = 0; id < engine.market.size; id++) {
      const { state, fault } = engine.market.book(id as SymbolId);
      const instrument = engine.market.instrument(id as SymbolId);
      if (instrument.status === "trading" && state !== "live") {
        return `book of ${instrument.symbol} is ${state} ${fault}`;
      }
    }
    if (engine.mismatches.size > 0) return "a position does not match";
    if (engine.orders.awaitingBefore(Number.POSITIVE_INFINITY as never).length > 0)
      return "executions are outstanding";
    for (const row of engine.orders.all())
      if (row.state === "unknown") return "an order is unknown";
    return "";
  }

  /** Our account against the venue's own lists; empty when they agree. */
  async accountDifference(): Promise<string> {
    const { engine } = this;
    const [orders, positions, executions] = await Promise.all([
      this.list("/v5/order/realtime", "category=linear&settleCoin=USDT&openOnly=0&limit=50"),
      this.list("/v5/position/list", "category=linear&settleCoin=USDT&limit=200"),
      this.executions(),
    ]);
    for (const { execId, symbol } of executions) {
      if (!this.booked.has(execId)) return `execution ${execId} of ${symbol} is not booked`;
    }
    const sizes = new Map(positions.map((row) => [row.symbol, signedSize(row)]));
    for (let id = 0; id < engine.market.size; id++) {
      const { symbol, qty } = engine.market.instrument(id as SymbolId);
      const steps = engine.ledger.stepsOf(id as SymbolId);
      const ours = Number(toText(qty, Math.abs(steps) as never)) * Math.sign(steps);
      if (ours !== (sizes.get(symbol) ?? 0)) {
        return `position of ${symbol}: ours ${ours}, venue ${sizes.get(symbol) ?? 0}`;
      }
    }
    const open = new Set(
      orders
        .filter((row) => ["New", "PartiallyFilled"].includes(row.orderStatus))
        .map((row) => row.orderLinkId),
    );
    for (const row of engine.orders.all()) {
      const isOpen = open.delete(row.clientId);
      if (row.state === "open" && !isOpen) return `order ${row.clientId} is not open at the venue`;
      if (isOpen && !isLive(row.state)) return `order ${row.clientId} is open at the venue`;
    }
    open.delete("");
    return open.size === 0 ? "" : `orders nobody knows are open: ${[...open].join(" ")}`;
  }

  /** Executions of the account at the venue, trades only. */
  async executions(): Promise<Row[]> {
    const rows = await this.list("/v5/execution/list", "category=linear&limit=100");
    return rows.filter((row) => row.execType === "Trade");
  }

  /** Orders that the venue ever took from us, by client id. */
  async ordersAtVenue(): Promise<string[]> {
    const [open, past] = await Promise.all([
      this.list("/v5/order/realtime", "category=linear&settleCoin=USDT&openOnly=0&limit=50"),
      this.list("/v5/order/history", "category=linear&limit=50"),
    ]);
    const byId = new Map([...past, ...open].map((row) => [row.orderId, row.orderLinkId]));
    return [...byId.values()].filter((id) => id !== "");
  }

  private async list(path: string, query: string): Promise<Row[]> {
    const rows: Row[] = [];
    let cursor = "";
    for (let page = 0; page < 20; page++) {
      const full = cursor === "" ? query : `${query}&cursor=${encodeURIComponent(cursor)}`;
      const body = await this.signed(path, full);
      if (body.retCode !== 0) throw new Error(`${path}: ${body.retCode} ${body.retMsg}`);
      rows.push(...body.result.list);
      cursor = body.result.nextPageCursor ?? "";
      if (cursor === "") return rows;
    }
    return rows;
  }

  private async signed(path: string, query: string): Promise<Listed> {
    const time = await (await fetch(`${this.url}/v5/market/time`)).json();
    const stamp = String(time.time);
    const text = `${stamp}${KEYS.apiKey}5000${query}`;
    const reply = await fetch(`${this.url}${path}?${query}`, {
      headers: {
        "X-BAPI-API-KEY": KEYS.apiKey,
        "X-BAPI-TIMESTAMP": stamp,
        "X-BAPI-RECV-WINDOW": "5000",
        "X-BAPI-SIGN": createHmac("sha256", KEYS.apiSecret).update(text).digest("hex"),
      },
    });
    return await reply.json();
  }

  private connect(): void {
    this.venue = createBybitVenue({
      clock: systemClock,
      log: this.logPort("adapter"),
      restUrl: this.url,
      wsUrl: this.url.replace("http", "ws"),
      ...KEYS,
      tradeSocket: this.options.tradeSocket ?? true,
      seed: this.options.seed,
    });
    // An exchange that begins anew here stands for one that lost the account's things: the account
    // stays the same, else the engine would leave it alone.
    void this.venue.start((event) =>
      this.take(event.kind === "account_identity" ? { ...event, accountId: "bench" } : event),
    );
  }

  private take(event: EngineEvent): void {
    if (event.kind === "feed_status") {
      this.note(`feed ${event.feed} ${event.up ? "up" : "down"}: ${event.detail}`);
    }
    if (event.kind === "book_fault") this.note(`fault seen: ${event.fault}`);
    if (event.kind === "account_snapshot") this.note(`snapshot: ${event.cause}`);
    this.loop.accept(event);
    if (event.kind === "book") {
      this.frames.set(event.symbolId, (this.frames.get(event.symbolId) ?? 0) + 1);
    }
    if (event.kind === "book" && this.focus !== "" && event.symbolId === this.idOf(this.focus)) {
      this.keepState(event.symbolId);
    }
  }

  private keepState(id: SymbolId): void {
    const book = this.engine.market.book(id);
    if (book.state !== "live") return;
    if (this.states.size >= STATES_MAX) {
      const [oldest] = this.states.keys();
      this.states.delete(oldest ?? 0);
    }
    const { price, qty } = this.engine.market.instrument(id);
    const side = (levels: Float64Array, count: number): string => {
      const texts: string[] = [];
      for (let at = 0; at < Math.min(count, 50) * 2; at += 2) {
        const ticks = toText(price, levels[at] as never);
        const steps = toText(qty, levels[at + 1] as never);
        texts.push(`${Number(ticks)}x${Number(steps)}`);
      }
      return texts.join(" ");
    };
    const { sequence } = book;
    this.states.delete(sequence);
    this.states.set(
      sequence,
      `${side(book.bids, book.bidCount)} | ${side(book.asks, book.askCount)}`,
    );
  }

  /** Compares the watched book with the venue's, again and again. */
  private async watch(): Promise<void> {
    while (!this.stopped) {
      await this.compareFocus().catch(() => {});
      await Bun.sleep(WITNESS_EVERY_MS);
    }
  }

  private async compareFocus(): Promise<void> {
    const { focus, simulator } = this;
    const url = `${this.url}/v5/market/orderbook?category=linear&symbol=${focus}&limit=50`;
    const { result } = await (await fetch(url)).json();
    const side = (levels: [string, string][]): string =>
      levels.map(([price, size]) => `${Number(price)}x${Number(size)}`).join(" ");
    const truth = `${side(result.b)} | ${side(result.a)}`;
    const ours = this.states.get(result.seq);
    if (ours === undefined || focus !== this.focus || simulator !== this.simulator) return;
    this.compared++;
    if (ours !== truth) this.harm.divergences.push(`${focus} seq ${result.seq}`);
  }

  private heard(entry: AuditEntry): void {
    if (entry.kind === "fill" && entry.fill.execKind === "trade") {
      const { fill } = entry;
      const times = (this.booked.get(fill.execId) ?? 0) + 1;
      this.booked.set(fill.execId, times);
      if (times > 1) this.harm.doubles.push(fill.execId);
      this.note(`fill ${fill.execId}`);
    }
    if (entry.kind === "order" && entry.order.state === "unknown") {
      const { order } = entry;
      this.note(`order ${order.clientId} unknown: ${order.detail}`);
    }
  }

  private logPort(who: string): LogPort {
    const keep = (level: string) => (text: string, data?: object) =>
      this.note(`${who} ${level}: ${text}${data === undefined ? "" : ` ${JSON.stringify(data)}`}`);
    return { info: keep("info"), warn: keep("warn"), error: keep("error") };
  }

  private note(text: string): void {
    this.notes.push({ atMs: Date.now(), text });
  }
}

/** A list as the venue answers it. */
interface Listed {
  readonly retCode: number;
  readonly retMsg: string;
  readonly result: { readonly list: Row[]; readonly nextPageCursor?: string };
}

interface Row {
  readonly symbol: string;
  readonly side: string;
  readonly size: string;
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly orderStatus: string;
  readonly execId: string;
  readonly execType: string;
  readonly execTime: string;
}

function signedSize({ size, side }: Row): number {
  return side === "Sell" ? -Number(size) : Number(size);
}
