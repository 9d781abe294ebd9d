/**
 * One symbol's chart as plain columns: bars with what is ours in them. The route sends it as JSON,
 * the page draws its table from it, and the stream appends its newest part, so that the three
 * cannot differ. Prices are numbers as people read them: a chart is drawn, not booked.
 */
import type { ChartSpan } from "../charts/chart-tape.ts";
import { type Bar, SPAN_MS } from "../domain/bar.ts";
import type { Instrument } from "../domain/instrument.ts";
import type { ClientOrderId, Side } from "../domain/units.ts";
import { toNumber, toText } from "../kernel/decimal.ts";
import { fixedToText } from "../kernel/fixed.ts";
import { type LedgerFill, netOfFill } from "../portfolio/fill.ts";
import type { MonitorView, OrderAudit, SymbolAudit } from "./view.ts";

/** A wide screen has this many columns for bars; older ones are left out. */
export const CHART_BARS_MAX = 1_200;
/** More marks than can be told apart. */
export const CHART_FILLS_MAX = 400;

/** Rows of an array of bars in columns; times are ms since the epoch. */
interface BarColumns {
  readonly t: readonly number[];
  readonly o: readonly number[];
  readonly h: readonly number[];
  readonly l: readonly number[];
  readonly c: readonly number[];
  readonly v: readonly number[];
}

interface ChartFill {
  readonly atMs: number;
  readonly side: Side;
  readonly price: string;
  readonly qty: string;
  readonly netUsdt: string;
  readonly isMaker: boolean;
}

interface ChartOrder {
  readonly clientId: ClientOrderId;
  readonly side: Side;
  readonly purpose: OrderAudit["purpose"];
  readonly price: string;
  readonly leftQty: string;
}

/** From when to when nothing was entered, and who wanted that. */
export interface HaltBand {
  readonly fromAtMs: number;
  /** Null while it lasts. */
  readonly untilAtMs: number | null;
  readonly by: string;
  readonly reason: string;
}

/** What changes with every look: orders, position and book of one symbol. */
interface ChartOurs {
  readonly orders: readonly ChartOrder[];
  readonly side: "long" | "short" | "flat";
  /** Empty where there is none, as the prices below. */
  readonly qty: string;
  readonly entryPrice: string;
  readonly stopLoss: string;
  readonly halts: readonly HaltBand[];
  readonly bookState: SymbolAudit["bookState"];
  readonly bookFault: string;
}

export interface ChartPicture extends BarColumns, ChartOurs {
  readonly symbol: string;
  readonly interval: ChartSpan;
  readonly spanMs: number;
  readonly atMs: number;
  /** Decimals of the tick. */
  readonly decimals: number;
  /** Starts of bars during which trades may have been missed. */
  readonly partAtMs: readonly number[];
  readonly fills: readonly ChartFill[];
}

interface ChartQuestion {
  readonly view: MonitorView;
  readonly instrument: Instrument;
  readonly interval: ChartSpan;
  readonly bars: readonly Bar[];
  /** Of this symbol, newest first. */
  readonly fills: readonly LedgerFill[];
  /** Nothing from before is wanted. */
  readonly fromMs: number;
  readonly atMs: number;
}

/** The chart from `fromMs` on, at most {@link CHART_BARS_MAX} bars. */
export function pictureOf(question: ChartQuestion): ChartPicture {
  const { view, instrument, interval, fromMs, atMs } = question;
  const bars = question.bars.filter((bar) => bar.startAtMs >= fromMs).slice(-CHART_BARS_MAX);
  const firstAtMs = bars[0]?.startAtMs ?? fromMs;
  return {
    symbol: instrument.symbol,
    interval,
    spanMs: SPAN_MS[interval],
    atMs,
    decimals: instrument.price.decimals,
    ...columnsOf(bars, instrument),
    partAtMs: bars.filter(({ isComplete }) => !isComplete).map(({ startAtMs }) => startAtMs),
    fills: question.fills
      .filter((fill) => fill.execKind !== "funding" && fill.venueAtMs >= firstAtMs)
      .slice(0, CHART_FILLS_MAX)
      .map(chartFillOf),
    ...oursOf(view, instrument, firstAtMs),
  };
}

/** Bars side by side. */
function columnsOf(bars: readonly Bar[], { price, qty }: Instrument): BarColumns {
  const prices = (ticksOf: (bar: Bar) => number) =>
    bars.map((bar) => toNumber(price, ticksOf(bar)));
  return {
    t: bars.map(({ startAtMs }) => startAtMs),
    o: prices(({ openTicks }) => openTicks),
    h: prices(({ highTicks }) => highTicks),
    l: prices(({ lowTicks }) => lowTicks),
    c: prices(({ closeTicks }) => closeTicks),
    v: bars.map(({ volumeSteps }) => toNumber(qty, volumeSteps)),
  };
}

function chartFillOf(fill: LedgerFill): ChartFill {
  return {
    atMs: fill.venueAtMs,
    side: fill.side,
    price: fill.priceText,
    qty: fill.qtyText,
    netUsdt: fixedToText(netOfFill(fill)),
    isMaker: fill.isMaker,
  };
}

/** Marks and bands that the stream carries: what is older is fetched. */
const NEWEST_FILLS = 5;
const NEWEST_HALTS = 2;

/** What the stream tells of one symbol: what is ours now, and the newest of what was done. */
export function newestOurs(
  view: MonitorView,
  instrument: Instrument,
): ChartOurs & { readonly fills: readonly ChartFill[] } {
  const { symbol } = instrument;
  const ours = oursOf(view, instrument, 0);
  return {
    ...ours,
    halts: ours.halts.slice(-NEWEST_HALTS),
    fills: view.recentFills
      .filter((fill) => fill.symbol === symbol && fill.execKind !== "funding")
      .slice(0, NEWEST_FILLS)
      .map(chartFillOf),
  };
}

/** What is ours in one symbol, with the halts that had not ended at `fromMs`. */
function oursOf(view: MonitorView, { symbol, qty }: Instrument, fromMs: number): ChartOurs {
  const position = view.positions.get(symbol);
  const row = view.symbols.get(symbol);
  const isOpen = position !== undefined && position.side !== "flat";
  return {
    orders: [...view.openOrders.values()].flatMap((order) =>
      order.symbol === symbol && order.priceText !== "" ? [chartOrderOf(order, qty)] : [],
    ),
    side: position?.side ?? "flat",
    qty: isOpen ? position.qtyText : "",
    entryPrice: isOpen ? position.entryPriceText : "",
    stopLoss: isOpen ? position.stopLossText : "",
    halts: haltBandsOf(view, symbol).filter(
      ({ untilAtMs }) => untilAtMs === null || untilAtMs >= fromMs,
    ),
    bookState: row?.bookState ?? "none",
    bookFault: row?.bookFault ?? "",
  };
}

function chartOrderOf(order: OrderAudit, qty: Instrument["qty"]): ChartOrder {
  const { clientId, side, purpose, priceText: price, qtySteps, filledSteps } = order;
  const leftQty = toText(qty, Math.max(0, qtySteps - filledSteps));
  return { clientId, side, purpose, price, leftQty };
}

type Action = MonitorView["interventions"][number]["action"];

/** Nothing is entered after these, until one of {@link ENDS}: of everything, or of one symbol. */
const BEGINS: ReadonlySet<Action> = new Set<Action>([
  "halt",
  "cancel_halt",
  "flatten",
  "close_symbol",
  "pause_symbol",
]);
const ENDS: ReadonlySet<Action> = new Set<Action>(["resume", "resume_symbol"]);

/** Spans without entries, oldest first, as far back as the view tells of interventions. */
export function haltBandsOf(view: MonitorView, symbol: string): HaltBand[] {
  const bands: HaltBand[] = [];
  for (const scope of ["", symbol]) {
    let open: HaltBand | null = null;
    for (const told of view.interventions.toReversed()) {
      if (told.symbol !== scope || told.verdict !== "executed") continue;
      const { action, atMs: fromAtMs, by, reason } = told;
      if (BEGINS.has(action)) open ??= { fromAtMs, untilAtMs: null, by, reason };
      if (!ENDS.has(action) || open === null) continue;
      bands.push({ ...open, untilAtMs: fromAtMs });
      open = null;
    }
    if (open !== null && isHaltedNow(view, scope)) bands.push(open);
    if (symbol === "") break;
  }
  return bands.sort((left, right) => left.fromAtMs - right.fromAtMs);
}

/** A halt of an earlier run may have ended with it. */
function isHaltedNow({ trading, symbolHalts }: MonitorView, scope: string): boolean {
  if (scope === "") return trading.state !== "on";
  return symbolHalts.some(({ symbol }) => symbol === scope);
}
