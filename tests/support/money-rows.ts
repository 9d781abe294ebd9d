/**
 * Executions of a believable account from one seed, booked by the product's own ledger: entries,
 * partial closes, flips, funding, a liquidation, sizes taken over, and mids that are not always
 * known. Beside it the sums of them by plain arithmetic.
 */
import type { ExecKind } from "../../src/domain/event.ts";
import {
  asClientOrderId,
  asExecId,
  asVenueOrderId,
  type Price,
  type PriceTicks,
  type QtySteps,
  type SymbolId,
} from "../../src/domain/units.ts";
import { toText } from "../../src/kernel/decimal.ts";
import { FIXED_ONE, parseFixed } from "../../src/kernel/fixed.ts";
import { type Prng, prngOf } from "../../src/kernel/prng.ts";
import type { ExecutionRow, Mids } from "../../src/pnl/execution-row.ts";
import type { LedgerFill } from "../../src/portfolio/fill.ts";
import { Ledger } from "../../src/portfolio/ledger.ts";
import { given } from "./given.ts";
import { instrumentOf } from "./instruments.ts";

const SYMBOLS = ["BTCUSDT", "ENAUSDT", "SOLUSDT", "XRPUSDT"];
const STRATEGIES = ["maker", "momentum"];

interface RowsOf {
  readonly seed: string;
  readonly count: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Nothing but trades: every amount is then of a trip. */
  readonly onlyTrades?: boolean;
}

export function moneyRows({ seed, count, fromMs, toMs, onlyTrades }: RowsOf): ExecutionRow[] {
  const prng = prngOf(seed);
  const ledger = new Ledger();
  return Array.from({ length: count }, (_, at) => {
    const atMs = Math.floor(fromMs + ((toMs - fromMs) * at) / count);
    const fill = nextFill(prng, ledger, { at, atMs, onlyTrades: onlyTrades === true });
    return { id: at + 1, fill, isOurs: true, mids: midsOf(prng, fill) };
  });
}

interface Next {
  readonly at: number;
  readonly atMs: number;
  readonly onlyTrades: boolean;
}

function nextFill(prng: Prng, ledger: Ledger, { at, atMs, onlyTrades }: Next): LedgerFill {
  const index = prng.int(SYMBOLS.length);
  const id = index as SymbolId;
  const instrument = instrumentOf({ symbol: given(SYMBOLS[index]), id });
  const strategy = given(STRATEGIES[prng.int(STRATEGIES.length)]);
  const clientId = asClientOrderId(`run-${strategy}-${at}`);
  const booking = { instrument, clientId, strategy, atMs };
  const held = ledger.stepsOf(id);
  const roll = onlyTrades ? 1 : prng.next();
  if (roll < 0.01) {
    const positionSteps = prng.int(5) - 2;
    const report = { positionSteps, entryPriceText: "1000.5", stopLossTicks: null };
    const news = { kind: "position_report" as const, symbolId: id, ...report, venueAtMs: atMs - 5 };
    return ledger.adjust(news, booking, 1_000n * FIXED_ONE);
  }
  const kind: ExecKind = roll < 0.04 ? "funding" : roll < 0.05 ? "liquidation" : "trade";
  // Back to flat as often as further away, and beyond it now and then.
  const isBack = held !== 0 && prng.next() < 0.6;
  const isExact = prng.next() < 0.6;
  const qtySteps = isBack && isExact ? Math.abs(held) : 1 + prng.int(4_000);
  const side = isBack ? (held > 0 ? "sell" : "buy") : prng.next() < 0.5 ? "buy" : "sell";
  const fee = parseFixed(`${prng.next() < 0.3 ? "-" : ""}0.00${prng.int(1e9)}${prng.int(1e6)}`);
  const fill = ledger.book(
    {
      kind: "execution",
      execKind: kind,
      execId: asExecId(`exec-${at}`),
      symbolId: id,
      venueOrderId: asVenueOrderId(`venue-${at}`),
      clientId,
      side,
      priceTicks: (9_985 + prng.int(30)) as PriceTicks,
      qtySteps: qtySteps as QtySteps,
      fee: given(fee),
      isMaker: prng.next() < 0.7,
      venueAtMs: atMs - 5,
    },
    booking,
  );
  return given(fill);
}

function midsOf(prng: Prng, fill: LedgerFill): Mids | null {
  if (fill.execKind !== "trade" || prng.next() < 0.1) return null;
  const { price } = instrumentOf({ symbol: fill.symbol });
  const mid = (): Price => {
    const twice = 2 * fill.priceTicks + prng.int(21) - 10;
    return given(parseFixed(toText(price, twice))) / 2n;
  };
  const later = (): Price | null => (prng.next() < 0.1 ? null : mid());
  return { atFill: mid(), after1s: later(), after5s: later(), after30s: later() };
}

/** Net of executions, by the ledger's own columns alone. */
export function netOfRows(rows: readonly ExecutionRow[]): bigint {
  return rows.reduce(
    (net, { fill, isOurs }) => (isOurs ? net + fill.realisedPnl - fill.fee - fill.funding : net),
    0n,
  );
}
