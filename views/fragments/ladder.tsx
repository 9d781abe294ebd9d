/** @jsxImportSource hono/jsx */
/**
 * The best levels of a book with our own orders in them and what stands ahead of each. Levels have
 * fixed places, so that numbers change and no row moves. What is ahead is an estimate: from what
 * the book showed when the order was placed, less what traded there since.
 */
import { z } from "zod";
import type { LadderLevel } from "../../src/charts/ladder.ts";
import type { Instrument } from "../../src/domain/instrument.ts";
import { toText } from "../../src/kernel/decimal.ts";
import { optional, symbolParam } from "../../src/monitor/params.ts";
import type { OrderAudit, SymbolAudit } from "../../src/monitor/view.ts";
import { duration, grouped } from "../format.ts";
import { Empty, type Html } from "../html.tsx";
import { type Model, type Sources, VIEW_AGE_MS_MAX } from "../page-model.ts";
import { regionOf } from "../region.tsx";
import { V } from "../value.tsx";

const DESK_LEVELS = 8;
const PAGE_LEVELS = 10;

interface LadderData {
  readonly symbol: string;
  readonly levels: number;
  readonly charts: Sources["charts"];
}

/** Of the page's symbol. */
export const ladder = regionOf({
  name: "ladder",
  params: z.object({ symbol: symbolParam() }),
  load: ({ charts }, { symbol }): LadderData => ({ symbol, levels: PAGE_LEVELS, charts }),
  view: Ladder,
});

/** Of the symbol that the desk looks at. */
export const focusLadder = regionOf({
  name: "focus-ladder",
  params: z.object({ focus: optional(symbolParam()) }),
  load: ({ charts }, { focus }): LadderData => ({
    symbol: focus ?? "",
    levels: DESK_LEVELS,
    charts,
  }),
  view: Ladder,
});

function Ladder({ view, nowMs }: Model, { symbol, levels, charts }: LadderData): Html {
  const instrument = charts.instrument(symbol);
  const book = charts.ladder(symbol, levels);
  if (instrument === null || book === null) return <Empty>No symbol to show the depth of.</Empty>;
  const doubt = doubtOf(view.symbols.get(symbol), nowMs, view.atMs);
  const own = [...view.openOrders.values()].filter((order) => order.symbol === symbol);
  const line = { instrument, own, charts };
  const rows = Array.from({ length: levels }, (_, at) => at);
  return (
    <div class={doubt === "" ? "ladder-box" : "ladder-box doubted"}>
      {doubt === "" ? null : <p class="ladder-doubt">{doubt}</p>}
      <table class="ladder" aria-label={`Depth of ${symbol}`}>
        <thead class="sr">
          <tr>
            <th scope="col">Our bid</th>
            <th scope="col">Bid size</th>
            <th scope="col">Price</th>
            <th scope="col">Ask size</th>
            <th scope="col">Our ask</th>
          </tr>
        </thead>
        <tbody>
          {rows.toReversed().map((at) => (
            <LevelRow side="sell" at={at} level={book.asks[at]} {...line} />
          ))}
          {rows.map((at) => (
            <LevelRow side="buy" at={at} level={book.bids[at]} {...line} />
          ))}
        </tbody>
      </table>
      <Elsewhere book={book} {...line} />
    </div>
  );
}

/** Why the book should not be believed; empty when it may be. */
function doubtOf(row: SymbolAudit | undefined, nowMs: number, viewAtMs: number): string {
  if (row === undefined) return "the market has not reported this symbol yet";
  if (row.bookState === "quarantined") return `quarantined: ${row.bookFault}`;
  if (row.bookState === "none") return "no book";
  const ageMs = nowMs - row.updatedAtMs;
  const seconds = duration(Math.floor(ageMs / 1_000) * 1_000);
  if (row.bookState === "stale") return `stale: ${seconds} old`;
  return nowMs - viewAtMs > VIEW_AGE_MS_MAX ? `old: ${seconds}` : "";
}

interface LineProps {
  readonly instrument: Instrument;
  readonly own: readonly OrderAudit[];
  readonly charts: Sources["charts"];
}

interface LevelProps extends LineProps {
  readonly side: OrderAudit["side"];
  readonly at: number;
  readonly level: LadderLevel | undefined;
}

function LevelRow({ side, at, level, instrument, own, charts }: LevelProps) {
  const isBid = side === "buy";
  const id = `${isBid ? "bid" : "ask"}.${at}`;
  const price = level === undefined ? "" : toText(instrument.price, level.priceTicks);
  const size = level === undefined ? "" : toText(instrument.qty, level.qtySteps);
  const ours = own.filter((order) => order.side === side && order.priceText === price);
  const note = ours.map((order) => ownText(order, instrument, charts)).join(", ");
  const mine = (
    <V id={`${id}.own`} title={note}>
      {note}
    </V>
  );
  const sizes = <V id={`${id}.size`}>{size === "" ? "" : grouped(size)}</V>;
  return (
    <tr class={isBid && at === 0 ? "first-bid" : undefined}>
      <td class="own bid-own">{isBid ? mine : null}</td>
      <td class="bid">{isBid ? sizes : null}</td>
      <th scope="row" class="at">
        <V id={`${id}.price`}>{price === "" ? "" : grouped(price)}</V>
      </th>
      <td class="ask">{isBid ? null : sizes}</td>
      <td class="own">{isBid ? null : mine}</td>
    </tr>
  );
}

/** "410, about 2,100 ahead". */
function ownText(order: OrderAudit, { qty }: Instrument, charts: Sources["charts"]): string {
  const left = toText(qty, Math.max(0, order.qtySteps - order.filledSteps));
  const ahead = charts.ahead(order.clientId);
  const wait =
    ahead === null ? "place ?" : `about ${grouped(toText(qty, Math.round(ahead)))} ahead`;
  return `${grouped(left)}, ${wait}`;
}

interface ElsewhereProps extends LineProps {
  readonly book: { readonly bids: readonly LadderLevel[]; readonly asks: readonly LadderLevel[] };
}

/** Orders of ours that lie beyond the levels shown. */
function Elsewhere({ book, instrument, own, charts }: ElsewhereProps) {
  const shown = new Set(
    [...book.bids, ...book.asks].map(({ priceTicks }) => toText(instrument.price, priceTicks)),
  );
  const others = own.filter(({ priceText }) => priceText !== "" && !shown.has(priceText));
  if (others.length === 0) return null;
  return (
    <p class="hint">
      further away:{" "}
      {others
        .map((order) => `${order.side} ${order.priceText} (${ownText(order, instrument, charts)})`)
        .join("; ")}
    </p>
  );
}
