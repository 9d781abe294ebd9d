/** @jsxImportSource hono/jsx */
/** Rows of the blotter: executions, orders, refusals, each with why and the way to its order. */

import { denialText, gateText } from "../../src/blotter/deny-text.ts";
import { bpsOf } from "../../src/blotter/file-columns.ts";
import type { FillRow, OrderRow, RefusalRow } from "../../src/blotter/rows.ts";
import { type Fixed, fixedToNumber, fixedToText } from "../../src/kernel/fixed.ts";
import { netOfFill } from "../../src/portfolio/fill.ts";
import { duration, fixed, grouped, NONE, withMinus } from "../format.ts";
import {
  Badge,
  type Column,
  cell,
  type Html,
  SecondLine,
  SideMark,
  Signed,
  SymbolLink,
  Table,
  Time,
  type Tone,
} from "../html.tsx";

const FILL_COLUMNS: readonly Column[] = [
  { label: "Time (UTC)" },
  { label: "Symbol" },
  { label: "Side" },
  { label: "Price", num: true, from: "wide" },
  { label: "Quantity", num: true, from: "wide" },
  { label: "Value, USDT", num: true, from: "wide" },
  { label: "Fee", num: true, from: "wide" },
  { label: "Net, USDT", num: true },
  { label: "bps", num: true, from: "wide" },
  { label: "Kind", from: "wide" },
  { label: "Why", from: "wide" },
];

export function FillTable({ rows }: { rows: readonly FillRow[] }): Html {
  return (
    <Table label="Fills" columns={FILL_COLUMNS}>
      {rows.map((fill) => (
        <FillLine fill={fill} />
      ))}
    </Table>
  );
}

function FillLine({ fill }: { fill: FillRow }): Html {
  const net = netOfFill(fill);
  const cost = fill.fee + fill.funding;
  const isTrade = fill.execKind === "trade";
  const bps = bpsOf(net, fill.value);
  const kind = fill.isMaker ? "maker" : "taker";
  const num = cell({ num: true, from: "wide" });
  return (
    <>
      <tr id={`fill-${fill.id}`}>
        <td class="when">
          <Time atMs={fill.venueAtMs} withDate={true} />
        </td>
        <th scope="row">
          <SymbolLink symbol={fill.symbol} />
        </th>
        <td>
          {isTrade ? <SideMark side={fill.side} /> : <span class="flat">{fill.execKind}</span>}
        </td>
        <td class={num}>{grouped(fill.priceText)}</td>
        <td class={num}>{grouped(fill.qtyText)}</td>
        <td class={num} title={`${fixedToText(fill.value)} USDT`}>
          {fixed(fixedToNumber(fill.value), 2)}
        </td>
        <td class={num} title={`${fixedToText(cost)} USDT paid`}>
          {fixed(fixedToNumber(cost), 4)}
        </td>
        <td class="r">
          <Signed value={fixedToNumber(net)} decimals={4} exact={netText(fill, net)} />
        </td>
        <td class={num}>{bps === null ? NONE : <Signed value={bps} />}</td>
        <td class={cell({ from: "wide" })}>{kind}</td>
        <td class="wide why">
          <Why clientId={fill.clientId} purpose={fill.purpose} reason={fill.reason} />
        </td>
      </tr>
      <SecondLine id={`fill-more-${fill.id}`} columns={FILL_COLUMNS}>
        {grouped(fill.qtyText)} at {grouped(fill.priceText)} · fee {fixed(fixedToNumber(cost), 4)} ·{" "}
        {kind} · <Why clientId={fill.clientId} purpose={fill.purpose} reason={fill.reason} />
      </SecondLine>
    </>
  );
}

function netText({ realisedPnl, fee, funding }: FillRow, net: Fixed): string {
  const [realised, paid, funded] = [realisedPnl, fee, funding].map((part) => fixedToText(part));
  return `${fixedToText(net)} = realised ${realised} − fee ${paid} − funding ${funded}`;
}

const orderPath = (id: string): string => `/orders/${encodeURIComponent(id)}`;

interface Reason {
  readonly clientId: string;
  readonly purpose: string;
  readonly reason: string;
}

/** Purpose and reason, and with it the way to the order's life. */
export function Why({ clientId, purpose, reason }: Reason): Html {
  const text = withMinus([purpose, reason].filter((part) => part !== "").join(": "));
  if (clientId === "") return <span class="flat">{text === "" ? "not our order" : text}</span>;
  return (
    <a href={orderPath(clientId)} title={text}>
      {text === "" ? "order" : text}
    </a>
  );
}

const ORDER_COLUMNS: readonly Column[] = [
  { label: "Time (UTC)" },
  { label: "Symbol" },
  { label: "Side" },
  { label: "Price", num: true, from: "wide" },
  { label: "Filled / quantity", num: true, from: "wide" },
  { label: "State" },
  { label: "Lived", num: true, from: "wide" },
  { label: "Strategy", from: "wide" },
  { label: "Why", from: "wide" },
];

export function OrderTable({ rows }: { rows: readonly OrderRow[] }): Html {
  return (
    <Table label="Orders" columns={ORDER_COLUMNS}>
      {rows.map((order) => (
        <OrderLine order={order} />
      ))}
    </Table>
  );
}

function OrderLine({ order }: { order: OrderRow }): Html {
  const price = order.priceText === "" ? "market" : grouped(order.priceText);
  const amount = `${grouped(order.filledText)} / ${grouped(order.qtyText)}`;
  const num = cell({ num: true, from: "wide" });
  return (
    <>
      <tr id={`order-row-${order.id}`}>
        <td class="when">
          <a href={orderPath(order.clientId)}>
            <Time atMs={order.createdAtMs} withDate={true} />
          </a>
        </td>
        <th scope="row">
          <SymbolLink symbol={order.symbol} />
        </th>
        <td>
          <SideMark side={order.side} />
        </td>
        <td class={num}>{price}</td>
        <td class={num}>{amount}</td>
        <td>
          <OrderState order={order} />
        </td>
        <td class={num}>{duration(order.updatedAtMs - order.createdAtMs)}</td>
        <td class={cell({ from: "wide" })}>{order.strategy}</td>
        <td class="wide why">
          <Why clientId={order.clientId} purpose={order.purpose} reason={order.reason} />
        </td>
      </tr>
      <SecondLine id={`order-row-more-${order.id}`} columns={ORDER_COLUMNS}>
        {amount} at {price} ·{" "}
        <Why clientId={order.clientId} purpose={order.purpose} reason={order.reason} />
      </SecondLine>
    </>
  );
}

/** What became of it, and the last word on it. */
export function OrderState({ order }: { order: OrderRow }): Html {
  const [word, tone] = stateWord(order);
  return (
    <Badge tone={tone} title={order.detail}>
      {word}
    </Badge>
  );
}

function stateWord({ state, isFilled, hasFills }: OrderRow): readonly [string, Tone] {
  if (state === "closed") {
    return isFilled
      ? ["filled", "good"]
      : hasFills
        ? ["partly filled", "info"]
        : ["cancelled", "mute"];
  }
  if (state === "rejected" || state === "failed" || state === "unknown") return [state, "bad"];
  return [state, "info"];
}

const REFUSAL_COLUMNS: readonly Column[] = [
  { label: "Time (UTC)" },
  { label: "Symbol" },
  { label: "Side" },
  { label: "Gate" },
  { label: "Times", num: true },
  { label: "What it found", from: "wide" },
  { label: "Wanted by", from: "wide" },
];

export function RefusalTable({ rows }: { rows: readonly RefusalRow[] }): Html {
  return (
    <Table label="Refusals" columns={REFUSAL_COLUMNS}>
      {rows.map((row) => (
        <>
          <tr id={`refusal-${row.id}`}>
            <td class="when">
              <Time atMs={row.atMs} withDate={true} />
            </td>
            <th scope="row">
              <SymbolLink symbol={row.symbol} />
            </th>
            <td>
              <SideMark side={row.side} />
            </td>
            <td>
              <a href={gatePath(row.reason.code)}>{gateText(row.reason.code)}</a>
            </td>
            <td class="r">{fixed(row.times, 0)}</td>
            <td class="wide why">{denialText(row.reason)}</td>
            <td class={cell({ from: "wide" })}>
              {row.strategy}, {row.purpose}
            </td>
          </tr>
          <SecondLine id={`refusal-more-${row.id}`} columns={REFUSAL_COLUMNS}>
            {denialText(row.reason)} · {row.strategy}, {row.purpose}
          </SecondLine>
        </>
      ))}
    </Table>
  );
}

const gatePath = (code: string): string =>
  `/blotter?tab=refusals&q=${encodeURIComponent(`gate:${code.toLowerCase()}`)}`;
