/** Bodies of REST replies to domain values (Bybit v5). Total: bad bodies are values too. */
import { type Instrument, type InstrumentStatus, OWN_UNITS } from "../../../domain/instrument.ts";
import type { QtySteps, SymbolId } from "../../../domain/units.ts";
import { type Grid, gridOf, toNumber, toUnits } from "../../../kernel/decimal.ts";
import { parseFixed } from "../../../kernel/fixed.ts";
import { isRecord, type JsonRecord } from "../../../kernel/json.ts";
import type { Decoded, SkipReason } from "./decode-account.ts";
import { SETTLE_COIN, VENUE_NAME } from "./encode.ts";
import { isDeeperThan, listOf, numberOf, numberOr, parseJson, recordOf, textOf } from "./fields.ts";

/** The frame around every reply. `result` is empty when the venue sent none. */
export interface Envelope {
  readonly retCode: number;
  readonly retMsg: string;
  readonly result: JsonRecord;
  /** Only of a batch: `retExtInfo`, with the codes of its orders. */
  readonly ext?: JsonRecord;
  /** Venue time, 0 when the reply leaves it out. */
  readonly venueAtMs: number;
}

/** The venue's own answers have ten levels; a parser builds a tower of brackets before it fails. */
const DEPTH_MAX = 64;
/** Its longest sentence has 200; it goes into logs and onto pages. */
const RET_MSG_CHARS_MAX = 500;
/**
 * Names of contracts: they become topics, parts of addresses, keys and words on pages. A coin with
 * other letters is left out with a word, on purpose.
 */
const SYMBOL = /^[A-Z0-9-]{1,40}$/;

/** Null when the text is not an envelope: a proxy's error page, a truncated body. */
export function decodeEnvelope(text: string): Envelope | null {
  if (isDeeperThan(text, DEPTH_MAX)) return null;
  const body = parseJson(text);
  if (!isRecord(body)) return null;
  const retCode = numberOf(body, "retCode");
  if (Number.isNaN(retCode)) return null;
  return {
    retCode,
    retMsg: textOf(body, "retMsg").slice(0, RET_MSG_CHARS_MAX),
    result: recordOf(body.result),
    ...(isBatch(body.retExtInfo) && { ext: recordOf(body.retExtInfo) }),
    venueAtMs: numberOr(body, "time", 0),
  };
}

const isBatch = (ext: unknown): boolean => Array.isArray(recordOf(ext).list);

interface Page {
  readonly items: readonly unknown[];
  /** Empty on the last page. */
  readonly cursor: string;
}

export function decodePage(result: JsonRecord): Page {
  return { items: listOf(result.list), cursor: textOf(result, "nextPageCursor") };
}

const STATUS: Readonly<Record<string, InstrumentStatus>> = {
  PreLaunch: "prelaunch",
  Trading: "trading",
  Delivering: "delivering",
  Closed: "closed",
};

/**
 * One row of instruments-info. Only perpetuals settled in USDT are ours. A status that we do not
 * know is "closed": visible, not traded.
 */
export function decodeInstrument(item: unknown): Decoded<Omit<Instrument, "id">> {
  const row = recordOf(item);
  const symbol = textOf(row, "symbol");
  if (textOf(row, "settleCoin") !== SETTLE_COIN) return skip("foreign_category");
  if (textOf(row, "contractType") !== "LinearPerpetual") return skip("foreign_category");
  const lot = recordOf(row.lotSizeFilter);
  const price = gridOrNull(textOf(recordOf(row.priceFilter), "tickSize"));
  const qty = gridOrNull(textOf(lot, "qtyStep"));
  if (!SYMBOL.test(symbol)) {
    return { kind: "fault", fault: `instrument ${JSON.stringify(symbol.slice(0, 40))}: no name` };
  }
  if (price === null || qty === null) {
    return { kind: "fault", fault: `instrument ${symbol} has no usable tickSize or qtyStep` };
  }
  return {
    kind: "ok",
    value: {
      venue: VENUE_NAME,
      symbol,
      baseCoin: textOf(row, "baseCoin"),
      quoteCoin: textOf(row, "quoteCoin"),
      status: STATUS[textOf(row, "status")] ?? "closed",
      launchAtMs: numberOr(row, "launchTime", 0),
      price,
      qty,
      ...OWN_UNITS,
      qtyStepsMin: stepsOr(qty, textOf(lot, "minOrderQty"), 1),
      limitQtyStepsMax: stepsOr(qty, textOf(lot, "maxOrderQty"), 0),
      marketQtyStepsMax: stepsOr(qty, textOf(lot, "maxMktOrderQty"), 0),
      notionalMin: parseFixed(textOf(lot, "minNotionalValue")) ?? 0n,
      leverageMax: numberOr(recordOf(row.leverageFilter), "maxLeverage", 1),
      fundingIntervalMin: numberOr(row, "fundingInterval", 0),
      ...announced(row),
    },
  };
}

/** What the venue states of some contracts only: its price band, and when a contract ends. */
function announced(row: JsonRecord): Pick<Instrument, "priceLimitShare" | "deliveryAtMs"> {
  const priceLimitShare = numberOr(recordOf(row.riskParameters), "priceLimitRatioX", 0);
  const deliveryAtMs = numberOr(row, "deliveryTime", 0);
  return {
    ...(priceLimitShare > 0 && { priceLimitShare }),
    ...(deliveryAtMs > 0 && { deliveryAtMs }),
  };
}

export const withId = (terms: Omit<Instrument, "id">, id: number): Instrument => ({
  id: id as SymbolId,
  ...terms,
});

/** The REST book, in ticks and steps, best first. */
interface RestBook {
  readonly symbol: string;
  readonly updateId: number;
  readonly crossSeq: number;
  readonly venueAtMs: number;
  readonly bids: readonly (readonly [ticks: number, steps: number])[];
  readonly asks: readonly (readonly [ticks: number, steps: number])[];
}

/** Null when the reply is not a book of that instrument or holds a level that is off the grid. */
export function decodeRestBook(result: JsonRecord, instrument: Instrument): RestBook | null {
  const bids = levelsOf(result.b, instrument);
  const asks = levelsOf(result.a, instrument);
  if (textOf(result, "s") !== instrument.symbol || bids === null || asks === null) return null;
  return {
    symbol: instrument.symbol,
    updateId: numberOf(result, "u"),
    crossSeq: numberOf(result, "seq"),
    venueAtMs: numberOr(result, "cts", numberOr(result, "ts", 0)),
    bids,
    asks,
  };
}

/** Venue time in ms from market/time, NaN when the reply holds none. */
export function decodeServerTime(envelope: Envelope): number {
  const nano = textOf(envelope.result, "timeNano");
  if (/^\d{16,20}$/.test(nano)) return Number(nano.slice(0, -6));
  if (envelope.venueAtMs > 0) return envelope.venueAtMs;
  return numberOf(envelope.result, "timeSecond") * 1_000;
}

function skip(reason: SkipReason): { kind: "skip"; reason: SkipReason } {
  return { kind: "skip", reason };
}

function gridOrNull(unitText: string): Grid | null {
  try {
    return gridOf(unitText);
  } catch {
    return null;
  }
}

/** A limit off the grid is cut down to it; a missing one is `fallback`. */
function stepsOr(grid: Grid, text: string, fallback: number): QtySteps {
  const exact = toUnits(grid, text);
  const steps = Number.isNaN(exact) ? Math.floor(Number(text) / toNumber(grid, 1)) : exact;
  return (steps > 0 ? steps : fallback) as QtySteps;
}

function levelsOf(value: unknown, { price, qty }: Instrument): [number, number][] | null {
  const levels: [number, number][] = [];
  for (const level of listOf(value)) {
    const [priceText, qtyText] = listOf(level);
    const ticks = toUnits(price, String(priceText));
    const steps = toUnits(qty, String(qtyText));
    if (!(ticks > 0 && steps > 0)) return null;
    levels.push([ticks, steps]);
  }
  return levels;
}
