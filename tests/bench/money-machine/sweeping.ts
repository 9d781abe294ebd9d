/**
 * What it costs to build a position by sweeping the book, against spread and fee.
 *
 * Two markets of one seed, one with the client and one without: the difference is the client's own
 * doing. The position is bought with market orders over a minute, held for a minute and sold the
 * same way. Told in bps of value: the entry over the untouched middle, what is left of the move a
 * minute later, and the whole round trip, each with fees.
 */
import { toNumber } from "../../../src/kernel/decimal.ts";
import type { SimExecution } from "../../../src/simulator/core/api.ts";
import { SimVenue } from "../../../src/simulator/world/world.ts";

const START_AT_MS = Date.UTC(2026, 7, 9, 12);
const STEP_MS = 20;
const WARM_S = 20;
const BUILD_S = 60;
const HOLD_S = 60;
const TAKER_FEE_BPS = 5.5;

interface Sweep {
  readonly sizeUsdt: number;
  /** Half the spread and a fee: what a price that nobody moves would cost. */
  readonly plainBps: number;
  readonly entryBps: number;
  /** How far the middle stands above the untouched one after the hold. */
  readonly stayedBps: number;
  readonly roundTripBps: number;
}

/** Builds `share` of a usual day's turnover in the contract of a rank. */
export function sweep(seed: string, rank: number, share: number): Sweep {
  const pair = new Pair(seed, rank);
  pair.run(WARM_S, () => {});
  const plainBps = pair.spreadBps() / 2 + TAKER_FEE_BPS;
  const partSteps = Math.max(1, Math.round(pair.stepsOf(share) / BUILD_S));
  const entryBps = pair.cost("Buy", BUILD_S, partSteps);
  pair.run(HOLD_S, () => {});
  const stayedBps = Math.log(pair.middle("moved") / pair.middle("still")) * 1e4;
  const seconds = Math.ceil(pair.heldSteps / partSteps);
  const exitBps = pair.cost("Sell", seconds, partSteps);
  const sizeUsdt = pair.boughtUsdt;
  return { sizeUsdt, plainBps, entryBps, stayedBps, roundTripBps: entryBps + exitBps };
}

/** One seed twice: the market as it would have been, and with the client in it. */
class Pair {
  heldSteps = 0;
  boughtUsdt = 0;
  private readonly still: SimVenue;
  private readonly moved: SimVenue;
  private readonly rank: number;
  private done = { steps: 0, value: 0 };

  constructor(seed: string, rank: number) {
    const accounts = [{ apiKey: "k", apiSecret: "s", walletUsdt: "10000000000" }];
    const options = { seed, symbols: rank + 1, accounts, startAtMs: START_AT_MS };
    this.rank = rank;
    this.still = new SimVenue(options);
    this.moved = new SimVenue(options);
    this.moved.listen({
      onTrades() {},
      onPrivate: (events) => {
        for (const event of events) {
          if (event.kind !== "execution" || event.execution.execType !== "Trade") continue;
          this.filled(event.execution);
        }
      },
    });
  }

  stepsOf(share: number): number {
    const { turnover24hUsdt, startPrice } = this.still.listing(this.rank).activity;
    const stepUsdt = toNumber(this.still.instrumentAt(this.rank).qty, 1) * startPrice;
    return (share * turnover24hUsdt) / stepUsdt;
  }

  run(seconds: number, each: () => void): void {
    for (let second = 0; second < seconds; second++) {
      for (let step = 0; step < 1_000 / STEP_MS; step++) {
        const atMs = this.still.nowMs + STEP_MS;
        this.still.advance(atMs);
        this.moved.advance(atMs);
      }
      each();
      this.moved.flush();
    }
  }

  /** Trades one part a second; bps lost against the untouched middle, with the fee. */
  cost(side: "Buy" | "Sell", seconds: number, partSteps: number): number {
    const [accountId = ""] = this.moved.accountIds();
    this.done = { steps: 0, value: 0 };
    let untouched = 0;
    this.run(seconds, () => {
      untouched += this.middle("still") / seconds;
      const qtySteps = side === "Buy" ? partSteps : Math.min(partSteps, this.heldSteps);
      const order = { symbolIndex: this.rank, side, type: "Market", qtySteps } as const;
      this.moved.core.place(accountId, { ...order, priceTicks: 0, timeInForce: "IOC" });
    });
    const sign = side === "Buy" ? 1 : -1;
    return sign * Math.log(this.done.value / this.done.steps / untouched) * 1e4 + TAKER_FEE_BPS;
  }

  middle(of: "still" | "moved"): number {
    const { core } = this[of];
    return (core.bestTicks(this.rank, "Buy") + core.bestTicks(this.rank, "Sell")) / 2;
  }

  spreadBps(): number {
    const { core } = this.still;
    const bid = core.bestTicks(this.rank, "Buy");
    return ((core.bestTicks(this.rank, "Sell") - bid) / bid) * 1e4;
  }

  private filled({ side, qtySteps, priceTicks }: SimExecution): void {
    const { price, qty } = this.moved.instrumentAt(this.rank);
    this.done.steps += qtySteps;
    this.done.value += qtySteps * priceTicks;
    this.heldSteps += side === "Buy" ? qtySteps : -qtySteps;
    if (side === "Buy") this.boughtUsdt += toNumber(qty, qtySteps) * toNumber(price, priceTicks);
  }
}
