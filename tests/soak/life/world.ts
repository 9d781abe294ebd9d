/**
 * What outlives every process: the venue with the account, the network to it, and time.
 *
 * The venue's own story of the account is heard from its core, over no wire. The network may spoil
 * answers on their way; the venue itself stays right.
 */
import type { SimExecution, SimOrder } from "../../../src/simulator/core/api.ts";
import {
  connectInProcess,
  type InProcessSimulator,
} from "../../../src/simulator/shell/in-process.ts";
import { smallMarket } from "./small-market.ts";
import { WorldClock } from "./world-clock.ts";

/** A ledger does not care how often a book moves. */
const MARKET_STEP_MS = 2_000;
const WALLET_USDT = "10000";

/** Changes an answer on its way, or hands back null to leave it. */
type Spoil = (path: string, status: number, text: string) => Answer | null;

interface Answer {
  readonly status: number;
  readonly text: string;
}

interface WorldOptions {
  readonly seed: string;
  readonly startAtMs: number;
  readonly onLog?: ((line: string) => void) | undefined;
  /** Between two looks at the market. */
  readonly stepMs?: number;
  /** Of every message; drawn from the seed when left out. */
  readonly oneWayMs?: number;
}

export class World {
  readonly keys = { apiKey: "soak-key", apiSecret: "soak-secret" };
  readonly clock: WorldClock;
  readonly simulator: InProcessSimulator;
  readonly accountId: string;
  readonly walletBefore: bigint;
  readonly complaints: string[] = [];
  readonly executions: SimExecution[] = [];
  readonly orders = new Map<string, SimOrder>();
  readonly spoils = new Set<Spoil>();
  private readonly startAtMs: number;
  private readonly hash = new Bun.CryptoHasher("sha256");
  private readonly onLog: ((line: string) => void) | undefined;

  constructor(options: WorldOptions) {
    const { seed, startAtMs, onLog, stepMs = MARKET_STEP_MS, oneWayMs } = options;
    this.startAtMs = startAtMs;
    this.onLog = onLog;
    this.clock = new WorldClock(startAtMs);
    const { clock } = this;
    const listings = smallMarket(seed, startAtMs);
    this.simulator = connectInProcess({
      seed,
      symbols: listings.length,
      listings,
      accounts: [{ ...this.keys, walletUsdt: WALLET_USDT }],
      clock,
      stepMs,
      ...(oneWayMs === undefined ? {} : { latencyMs: () => oneWayMs }),
    });
    this.accountId = this.simulator.venue.accountIds()[0] ?? "";
    this.walletBefore = this.walletNow();
    this.simulator.venue.listen({
      onTrades: () => {},
      onPrivate: (events) => {
        for (const event of events) {
          if (event.kind === "execution") this.executions.push(event.execution);
          if (event.kind === "order") this.orders.set(event.order.orderId, event.order);
        }
      },
    });
  }

  get core() {
    return this.simulator.venue.core;
  }

  walletNow(): bigint {
    return this.core.wallet(this.accountId).walletBalance;
  }

  /** Open positions of the account, by symbol, as the venue holds them. */
  held(): Map<string, { readonly steps: number; readonly hasStop: boolean }> {
    const { venue } = this.simulator;
    const open = this.core.positions(this.accountId).filter(({ sizeSteps }) => sizeSteps !== 0);
    return new Map(
      open.map(({ symbolIndex, sizeSteps, stopLossTicks }) => [
        venue.instrumentAt(symbolIndex).symbol,
        {
          steps: sizeSteps,
          hasStop: stopLossTicks > 0 || this.isStoodInFor(symbolIndex, sizeSteps),
        },
      ]),
    );
  }

  /** Whether a conditional order that only reduces covers a position. */
  private isStoodInFor(symbolIndex: number, sizeSteps: number): boolean {
    return this.core
      .openOrders(this.accountId)
      .some(
        (order) =>
          order.symbolIndex === symbolIndex &&
          order.status === "Untriggered" &&
          order.reduceOnly &&
          order.side === (sizeSteps > 0 ? "Sell" : "Buy") &&
          order.qtySteps >= Math.abs(sizeSteps),
      );
  }

  secondsPassed(): number {
    return (this.clock.nowMs() - this.startAtMs) / 1_000;
  }

  complain(text: string): void {
    this.complaints.push(`at ${this.secondsPassed().toFixed(3)} s: ${text}`);
    this.log(`COMPLAINT ${text}`);
  }

  /** Everything that is told is part of what one seed must repeat. */
  log(text: string): void {
    const line = `${this.secondsPassed().toFixed(3)} ${text}`;
    this.hash.update(line);
    this.onLog?.(line);
  }

  /** The hash of all that was told; nothing can be told afterwards. */
  sha256(): string {
    return this.hash.digest("hex");
  }

  /** Moves to what is due next, again and again, and lets promises settle in between. */
  async pass(ms: number): Promise<void> {
    const endMs = this.clock.nowMs() + ms;
    while (this.clock.nowMs() < endMs) {
      this.clock.advanceTo(Math.min(endMs, this.clock.nextDueAtMs()));
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  async fetch(url: string, init: RequestInit): Promise<Response> {
    const response = await this.simulator.fetch(url, init);
    if (this.spoils.size === 0) return response;
    const { pathname } = new URL(url);
    const { status, headers } = response;
    let answer: Answer = { status, text: await response.text() };
    for (const spoil of this.spoils) {
      answer = spoil(pathname, answer.status, answer.text) ?? answer;
    }
    return new Response(answer.text, { status: answer.status, headers });
  }
}
