/** Executions as the ledger booked them. */
import { fixedToNumber, fixedToText } from "../../src/kernel/fixed.ts";
import type { LedgerFill } from "../../src/portfolio/fill.ts";
import { fixed, grouped } from "../format.ts";
import {
  type Column,
  cell,
  Empty,
  type Html,
  SideMark,
  Signed,
  SymbolLink,
  Table,
  Time,
} from "../html.tsx";
import type { Model } from "../model.ts";

const RECENT_ROWS = 12;

const COLUMNS: readonly Column[] = [
  { label: "Time (UTC)" },
  { label: "Symbol" },
  { label: "Side" },
  { label: "Price", num: true },
  { label: "Quantity", num: true, from: "mid" },
  { label: "Value, USDT", num: true, from: "wide" },
  { label: "Fee", num: true, from: "wide" },
  { label: "Realised", num: true },
  { label: "Kind", from: "wide" },
];

/** The newest few, from the read model. */
export function RecentFills({ view, symbol }: Model): Html {
  const rows = view.recentFills.filter((fill) => symbol === "" || fill.symbol === symbol);
  if (rows.length === 0) return <Empty>No execution yet.</Empty>;
  return <Executions rows={rows.slice(0, RECENT_ROWS)} withDate={false} />;
}

/** One page of the whole table, from the database. */
export function TradesTable({ trades }: Model): Html {
  if (trades.rows.length === 0) {
    return <Empty>No execution{trades.symbol === "" ? "" : ` in ${trades.symbol}`} yet.</Empty>;
  }
  return <Executions rows={trades.rows} withDate={true} />;
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
  const cost = isTrade ? fill.fee : fill.fee + fill.funding;
  return (
    <tr id={`fill-${fill.execId}`}>
      <td class="when">
        <Time atMs={fill.venueAtMs} withDate={withDate} />
      </td>
      <th scope="row">
        <SymbolLink symbol={fill.symbol} />
      </th>
      <td>{isTrade ? <SideMark side={fill.side} /> : <span class="flat">{fill.execKind}</span>}</td>
      <td class="r">{grouped(fill.priceText)}</td>
      <td class={cell({ num: true, from: "mid" })}>{grouped(fill.qtyText)}</td>
      <td class={cell({ num: true, from: "wide" })} title={`${fixedToText(fill.value)} USDT`}>
        {fixed(fixedToNumber(fill.value), 2)}
      </td>
      <td class={cell({ num: true, from: "wide" })} title={`${fixedToText(cost)} USDT paid`}>
        {fixed(fixedToNumber(cost), 4)}
      </td>
      <td class="r">
        {fill.realisedPnl === 0n ? (
          <span class="flat">opened</span>
        ) : (
          <Signed
            value={fixedToNumber(fill.realisedPnl)}
            decimals={4}
            exact={fixedToText(fill.realisedPnl)}
          />
        )}
      </td>
      <td class={cell({ from: "wide" })}>{fill.isMaker ? "maker" : "taker"}</td>
    </tr>
  );
}
