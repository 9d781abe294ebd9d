/** Folds market events in: the hot path. A frame of an unwatched symbol allocates nothing here. */
import type { BarsLoaded } from "../domain/bar.ts";
import type {
  BookFault,
  BookFrame,
  BookPicture,
  InstrumentsLoaded,
  MarketEvent,
} from "../domain/event.ts";
import { absorbBarFrame, absorbLoadedBars } from "./bar-keeping.ts";
import { onBookFault } from "./book-faults.ts";
import { absorbGridChange } from "./changed-grid.ts";
import { becomeReadyIfComplete, dueLive } from "./control.ts";
import type {
  ControlPart,
  EffectsPart,
  MarketPart,
  ReportPart,
  UniversePart,
  WatchPart,
} from "./state-parts.ts";

export function absorbMarket(
  state: MarketPart & WatchPart & EffectsPart & ReportPart,
  event: MarketEvent,
  atMs: number,
): void {
  const { market, counters, columns, features } = state;
  const id = event.symbolId;
  counters.lastMarketAtMs = atMs;
  const fault = market.absorb(event, atMs);
  if (fault !== null) onBookFault(state, { id, fault, atMs });
  switch (event.kind) {
    case "book":
      counters.bookFrames++;
      absorbBook(state, event, atMs);
      break;
    case "trades":
      counters.tradeFrames++;
      state.bars.onTrades(event);
      features.onTrades(id, event.trades, atMs);
      break;
    case "ticker":
      counters.tickerFrames++;
      features.onTicker(id, market.ticker(id), atMs);
      columns.markDirty(id);
      break;
    case "bar":
      absorbBarFrame(state, event);
      break;
  }
}

function absorbBook(state: MarketPart & WatchPart, event: BookFrame, atMs: number): void {
  const { columns } = state;
  const id = event.symbolId;
  const book = state.market.book(id);
  if (book.state === "live") {
    state.bars.works(id, atMs);
    state.features.onBook(id, book, atMs);
  }
  columns.markDirty(id);
  if (columns.watched[id] === 1 && atMs >= (columns.decideAfterMs[id] ?? 0)) state.due.add(id);
}

export function absorbInstruments(
  state: ControlPart & MarketPart & UniversePart,
  event: InstrumentsLoaded,
  atMs: number,
): void {
  const changes = state.market.load(event.instruments);
  state.features.load(event.instruments);
  state.bars.load(event.instruments.map(({ id }) => id));
  state.universe.load(event.instruments, atMs);
  state.columns.grow(state.market.size);
  for (const { id } of event.instruments) state.columns.markDirty(id);
  for (const change of changes) absorbGridChange(state, change, atMs);
  state.control.instrumentsLoaded = event.instruments.length > 0;
  const { rememberedFromMs = 0 } = event;
  if (state.control.contractsFromMs > 0 && rememberedFromMs === 0) {
    state.outbox.log("info", "the contracts were read anew");
    dueLive(state);
  }
  state.control.contractsFromMs = rememberedFromMs;
  state.pending.instruments = event.instruments;
  state.pending.profiles = "loaded";
  state.pending.universe = true;
  state.pending.due = true;
  state.outbox.log("info", `loaded ${event.instruments.length} instruments`);
  becomeReadyIfComplete(state, atMs);
}

/** A fault that the adapter found, or what the venue answered about its market. */
export function absorbSignal(
  state: MarketPart & WatchPart & EffectsPart & ReportPart,
  event: BookFault | BookPicture | BarsLoaded,
  atMs: number,
): void {
  if (event.kind === "bars_loaded") {
    absorbLoadedBars(state, event, atMs);
    return;
  }
  const fault = state.market.absorb(event, atMs);
  state.columns.markDirty(event.symbolId);
  if (fault !== null) onBookFault(state, { id: event.symbolId, fault, atMs });
}
