/**
 * No money machine: simple strategies on the simulated market, thirty simulated minutes on each of
 * five seeds, fees as a non-VIP account pays them. None of them has an edge, so none may earn
 * anything significant, and a planted edge has to be found at its own size and no more.
 *
 * Bots act on what a client sees (touch, sizes, mark, trades) and send orders to the exchange's
 * core, a network's way late. Each closed position is one trade of its result in bps of its value,
 * fees included; the interval is two errors of the mean over trades, errors taken over blocks of
 * bot, seed and contract so that what moves together counts once. Arguments: minutes, seeds.
 */
import { toNumber } from "../../src/kernel/decimal.ts";
import { SimVenue } from "../../src/simulator/world/world.ts";
import { BOTS, type Bot, makeBot, type Seen } from "./money-machine/bots.ts";
import { mean } from "./realism/statistics.ts";

const minutes = Number(process.argv[2] ?? 30);
const seeds =
  process.argv.length > 3 ? process.argv.slice(3) : ["one", "two", "three", "four", "five"];
const START_AT_MS = Date.UTC(2026, 7, 9, 12);
/** Ranks traded: majors, contracts whose spread pays two fees, thin ones. */
const RANKS = [0, 1, 4, 12, 25, 40, 60, 80, 110, 150, 200, 260];
const SYMBOLS = 300;
const STEP_MS = 20;
const LOOK_MS = 100;
const WARM_MS = 30_000;
const PLANTED = { bps: 25, horizonS: 10, everyS: 30, symbolIndexes: [] };
const REAL_TICKET_USDT = 100;

interface Result {
  readonly block: string;
  readonly bps: number;
}

const results = new Map<string, Result[]>();
const recovered: Result[] = [];
for (const seed of seeds) {
  for (const [name, planted] of [
    ["", null],
    ["planted", PLANTED],
  ] as const) {
    for (const result of run(seed, planted)) {
      const key = name === "" ? result.bot : `${result.bot}, ${name}`;
      const known = results.get(key) ?? [];
      const block = `${seed}/${result.symbolIndex}`;
      known.push({ block, bps: result.bps });
      results.set(key, known);
      if (result.bot === "signal" && planted !== null) recovered.push({ block, bps: result.move });
    }
  }
}
console.log(`${minutes} minutes on seeds ${seeds.join(", ")}; bps of value after fees, 95 %\n`);
console.log(
  `  ${"bot".padEnd(24)}${"trades".padStart(8)}${"mean".padStart(10)}${"interval".padStart(20)}`,
);
let machines = 0;
for (const [name, all] of results) {
  const { middle, error } = estimate(all);
  const [low, high] = [middle - 1.96 * error, middle + 1.96 * error];
  const earns = low > 0 && !name.endsWith("planted");
  if (earns) machines++;
  const interval = `${low.toFixed(2)}..${high.toFixed(2)}`;
  const text = `${name.padEnd(24)}${String(all.length).padStart(8)}${middle.toFixed(2).padStart(10)}`;
  console.log(`  ${text}${interval.padStart(20)}${earns ? "  EARNS" : ""}`);
}
const edge = estimate(recovered);
const from = (edge.middle - 1.96 * edge.error).toFixed(1);
const to = (edge.middle + 1.96 * edge.error).toFixed(1);
console.log(`\n  planted ${PLANTED.bps} bps, found ${edge.middle.toFixed(1)} (${from}..${to})`);
console.log(machines === 0 ? "\nno money machine" : `\n${machines} bots earn without an edge`);

/** Mean over trades, its error from the sums of blocks. */
function estimate(all: readonly Result[]): { middle: number; error: number } {
  const middle = mean(all.map(({ bps }) => bps));
  const sums = new Map<string, number>();
  for (const { block, bps } of all) sums.set(block, (sums.get(block) ?? 0) + bps - middle);
  let squares = 0;
  for (const sum of sums.values()) squares += sum * sum;
  return { middle, error: Math.sqrt(squares) / all.length };
}

function run(
  seed: string,
  planted: typeof PLANTED | null,
): { bot: string; symbolIndex: number; bps: number; move: number }[] {
  const wanted = planted === null ? Object.keys(BOTS) : ["imbalance", "signal"];
  const accounts = wanted.map((name) => ({
    apiKey: name,
    apiSecret: name,
    walletUsdt: "10000000",
  }));
  const venue = new SimVenue({ seed, symbols: SYMBOLS, accounts, startAtMs: START_AT_MS });
  venue.market.scenario.edge = planted;
  const accountIds = venue.accountIds();
  const desks = wanted.flatMap((name, at) =>
    RANKS.map((symbolIndex) => ({
      name,
      symbolIndex,
      bot: makeBot(name, { venue, accountId: accountIds[at] ?? "", symbolIndex }),
    })),
  );
  const seen = new Map<number, Seen>();
  const flows = new Map<number, number>();
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
        const at = accountIds.indexOf(accountId);
        const desk = desks.find(
          (one) => one.name === wanted[at] && one.symbolIndex === symbolIndex,
        );
        desk?.bot.filled(event.execution);
      }
    },
  });
  const endMs = START_AT_MS + WARM_MS + minutes * 60_000;
  for (let atMs = START_AT_MS; atMs < endMs; atMs += STEP_MS) {
    venue.advance(atMs);
    if (atMs - START_AT_MS < WARM_MS || (atMs - START_AT_MS) % LOOK_MS !== 0) continue;
    for (const symbolIndex of RANKS) seen.set(symbolIndex, look(venue, symbolIndex, flows));
    flows.clear();
    const lead = seen.get(0);
    for (const { bot, symbolIndex } of desks) {
      const sight = seen.get(symbolIndex);
      if (sight !== undefined && lead !== undefined) bot.look(sight, lead);
    }
    venue.flush();
  }
  return desks.flatMap(
    ({ name, symbolIndex, bot }: { name: string; symbolIndex: number; bot: Bot }) =>
      bot.trades.map((bps, at) => ({ bot: name, symbolIndex, bps, move: bot.moves[at] ?? 0 })),
  );
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
    ticketSteps: Math.max(1, Math.round(REAL_TICKET_USDT / stepUsdt)),
  };
}
