/**
 * What it costs to build a position by sweeping the book, against spread and fee.
 *
 * Two markets of one seed, one with the client and one without: the difference is the client's own
 * doing. The position is bought with market orders over a minute, held for a minute and sold the
 * same way. Told in bps of value: the entry over the untouched middle, what is left of the move a
 * minute later, and the whole round trip, each with fees.
 */
import { toNumber } from "../../../src/kernel/decimal.ts";
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
  const accounts = [{ apiKey: "k", apiSecret: "s", walletUsdt: "10000000000" }];
  const make = () => new SimVenue({ seed, symbols: rank + 1, accounts, startAtMs: START_AT_MS });
  const [still, moved] = [make(), make()];
  const [accountId = ""] = moved.accountIds();
  const { price, qty } = moved.instrumentAt(rank);
  const { turnover24hUsdt, startPrice } = moved.listing(rank).activity;
  const stepUsdt = toNumber(qty, 1) * startPrice;
  const wantedSteps = Math.max(BUILD_S, Math.round((share * turnover24hUsdt) / stepUsdt));
  let held = 0;
  const done = { Buy: { steps: 0, value: 0 }, Sell: { steps: 0, value: 0 } };
  moved.listen({
    onTrades() {},
    onPrivate(events) {
      for (const event of events) {
        if (event.kind !== "execution" || event.execution.execType !== "Trade") continue;
        const { side, qtySteps, priceTicks } = event.execution;
        done[side].steps += qtySteps;
        done[side].value += qtySteps * priceTicks;
        held += side === "Buy" ? qtySteps : -qtySteps;
      }
    },
  });
  const run = (seconds: number, each: () => void): void => {
    for (let second = 0; second < seconds; second++) {
      for (let step = 0; step < 1_000 / STEP_MS; step++) {
        const atMs = still.nowMs + STEP_MS;
        still.advance(atMs);
        moved.advance(atMs);
      }
      each();
      moved.flush();
    }
  };
  const trade = (side: "Buy" | "Sell", qtySteps: number): void => {
    if (qtySteps < 1) return;
    const order = { symbolIndex: rank, side, type: "Market", qtySteps } as const;
    moved.core.place(accountId, { ...order, priceTicks: 0, timeInForce: "IOC" });
  };
  run(WARM_S, () => {});
  const plain = spreadBps(still, rank) / 2 + TAKER_FEE_BPS;
  let untouched = 0;
  run(BUILD_S, () => {
    untouched += middleOf(still, rank) / BUILD_S;
    trade("Buy", Math.round(wantedSteps / BUILD_S));
  });
  run(HOLD_S, () => {});
  const stayed = Math.log(middleOf(moved, rank) / middleOf(still, rank)) * 1e4;
  let untouchedLater = 0;
  let looks = 0;
  while (held > 0 && looks < 4 * BUILD_S) {
    run(1, () => {
      untouchedLater += middleOf(still, rank);
      looks++;
      trade("Sell", Math.min(held, Math.round(wantedSteps / BUILD_S)));
    });
  }
  const [paid, got] = [done.Buy.value / done.Buy.steps, done.Sell.value / done.Sell.steps];
  const entry = Math.log(paid / untouched) * 1e4 + TAKER_FEE_BPS;
  const exit = -Math.log(got / (untouchedLater / looks)) * 1e4 + TAKER_FEE_BPS;
  return {
    sizeUsdt: done.Buy.steps * toNumber(qty, 1) * toNumber(price, paid),
    plainBps: plain,
    entryBps: entry,
    stayedBps: stayed,
    roundTripBps: entry + exit,
  };
}

function middleOf({ core }: SimVenue, index: number): number {
  return (core.bestTicks(index, "Buy") + core.bestTicks(index, "Sell")) / 2;
}

function spreadBps({ core }: SimVenue, index: number): number {
  const [bid, ask] = [core.bestTicks(index, "Buy"), core.bestTicks(index, "Sell")];
  return ((ask - bid) / bid) * 1e4;
}
