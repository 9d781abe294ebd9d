/**
 * The members of a ticker message that the engine reads, and what each of them becomes (Bybit v5,
 * websocket "Ticker"). A member that is left out is unchanged, an empty text is cleared.
 */
import type { TextRow, TickerFrame, VenueTexts } from "../../../domain/event.ts";
import type { Instrument } from "../../../domain/instrument.ts";
import type { PriceTicks, QtySteps } from "../../../domain/units.ts";
import { type Grid, toUnits } from "../../../kernel/decimal.ts";
import type { JsonRecord } from "../../../kernel/json.ts";

/** Fills the numbers and texts of `ticker` from a message's data; the rest is the caller's. */
export function fillTicker(
  ticker: TickerFrame,
  data: JsonRecord,
  { price, qty }: Instrument,
): void {
  ticker.lastTicks = unitsOf<PriceTicks>(price, data.lastPrice);
  ticker.bidTicks = unitsOf<PriceTicks>(price, data.bid1Price);
  ticker.bidSteps = unitsOf<QtySteps>(qty, data.bid1Size);
  ticker.askTicks = unitsOf<PriceTicks>(price, data.ask1Price);
  ticker.askSteps = unitsOf<QtySteps>(qty, data.ask1Size);
  ticker.markPrice = floatOf(data.markPrice);
  ticker.indexPrice = floatOf(data.indexPrice);
  ticker.turnover24hUsdt = floatOf(data.turnover24h);
  ticker.change24h = floatOf(data.price24hPcnt);
  ticker.fundingRate = floatOf(data.fundingRate);
  ticker.nextFundingAtMs = floatOf(data.nextFundingTime);
  ticker.texts = new RecordTexts(data);
}

/** Off-grid texts are 0: the ticker informs, the book decides. NaN when the member is left out. */
function unitsOf<Units extends number>(grid: Grid, value: unknown): Units {
  const text = textOf(value);
  if (text === undefined) return Number.NaN as Units;
  const units = text === "" ? 0 : toUnits(grid, text);
  return (Number.isNaN(units) ? 0 : units) as Units;
}

function floatOf(value: unknown): number {
  const text = textOf(value);
  if (text === undefined) return Number.NaN;
  const float = text === "" ? 0 : Number(text);
  return Number.isFinite(float) ? float : 0;
}

/** Numbers count as their text, everything else as left out. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : undefined;
}

/** The members that are texts, numbers as their text. */
class RecordTexts implements VenueTexts {
  private readonly data: JsonRecord;

  constructor(data: JsonRecord) {
    this.data = data;
  }

  copyInto(row: TextRow): void {
    for (const name in this.data) {
      const text = textOf(this.data[name]);
      if (text !== undefined) row.put(name, text, 0, text.length);
    }
  }
}
