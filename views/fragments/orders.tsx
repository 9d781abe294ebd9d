/** @jsxImportSource hono/jsx */
import { SYMBOL_OR_ALL } from "../../src/monitor/params.ts";
import type { OrderAudit } from "../../src/monitor/view.ts";
import { duration, grouped } from "../format.ts";
import {
  Badge,
  type Column,
  cell,
  Empty,
  type Html,
  SecondLine,
  SideMark,
  SymbolLink,
  Table,
  type Tone,
} from "../html.tsx";
import type { Model } from "../page-model.ts";
import { regionOf } from "../region.tsx";

/** More live orders than fit a glance; the monitor API lists all. */
const ROWS_MAX = 40;

const COLUMNS: readonly Column[] = [
  { label: "Symbol" },
  { label: "Side" },
  { label: "Price", num: true },
  { label: "Filled / quantity", num: true, from: "wide" },
  { label: "State" },
  { label: "Purpose", from: "wide" },
  { label: "Age", num: true, from: "wide" },
];

const STATE_TONE: Readonly<Record<OrderAudit["state"], Tone>> = {
  submitting: "info",
  open: "mute",
  cancelling: "info",
  amending: "info",
  unknown: "bad",
  closed: "mute",
  rejected: "bad",
  failed: "bad",
};

/** All of them, or those of one symbol. */
export const orders = regionOf({
  name: "orders",
  params: SYMBOL_OR_ALL,
  load: (_, { symbol }) => symbol,
  view: Orders,
});

function Orders({ view, nowMs }: Model, symbol: string | undefined): Html {
  const rows = [...view.openOrders.values()]
    .filter((row) => symbol === undefined || row.symbol === symbol)
    .sort((left, right) => Number(right.state === "unknown") - Number(left.state === "unknown"));
  if (rows.length === 0) return <Empty>No live order.</Empty>;
  return (
    <>
      <Table label="Live orders" columns={COLUMNS}>
        {rows.slice(0, ROWS_MAX).map((row) => (
          <OrderRow row={row} nowMs={nowMs} />
        ))}
      </Table>
      {rows.length > ROWS_MAX ? <p class="more">and {rows.length - ROWS_MAX} more</p> : null}
    </>
  );
}

function OrderRow({ row, nowMs }: { row: OrderAudit; nowMs: number }) {
  const purpose = `${row.purpose}${row.reduceOnly ? " · reduce only" : ""}`;
  const age = duration(nowMs - row.createdAtMs);
  return (
    <>
      <tr id={`order-${row.clientId}`} title={`${row.clientId} ${row.detail}`}>
        <th scope="row">
          <SymbolLink symbol={row.symbol} />
        </th>
        <td>
          <SideMark side={row.side} />
        </td>
        <td class="r">{row.priceText === "" ? "market" : grouped(row.priceText)}</td>
        <td class={cell({ num: true, from: "wide" })}>
          {grouped(row.filledText)} / {grouped(row.qtyText)}
        </td>
        <td>
          <Badge tone={STATE_TONE[row.state]} title={row.detail}>
            {row.state}
          </Badge>
        </td>
        <td class={cell({ from: "wide" })}>{purpose}</td>
        <td class={cell({ num: true, from: "wide" })}>{age}</td>
      </tr>
      <SecondLine id={`more-order-${row.clientId}`} columns={COLUMNS}>
        filled {grouped(row.filledText)} of {grouped(row.qtyText)} · {purpose} · {age}
      </SecondLine>
    </>
  );
}
