/**
 * The whole program in one process without sockets, timers or wall clock: engine, adapter and
 * simulated venue on one virtual clock, with faults drawn from the seed.
 */

import { modeOf } from "../../src/app/mode.ts";
import { buildEngine, type RunningEngine } from "../../src/app/trading.ts";
import { parseConfig } from "../../src/config/parse.ts";
import type { Config } from "../../src/config/settings.ts";
import type { AuditEntry, OrderAudit } from "../../src/engine/audit.ts";
import { type Prng, prngOf } from "../../src/kernel/prng.ts";
import { type VirtualClock, virtualClock } from "../../src/runtime/clocks.ts";
import type { LogPort } from "../../src/runtime/ports/log.ts";
import type { Venue } from "../../src/runtime/ports/venue.ts";
import type { SimExecution, SimOrder } from "../../src/simulator/core/api.ts";
import { connectInProcess, type InProcessSimulator } from "../../src/simulator/shell/in-process.ts";
import { createBybitVenue } from "../../src/venue/bybit/bybit-venue.ts";
import { commandOf } from "../support/commands.ts";
import { newAccount } from "../support/known-account.ts";
import { WALLET_ALARM } from "./wallet-alarm.ts";
import { drawFaults } from "./wire-faults.ts";

const RUN_ID = "soak";
/** Any time will do as long as it is the same one: 40 s before a funding, inside the short run. */
const START_AT_MS = Date.UTC(2026, 0, 5, 7, 59, 20);
const KEYS = { apiKey: "soak-key", apiSecret: "soak-secret" };
const WALLET_USDT = "10000";
/** Connecting, first snapshots, first quotes. */
const PEACE_BEFORE_SEC = 12;
/** Without new faults, before the account is made flat. */
const PEACE_AFTER_SEC = 8;
/** A flatten that takes longer is stuck. */
const FLAT_SEC_MAX = 120;
/** A fill is at most this long on its way when nothing is wrong: sizes agree at some moment. */
const SIZES_AGREE_MS = 1_000;
/** Longest wait for a fault that nothing triggers. */
const FAULT_LASTS_MS = 8_000;
const FAULT_EVERY_MS = 1_500;
/** By then a cancel must have worked: at peace, and through time-outs, retries and reconnects. */
const CANCEL_MS_MAX = { peace: 2_000, faults: 15_000 };

/** What the record keeps of the audit; rows of the market would only make the run long. */
const RECORDED: ReadonlySet<AuditEntry["kind"]> = new Set<AuditEntry["kind"]>([
  "fill",
  "order",
  "denial",
  "intervention",
  "profiles",
]);

interface RunOptions {
  readonly seed: string;
  readonly seconds: number;
  readonly symbols: number;
  readonly onLog?: (line: string) => void;
}

/** What both sides say afterwards. */
export interface Outcome {
  readonly sha256: string;
  readonly journalEntries: number;
  readonly events: number;
  readonly framesSent: number;
  readonly virtualSec: number;
  readonly planted: Readonly<Record<string, number>>;
  readonly entries: readonly AuditEntry[];
  /** Client ids that were handed to the adapter. */
  readonly submitted: ReadonlySet<string>;
  /** Each order as the journal has it last, by client id. */
  readonly records: ReadonlyMap<string, OrderAudit>;
  /** Everything that the venue did with our account, as its core told it. */
  readonly executions: readonly SimExecution[];
  readonly venueOrders: ReadonlyMap<string, SimOrder>;
  readonly engine: RunningEngine;
  readonly simulator: InProcessSimulator;
  readonly accountId: string;
  readonly walletBefore: bigint;
  readonly walletAfter: bigint;
  readonly complaints: readonly string[];
}

/** Runs, makes flat, and hands both sides over to be compared. */
export async function runProgram(options: RunOptions): Promise<Outcome> {
  const world = new World(options);
  await world.run();
  return world.outcome();
}

class World {
  private readonly options: RunOptions;
  private readonly clock: VirtualClock = virtualClock(START_AT_MS);
  private readonly simulator: InProcessSimulator;
  private readonly engine: RunningEngine;
  private readonly venue: Venue;
  private readonly prng: Prng;
  private readonly hash = new Bun.CryptoHasher("sha256");
  private readonly entries: AuditEntry[] = [];
  private readonly submitted = new Set<string>();
  private readonly records = new Map<string, OrderAudit>();
  /** Signed steps after the newest fill of each symbol. */
  private readonly sizes = new Map<string, number>();
  private readonly cancelledAtMs = new Map<string, number>();
  private readonly executions: SimExecution[] = [];
  private readonly venueOrders = new Map<string, SimOrder>();
  private readonly complaints: string[] = [];
  private readonly planted: Record<string, number> = {};
  private readonly accountId: string;
  private readonly walletBefore: bigint;

  constructor(options: RunOptions) {
    this.options = options;
    const { clock } = this;
    const { seed, symbols } = options;
    this.prng = prngOf(seed).child("schedule");
    this.simulator = connectInProcess({
      seed,
      symbols,
      accounts: [{ ...KEYS, walletUsdt: WALLET_USDT }],
      clock,
    });
    this.accountId = this.simulator.venue.accountIds()[0] ?? "";
    this.walletBefore = this.simulator.venue.core.wallet(this.accountId).walletBalance;
    this.listen();
    const config = configOf(symbols);
    this.engine = buildEngine({
      config,
      mode: modeOf(config),
      runId: RUN_ID,
      installation: "a0b1c2d3",
      earlierRuns: new Set(),
      clock,
      readers: [{ name: "soak", onTick: (tick) => this.hear(tick.entries) }],
      log: this.logOf("engine"),
      keepTrading: () => {},
      openAccount: newAccount,
      venue: () => this.venue,
      onFatal: (error, doing) => this.complaints.push(`the engine died ${doing}: ${String(error)}`),
    });
    this.venue = this.watched(
      createBybitVenue({
        clock,
        log: this.logOf("bybit"),
        restUrl: "http://venue",
        wsUrl: "ws://venue",
        ...KEYS,
        tradeSocket: true,
        seed,
        fetch: this.simulator.fetch,
        openSocket: this.simulator.openSocket,
      }),
    );
  }

  async run(): Promise<void> {
    const { seconds } = this.options;
    void this.venue.start(this.engine.accept);
    await this.passSeconds(PEACE_BEFORE_SEC);
    const faultSec = Math.max(0, seconds - PEACE_BEFORE_SEC - PEACE_AFTER_SEC);
    const cancelFaults = this.startFaults();
    await this.passSeconds(faultSec);
    cancelFaults();
    this.simulator.faults.remove(null);
    await this.passSeconds(PEACE_AFTER_SEC);
    await this.checkSizes();
    this.engine.accept(
      commandOf("flatten", { id: "soak-flatten", by: "soak", reason: "the run ends" }),
    );
    for (let waitedSec = 0; !this.isProvedFlat(); waitedSec++) {
      if (waitedSec === FLAT_SEC_MAX) {
        this.complaints.push(`not proved flat ${FLAT_SEC_MAX} s after the flatten`);
        break;
      }
      await this.passSeconds(1);
    }
    await this.venue.stop();
    this.engine.stop();
    this.simulator.stop();
  }

  outcome(): Outcome {
    const { core } = this.simulator.venue;
    return {
      sha256: this.hash.digest("hex"),
      journalEntries: this.entries.length,
      events: this.engine.events(),
      framesSent: this.simulator.stats().framesSent,
      virtualSec: (this.clock.nowMs() - START_AT_MS) / 1_000,
      planted: this.planted,
      entries: this.entries,
      submitted: this.submitted,
      records: this.records,
      executions: this.executions,
      venueOrders: this.venueOrders,
      engine: this.engine,
      simulator: this.simulator,
      accountId: this.accountId,
      walletBefore: this.walletBefore,
      walletAfter: core.wallet(this.accountId).walletBalance,
      complaints: this.complaints,
    };
  }

  private async passSeconds(seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed++) {
      await this.simulator.pass(1_000);
      this.checkCancels();
    }
  }

  /** Open positions are the same on both sides once nothing is on its way. */
  private async checkSizes(): Promise<void> {
    const { venue } = this.simulator;
    let differences: string[] = [];
    for (let waitedMs = 0; waitedMs < SIZES_AGREE_MS; waitedMs++) {
      const theirs = new Map(
        venue.core
          .positions(this.accountId)
          .map(({ symbolIndex, sizeSteps }) => [venue.instrumentAt(symbolIndex).symbol, sizeSteps]),
      );
      differences = [...new Set([...theirs.keys(), ...this.sizes.keys()])]
        .filter((symbol) => (theirs.get(symbol) ?? 0) !== (this.sizes.get(symbol) ?? 0))
        .map((symbol) => `${symbol}: ${this.sizes.get(symbol)} here, ${theirs.get(symbol)} there`);
      if (differences.length === 0) return;
      await this.simulator.pass(1);
    }
    this.complaints.push(...differences.map((text) => `steps held differ: ${text}`));
  }

  private isProvedFlat(): boolean {
    return this.engine.view().trading.reason.startsWith("flat, by");
  }

  private hear(entries: readonly AuditEntry[]): void {
    for (const entry of entries) if (RECORDED.has(entry.kind)) this.record(entry);
  }

  private record(entry: AuditEntry): void {
    const text = JSON.stringify(entry, (_key, value) =>
      typeof value === "bigint" ? `${value}n` : value,
    );
    this.hash.update(`${text}\n`);
    this.entries.push(entry);
    if (entry.kind === "fill") this.sizes.set(entry.fill.symbol, entry.fill.positionSteps);
    if (entry.kind === "order") this.records.set(entry.order.clientId, entry.order);
  }

  private logOf(name: string): LogPort {
    const { onLog } = this.options;
    const line = (level: string) => (text: string, data?: Readonly<Record<string, unknown>>) => {
      if (text.startsWith(WALLET_ALARM)) this.complaints.push(text);
      const atMs = this.clock.nowMs() - START_AT_MS;
      onLog?.(
        `${atMs} ${level} ${name}: ${text} ${data === undefined ? "" : JSON.stringify(data)}`,
      );
    };
    return { info: line("info"), warn: line("warn"), error: line("error") };
  }

  /** The venue's own story of the account, told by its core and not over any wire. */
  private listen(): void {
    this.simulator.venue.listen({
      onTrades: () => {},
      onPrivate: (events) => {
        for (const event of events) {
          if (event.kind === "execution") this.executions.push(event.execution);
          if (event.kind === "order") this.venueOrders.set(event.order.orderId, event.order);
        }
      },
    });
  }

  /** Notes what the engine asks for; changes nothing. */
  private watched(venue: Venue): Venue {
    return {
      name: venue.name,
      start: (sink) => venue.start(sink),
      stop: () => venue.stop(),
      submit: (order) => {
        if (this.submitted.has(order.clientId)) {
          this.complaints.push(`order ${order.clientId} was submitted twice`);
        }
        this.submitted.add(order.clientId);
        venue.submit(order);
      },
      amend: (order, venueOrderId) => venue.amend(order, venueOrderId),
      cancel: (clientId, symbolId, venueOrderId) => {
        if (!this.cancelledAtMs.has(clientId)) {
          this.cancelledAtMs.set(clientId, this.clock.nowMs());
        }
        venue.cancel(clientId, symbolId, venueOrderId);
      },
      cancelOrphan: (symbolId, venueOrderId) => {
        this.complaints.push(`order ${venueOrderId} was taken for an orphan`);
        venue.cancelOrphan(symbolId, venueOrderId);
      },
      cancelAll: () => venue.cancelAll(),
      askOrder: (clientId, symbolId) => venue.askOrder(clientId, symbolId),
      protect: (symbolId, ticks, standIn) => venue.protect(symbolId, ticks, standIn),
      reconcile: (cause) => venue.reconcile(cause),
      loadCashLog: (sinceVenueAtMs) => venue.loadCashLog(sinceVenueAtMs),
      lookBack: (sinceMs, afterMs) => venue.lookBack(sinceMs, afterMs),
      resubscribeBook: (symbolId) => venue.resubscribeBook(symbolId),
      checkBook: (symbolId) => venue.checkBook(symbolId),
      loadAccountTerms: () => venue.loadAccountTerms(),
      settleTerms: (symbolId, leverageMax) => venue.settleTerms(symbolId, leverageMax),
      loadBars: (...question) => venue.loadBars(...question),
      health: () => venue.health(),
    };
  }

  /** An order that was to be cancelled does not rest at the venue for ever. */
  private checkCancels(): void {
    const { core } = this.simulator.venue;
    const isPeace = Object.keys(this.planted).length === 0;
    const msMax = isPeace ? CANCEL_MS_MAX.peace : CANCEL_MS_MAX.faults;
    const resting = new Set(core.openOrders(this.accountId).map((order) => order.orderLinkId));
    for (const [clientId, atMs] of this.cancelledAtMs) {
      if (!resting.has(clientId)) this.cancelledAtMs.delete(clientId);
      else if (this.clock.nowMs() - atMs > msMax) {
        this.cancelledAtMs.delete(clientId);
        this.complaints.push(`order ${clientId} still rests ${msMax} ms after its cancel`);
      }
    }
  }

  /** Plants a fault now and then until it is told to stop. */
  private startFaults(): () => void {
    let cancel = (): void => {};
    const next = (): void => {
      const delayMs = Math.ceil(FAULT_EVERY_MS * this.prng.exponential());
      cancel = this.clock.after(delayMs, () => {
        this.plant();
        next();
      });
    };
    next();
    return () => cancel();
  }

  private plant(): void {
    const { faults } = this.simulator;
    for (const fault of drawFaults(this.prng)) {
      const { id } = faults.add(fault);
      this.clock.after(FAULT_LASTS_MS, () => faults.remove(id));
      this.planted[fault.kind] = (this.planted[fault.kind] ?? 0) + 1;
      this.options.onLog?.(`${this.clock.nowMs() - START_AT_MS} fault ${JSON.stringify(fault)}`);
    }
    this.simulator.strikeNow();
  }
}

function configOf(symbols: number): Config {
  const flags = { simSeed: "soak", simSymbols: String(symbols) };
  const parsed = parseConfig({ env: {}, flags, file: null, credentials: {} });
  if (!parsed.ok) throw new Error(`no configuration: ${JSON.stringify(parsed.problem)}`);
  return parsed.value.config;
}
