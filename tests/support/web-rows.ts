import { type Instrument, OWN_UNITS } from "../../src/domain/instrument.ts";
import {
  asClientOrderId,
  asExecId,
  asVenueOrderId,
  type PriceTicks,
  type QtySteps,
  type SymbolId,
} from "../../src/domain/units.ts";
import type { OrderAudit, PositionAudit, SymbolAudit } from "../../src/engine/audit.ts";
import type { UniverseChange } from "../../src/engine/universe-change.ts";
import { gridOf, toNumber, toText } from "../../src/kernel/decimal.ts";
import { parseFixed } from "../../src/kernel/fixed.ts";
import type { Prng } from "../../src/kernel/prng.ts";
import type { MonitorView } from "../../src/monitor/view.ts";
import type { LedgerFill } from "../../src/portfolio/fill.ts";
import { axesOf } from "../../src/universe/axes.ts";
import type { Category } from "../../src/universe/category.ts";
import type { HourRow } from "../../src/universe/hours-of-week.ts";
import { noWords } from "../../src/universe/operator-words.ts";
import { scoreOf } from "../../src/universe/score.ts";
import { DEFAULT_UNIVERSE } from "../../src/universe/universe-parameters.ts";
import { given } from "./given.ts";

/** 2026-11-21 05:40:00 UTC */
export const FIXTURE_NOW_MS = Date.UTC(2026, 10, 21, 5, 40, 0);

export const COINS = (
  "BTC ETH SOL XRP DOGE ADA LINK AVAX SUI LTC BCH DOT NEAR UNI APT ARB OP FIL ATOM INJ TIA SEI " +
  "ONDO WLD PEPE BONK WIF FLOKI SHIB JUP PYTH ENA TON TRX ETC XLM HBAR ICP VET ALGO AAVE MKR CRV " +
  "LDO RUNE GRT SNX DYDX GMX IMX SAND MANA AXS GALA CHZ APE ENJ ROSE KAVA ZIL"
).split(" ");
const PRICES: Readonly<Record<string, number>> = {
  BTC: 96_412.3,
  ETH: 3_318.42,
  SOL: 214.63,
  XRP: 1.4312,
  DOGE: 0.38654,
};

export function fixtureInstruments(count: number): Instrument[] {
  return Array.from({ length: count }, (_, index) => {
    const coin = given(COINS[index % COINS.length]);
    const round = Math.floor(index / COINS.length);
    const base =
      round === 0
        ? coin
        : `${["1000", "10000", "K", "X", "NEO"][round % 5]}${coin}${round > 5 ? round : ""}`;
    const price = basePrice(coin, round);
    const tick =
      price > 1_000 ? "0.10" : price > 10 ? "0.010" : price > 0.1 ? "0.0001" : "0.0000001";
    return {
      id: index as SymbolId,
      venue: "bybit",
      symbol: `${base}USDT`,
      baseCoin: base,
      quoteCoin: "USDT",
      status: index % 97 === 96 ? "prelaunch" : "trading",
      launchAtMs: Date.UTC(2020, 2, 15) + index * 86_400_000 * 3,
      price: gridOf(tick),
      qty: gridOf(price > 1_000 ? "0.001" : price > 1 ? "0.1" : "1"),
      ...OWN_UNITS,
      qtyStepsMin: 1 as QtySteps,
      limitQtyStepsMax: 1_190_000 as QtySteps,
      marketQtyStepsMax: 119_000 as QtySteps,
      notionalMin: given(parseFixed("5")),
      leverageMax: index < 3 ? 100 : 50,
      fundingIntervalMin: index % 3 === 0 ? 480 : 240,
    };
  });
}

function basePrice(coin: string, round: number): number {
  let hash = 7;
  for (const letter of coin) hash = (hash * 31 + letter.charCodeAt(0)) % 9973;
  return (PRICES[coin] ?? 0.00002 + (hash % 4000) / 170) / (round + 1);
}

export function symbolAudit(instrument: Instrument, rank: number, prng: Prng): SymbolAudit {
  const price = basePrice(instrument.baseCoin, 0) * (1 + prng.normal() * 0.001);
  const ticks = Math.max(2, Math.round(price / toNumber(instrument.price, 1)));
  const text = (offset: number): string => toText(instrument.price, ticks + offset);
  const category = categoryOf(instrument, rank);
  const active = rank < 12;
  const bookState = rank === 4 ? "quarantined" : rank === 9 ? "stale" : active ? "live" : "none";
  return {
    symbol: instrument.symbol,
    status: instrument.status,
    category,
    score: Math.max(0, 94 - rank * 0.31 + prng.normal()),
    active,
    ...universeOf(instrument, rank),
    bookState,
    bookFault: bookState === "quarantined" ? "update 812 followed 809" : "",
    bidText: text(-1),
    askText: text(0),
    lastText: text(0),
    markText: text(0),
    change24hPct: prng.normal() * 4,
    turnover24hUsdt: 4_100_000_000 / (rank + 1) ** 1.4,
    spreadBps: 0.1 + rank * 0.06 + prng.next(),
    imbalance: Math.tanh(prng.normal()),
    micropriceText: text(0),
    volatilityBps: 4 + prng.next() * 20,
    fundingRateText: (prng.normal() * 0.0001).toFixed(8),
    nextFundingAtMs: FIXTURE_NOW_MS + 8_400_000,
    updatedAtMs: FIXTURE_NOW_MS - 350 - (rank === 9 ? 9_000 : 0),
    bookAudit:
      rank < 12
        ? {
            matched: rank !== 4,
            atMs: FIXTURE_NOW_MS - 42_000 - rank * 1_000,
            detail: rank === 4 ? "bid 3 differs" : "50 levels a side",
          }
        : null,
  };
}

/** Active ones have stayed for a while, three wait in line, one is pinned, one is blocked. */
function universeOf(
  instrument: Instrument,
  rank: number,
): Pick<SymbolAudit, "scoreParts" | "axes" | "standing" | "words"> {
  const input = {
    spreadBps: 9 / (1 + rank / 40),
    volatilityBps: 1.5,
    tradesPerMin: 90,
    turnover24hUsdt: 4.1e9 / (rank + 1) ** 1.4,
    topDepthUsdt: 9_000,
    tickBps: 0.4,
  };
  const facts = {
    ...input,
    trendDeviations: rank % 3 === 0 ? 1.8 : 0.2,
    tickOfSpread: 0.06,
    fundingRate: 0.0001,
    goodShare: rank === 4 ? 0.6 : 1,
    atMs: FIXTURE_NOW_MS,
  };
  const active = rank < 12;
  const waiting = rank >= 12 && rank < 15;
  const mark = { by: "olga", reason: "earnings", atMs: FIXTURE_NOW_MS - 900_000 };
  const words = noWords(instrument.symbol);
  return {
    scoreParts: scoreOf(input, DEFAULT_UNIVERSE),
    axes: axesOf(instrument, facts, null, DEFAULT_UNIVERSE),
    standing: {
      place: waiting ? rank - 11 : 0,
      why: active
        ? "in 71.2 seat 3 of 12 was free"
        : waiting
          ? "needs 76.2: SOLUSDT's 71.2 + 5"
          : "score 22.0 < 35",
      sinceMs: active ? FIXTURE_NOW_MS - 40_000 : 0,
      stayUntilMs: active ? FIXTURE_NOW_MS + 20_000 : 0,
    },
    words: {
      ...words,
      pin: rank === 1 ? mark : null,
      block: rank === 17 ? mark : null,
      note: rank === 1 ? "watch the\nlisting" : "",
    },
  };
}

function categoryOf(instrument: Instrument, rank: number): Category {
  if (instrument.status !== "trading") return "halted";
  const BY_TURNOVER = ["major", "liquid", "mid", "thin"] as const;
  return BY_TURNOVER[Math.floor(Math.log2(rank / 6 + 1))] ?? (rank % 5 === 0 ? "new" : "thin");
}

export function fixturePositions(symbols: readonly SymbolAudit[]): PositionAudit[] {
  const row = (index: number, side: PositionAudit["side"], unrealised: number) => {
    const symbol = given(symbols[index]);
    return {
      symbol: symbol.symbol,
      side,
      qtyText: side === "flat" ? "0" : index === 0 ? "0.012" : "38.4",
      entryPriceText: side === "flat" ? "" : symbol.markText,
      markText: symbol.markText,
      stopLossText: side === "flat" || index === 2 ? "" : symbol.bidText,
      notionalText: side === "flat" ? "0" : "1156.94",
      unrealisedText: unrealised.toFixed(6),
      realisedText: (12.4171 - index).toFixed(4),
      feesText: "3.1812",
      fundingText: "0.1204",
      updatedAtMs: FIXTURE_NOW_MS - 2_000,
    };
  };
  return [row(0, "long", 6.1823), row(1, "short", -1.1574), row(2, "long", 0), row(3, "flat", 0)];
}

export function fixtureOrders(symbols: readonly SymbolAudit[]): OrderAudit[] {
  const states = ["open", "open", "cancelling", "unknown", "submitting", "open"] as const;
  return states.map((state, index) => {
    const symbol = given(symbols[index % 4]);
    return {
      clientId: asClientOrderId(`k3f9a2-maker-${(index + 400).toString(36)}`),
      venueOrderId: asVenueOrderId(
        state === "submitting" ? "" : `9f2c7d10-55aa-4f0e-8d0a-00000000000${index}`,
      ),
      symbol: symbol.symbol,
      side: index % 2 === 0 ? "buy" : "sell",
      type: "limit",
      timeInForce: "post_only",
      priceText: index % 2 === 0 ? symbol.bidText : symbol.askText,
      qtyText: "0.012",
      filledText: index === 1 ? "0.004" : "0",
      stopLossText: "",
      priceTicks: 1_000 as PriceTicks,
      qtySteps: 12 as QtySteps,
      filledSteps: (index === 1 ? 4 : 0) as QtySteps,
      stopLossTicks: null,
      reason: "imbalance 0.41, edge 1.2 bps",
      state,
      purpose: index === 5 ? "exit" : "entry",
      strategy: "maker",
      reduceOnly: index === 5,
      detail: state === "unknown" ? "no answer in 2000 ms, asking by client id" : "",
      createdAtMs: FIXTURE_NOW_MS - 5_000 * (index + 1),
      updatedAtMs: FIXTURE_NOW_MS - 2_000 * (index + 1),
    };
  });
}

export function fixtureRecentOrders(symbols: readonly SymbolAudit[]): OrderAudit[] {
  return fixtureOrders(symbols).map((order, index) => ({
    ...order,
    clientId: asClientOrderId(`${order.clientId}-done`),
    state: index === 0 ? "rejected" : "closed",
    detail: index === 0 ? "110007 insufficient balance" : "EC_PostOnlyWillTakeLiquidity",
  }));
}

export function fixtureFillRows(
  symbols: readonly SymbolAudit[],
  instruments: readonly Instrument[],
  count: number,
): LedgerFill[] {
  return Array.from({ length: count }, (_, index) => {
    const rank = index % 4;
    const symbol = given(symbols[rank]);
    const instrument = given(instruments[rank]);
    const priceTicks = Math.round(Number(symbol.markText) / toNumber(instrument.price, 1));
    const closes = index % 3 !== 0;
    return {
      execId: asExecId(`e${(90_000 - index).toString(16)}`),
      execKind: index === 7 ? "funding" : "trade",
      symbolId: instrument.id,
      symbol: symbol.symbol,
      venueOrderId: asVenueOrderId(`9f2c7d10-55aa-4f0e-8d0a-${String(index).padStart(12, "0")}`),
      clientId: asClientOrderId(`k3f9a2-maker-${(900 - index).toString(36)}`),
      strategy: "maker",
      side: index % 2 === 0 ? "buy" : "sell",
      priceTicks: priceTicks as PriceTicks,
      qtySteps: 12 as QtySteps,
      priceText: symbol.markText,
      qtyText: toText(instrument.qty, 12),
      value: given(parseFixed("1156.9476")),
      fee: index === 7 ? 0n : given(parseFixed("0.23138952")),
      funding: index === 7 ? given(parseFixed("-0.0412")) : 0n,
      realisedPnl: closes ? given(parseFixed(index % 2 === 0 ? "0.41200031" : "-0.17733")) : 0n,
      positionSteps: closes ? 0 : 12,
      isMaker: index % 5 !== 4,
      venueAtMs: FIXTURE_NOW_MS - 31_000 * index - 4_012,
      atMs: FIXTURE_NOW_MS - 31_000 * index - 4_000,
    };
  });
}

/** The whole table of executions: what the view still has, and older rows. Newest first. */
export function fixtureFills(view: MonitorView): (LedgerFill & { id: number })[] {
  const symbols = [...view.symbols.values()];
  const instruments = [...view.instruments.values()];
  return fixtureFillRows(symbols, instruments, 260).map((fill, index) => ({
    ...fill,
    id: 1_284 - index,
  }));
}

export function fixtureChanges(symbols: readonly SymbolAudit[]): readonly UniverseChange[] {
  const [first, second] = [given(symbols[0]), given(symbols.at(-1))];
  const atMs = FIXTURE_NOW_MS - 30_000;
  const into = { atMs, symbol: first.symbol, verb: "in", score: 71.2 } as const;
  const out = { atMs, symbol: second.symbol, verb: "out", score: 22 } as const;
  return [
    { ...into, reason: `in 71.2 for ${second.symbol} 63.8`, parts: first.scoreParts },
    { ...out, reason: "left: score 22.0 < 25", parts: second.scoreParts },
  ];
}

export function fixtureUniverse(symbols: readonly SymbolAudit[]): MonitorView["universe"] {
  const counts: Partial<Record<SymbolAudit["category"], number>> = {};
  for (const row of symbols) counts[row.category] = (counts[row.category] ?? 0) + 1;
  return {
    counts,
    active: symbols.filter((row) => row.active).map((row) => row.symbol),
    next: symbols.slice(12, 15).map((row) => row.symbol),
    parameters: { ...DEFAULT_UNIVERSE, activeMax: 12 },
    updatedAtMs: FIXTURE_NOW_MS - 21_000,
  };
}

/** The last two hours of one week. */
export function fixtureHours(symbol: string): readonly HourRow[] {
  const row = {
    symbol,
    samples: 700,
    spreadBps: 5,
    depthUsdt: 9_000,
    volatilityBps: 1.5,
    tradesPerMin: 80,
    score: 61,
    entries: 40,
    entriesFilled: 10,
    slippageBpsSum: 12,
    slippageFills: 4,
    adverseBpsSum: 9,
    adverseFills: 10,
  };
  return [130, 131].map((hour, index) => {
    return { ...row, hour, updatedAtMs: FIXTURE_NOW_MS - (2 - index) * 3_600_000 };
  });
}
