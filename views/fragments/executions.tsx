/** @jsxImportSource hono/jsx */
/** Executions as the ledger booked them. */
import { signOf } from "../../src/domain/units.ts";
import { fixedToNumber, fixedToText } from "../../src/kernel/fixed.ts";
import { SYMBOL_OR_ALL } from "../../src/monitor/params.ts";
import type { LedgerFill } from "../../src/portfolio/fill.ts";
import { fixed, grouped, NONE } from "../format.ts";
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
  { label: "Realised", num: true },
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

export function Executions(props: { rows: readonly LedgerFill[]; withDate: boolean }) {
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
          <Realised fill={fill} />
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

/** What a fill that closed anything made, zero included; a pure opening makes nothing yet. */
function Realised({ fill }: { fill: LedgerFill }) {
  const { realisedPnl } = fill;
  if (fill.execKind === "funding") return <span class="flat">{NONE}</span>;
  if (realisedPnl === 0n && !closes(fill)) return <span class="flat">opened</span>;
  return (
    <Signed value={fixedToNumber(realisedPnl)} decimals={4} exact={fixedToText(realisedPnl)} />
  );
}

/** Whether the position before this fill stood on the other side of it. */
function closes({ side, qtySteps, positionSteps }: LedgerFill): boolean {
  const sign = signOf(side);
  return (positionSteps - sign * qtySteps) * sign < 0;
}
