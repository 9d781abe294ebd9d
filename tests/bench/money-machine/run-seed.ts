/**
 * One seed of the money-machine bench: every bot on every contract, without an edge and with one.
 * Bots act on what a client sees and send orders to the exchange's core, a network's way late.
 */
import { toNumber } from "../../../src/kernel/decimal.ts";
import { SimVenue } from "../../../src/simulator/world/world.ts";
import { BOTS, type Bot, makeBot } from "./bots.ts";
import { EdgeStudy } from "./planted.ts";
import type { Seen } from "./seen.ts";

const START_AT_MS = Date.UTC(2026, 7, 9, 12);
/** Ranks traded: majors, contracts whose spread pays two fees, thin ones. */
const RANKS = [0, 1, 4, 12, 25, 40, 60, 80, 110, 150, 200, 260];
const SYMBOLS = 300;
const STEP_MS = 20;
const LOOK_MS = 100;
const WARM_MS = 30_000;
const TICKET_USDT = 100;
export const PLANTED = { bps: 25, horizonS: 10, everyS: 30, symbolIndexes: [] };

/** One closed position. */
export interface Row {
  readonly bot: string;
  readonly isPlanted: boolean;
  readonly seed: string;
  readonly symbolIndex: number;
  /** Result in bps of its value, fees included; of a study how far the price went to its side. */
  readonly bps: number;
}

/** Rows of the observer who measures the planted edge and trades nothing. */
export const STUDY = "study";

interface Desk {
  readonly name: string;
  readonly accountId: string;
  readonly symbolIndex: number;
  readonly bot: Bot;
}

export function runSeed(seed: string, minutes: number): Row[] {
  return [...runMarket(seed, minutes, null), ...runMarket(seed, minutes, PLANTED)];
}

function runMarket(seed: string, minutes: number, planted: typeof PLANTED | null): Row[] {
  const wanted = planted === null ? Object.keys(BOTS) : ["imbalance", "signal"];
  const accounts = wanted.map((name) => ({
    apiKey: name,
    apiSecret: name,
    walletUsdt: "10000000",
  }));
  const venue = new SimVenue({ seed, symbols: SYMBOLS, accounts, startAtMs: START_AT_MS });
  venue.market.scenario.edge = planted;
  const desks = desksOf(wanted, venue);
  const studies = new Map(RANKS.map((rank) => [rank, new EdgeStudy(PLANTED.horizonS)]));
  const seen = new Map<number, Seen>();
  const flows = new Map<number, number>();
  hear(venue, desks, flows);
  const endMs = START_AT_MS + WARM_MS + minutes * 60_000;
  for (let atMs = START_AT_MS; atMs < endMs; atMs += STEP_MS) {
    venue.advance(atMs);
    if (atMs - START_AT_MS < WARM_MS || (atMs - START_AT_MS) % LOOK_MS !== 0) continue;
    for (const symbolIndex of RANKS) {
      const sight = look(venue, symbolIndex, flows);
      seen.set(symbolIndex, sight);
      studies.get(symbolIndex)?.look(sight);
    }
    flows.clear();
    const lead = seen.get(0);
    for (const { bot, symbolIndex } of desks) {
      const sight = seen.get(symbolIndex);
      if (sight !== undefined && lead !== undefined) bot.look(sight, lead);
    }
    venue.flush();
  }
  const from = { seed, isPlanted: planted !== null };
  const found = [...studies].flatMap(([symbolIndex, { moves }]) =>
    moves.map((bps) => ({ ...from, bot: STUDY, symbolIndex, bps })),
  );
  const traded = desks.flatMap(({ name, symbolIndex, bot }) =>
    bot.trades.map((bps) => ({ ...from, bot: name, symbolIndex, bps })),
  );
  return [...found, ...traded];
}

/** Every bot on every contract; each bot has one account. */
function desksOf(wanted: readonly string[], venue: SimVenue): Desk[] {
  const accountIds = venue.accountIds();
  return wanted.flatMap((name, at) =>
    RANKS.map((symbolIndex): Desk => {
      const accountId = accountIds[at] ?? "";
      const bot = makeBot(name, { venue, accountId, symbolIndex });
      return { name, accountId, symbolIndex, bot };
    }),
  );
}

/** Tells each bot its executions, and sums what takers of each contract bought. */
function hear(venue: SimVenue, desks: readonly Desk[], flows: Map<number, number>): void {
  venue.listen({
    onTrades(trades) {
      for (const { symbolIndex, side, qtySteps } of trades) {
        const sign = side === "Buy" ? 1 : -1;
        flows.set(symbolIndex, (flows.get(symbolIndex) ?? 0) + sign * qtySteps);
      }
    },
    onPrivate(events) {
      for (const event of events) {
        if (event.kind !== "execution" || event.execution.execType !== "Trade") continue;
        const { accountId, symbolIndex } = event.execution;
        const desk = desks.find(
          (one) => one.accountId === accountId && one.symbolIndex === symbolIndex,
        );
        desk?.bot.filled(event.execution);
      }
    },
  });
}

function look(venue: SimVenue, index: number, flows: ReadonlyMap<number, number>): Seen {
  const { core } = venue;
  const { price, qty } = venue.instrumentAt(index);
  const [bid, ask] = [core.levels(index, "Buy", 1), core.levels(index, "Sell", 1)];
  const stepUsdt = toNumber(price, bid[0] ?? 1) * toNumber(qty, 1);
  return {
    atMs: core.nowMs,
    bidTicks: bid[0] ?? 0,
    askTicks: ask[0] ?? 0,
    bidSteps: bid[1] ?? 0,
    askSteps: ask[1] ?? 0,
    markTicks: core.prices(index).markTicks,
    flowSteps: flows.get(index) ?? 0,
    ticketSteps: Math.max(1, Math.round(TICKET_USDT / stepUsdt)),
  };
}
