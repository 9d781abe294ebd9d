/** @jsxImportSource hono/jsx */
/** Executions as the ledger booked them. */
import { fixedToNumber, fixedToText } from "../../src/kernel/fixed.ts";
import { SYMBOL_OR_ALL } from "../../src/monitor/params.ts";
import { type LedgerFill, netOfFill } from "../../src/portfolio/fill.ts";
import { fixed, grouped } from "../format.ts";
import {
  type Column,
  cell,
  Empty,
  type Html,
  SecondLine,
  SideMark,
  Signed,
  SymbolLink,
  Table,
  Time,
} from "../html.tsx";
import type { Model } from "../page-model.ts";
import { regionOf } from "../region.tsx";

const RECENT_ROWS = 12;

const COLUMNS: readonly Column[] = [
  { label: "Time (UTC)" },
  { label: "Symbol" },
  { label: "Side" },
  { label: "Price", num: true, from: "wide" },
  { label: "Quantity", num: true, from: "wide" },
  { label: "Value, USDT", num: true, from: "wide" },
  { label: "Fee", num: true, from: "wide" },
  { label: "Net, USDT", num: true },
  { label: "Kind", from: "wide" },
];

/** The newest few, from the read model: all of them, or those of one symbol. */
export const fills = regionOf({
  name: "fills",
  params: SYMBOL_OR_ALL,
  load: (_, { symbol }) => symbol,
  view: RecentFills,
});

function RecentFills({ view }: Model, symbol: string | undefined): Html {
  const rows = view.recentFills.filter((fill) => symbol === undefined || fill.symbol === symbol);
  if (rows.length === 0) return <Empty>No execution yet.</Empty>;
  return <Executions rows={rows.slice(0, RECENT_ROWS)} withDate={false} />;
}

function Executions(props: { rows: readonly LedgerFill[]; withDate: boolean }) {
  return (
    <Table label="Executions" columns={COLUMNS}>
      {props.rows.map((fill) => (
        <ExecutionRow fill={fill} withDate={props.withDate} />
      ))}
    </Table>
  );
}

function ExecutionRow({ fill, withDate }: { fill: LedgerFill; withDate: boolean }) {
  const isTrade = fill.execKind === "trade";
  const cost = fixed(fixedToNumber(costOf(fill)), 4);
  const kind = fill.isMaker ? "maker" : "taker";
  return (
    <>
      <tr id={`fill-${fill.execId}`}>
        <td class="when">
          <Time atMs={fill.venueAtMs} withDate={withDate} />
        </td>
        <th scope="row">
          <SymbolLink symbol={fill.symbol} />
        </th>
        <td>
          {isTrade ? <SideMark side={fill.side} /> : <span class="flat">{fill.execKind}</span>}
        </td>
        <td class={cell({ num: true, from: "wide" })}>{grouped(fill.priceText)}</td>
        <td class={cell({ num: true, from: "wide" })}>{grouped(fill.qtyText)}</td>
        <td class={cell({ num: true, from: "wide" })} title={`${fixedToText(fill.value)} USDT`}>
          {fixed(fixedToNumber(fill.value), 2)}
        </td>
        <td
          class={cell({ num: true, from: "wide" })}
          title={`${fixedToText(costOf(fill))} USDT paid`}
        >
          {cost}
        </td>
        <td class="r">
          <Net fill={fill} />
        </td>
        <td class={cell({ from: "wide" })}>{kind}</td>
      </tr>
      <SecondLine id={`fill-more-${fill.execId}`} columns={COLUMNS}>
        {grouped(fill.qtyText)} at {grouped(fill.priceText)} · fee {cost} · {kind}
      </SecondLine>
    </>
  );
}

function costOf(fill: LedgerFill): LedgerFill["fee"] {
  return fill.execKind === "trade" ? fill.fee : fill.fee + fill.funding;
}

/** What the fill did to the account: a closing one realised, every one paid or was paid. */
function Net({ fill }: { fill: LedgerFill }) {
  const { realisedPnl, fee, funding } = fill;
  const net = netOfFill(fill);
  const parts = [realisedPnl, fee, funding].map((part) => fixedToText(part));
  const exact = `${fixedToText(net)} = realised ${parts[0]} − fee ${parts[1]} − funding ${parts[2]}`;
  return <Signed value={fixedToNumber(net)} decimals={4} exact={exact} />;
}
