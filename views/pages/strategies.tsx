/** @jsxImportSource hono/jsx */
/**
 * What each strategy owns, holds and made, and why it did what it did last. Who runs two of them
 * asks here which one earns and which one is in the way. The rows add up to the account.
 */
import { denialText } from "../../src/blotter/deny-text.ts";
import { netRealisedText } from "../../src/monitor/net-realised.ts";
import { NO_PARAMS } from "../../src/monitor/params.ts";
import type { MonitorView, OrderAudit, StrategyAudit } from "../../src/monitor/view.ts";
import { duration, fixed } from "../format.ts";
import {
  Badge,
  Card,
  type Column,
  cell,
  Empty,
  type Html,
  Money,
  SecondLine,
  SymbolLink,
  Table,
} from "../html.tsx";
import { definePage, nothing, type PageProps } from "../page.tsx";
import type { Model } from "../page-model.ts";
import { region } from "../region.tsx";

const now = region("strategies", Strategies);
const why = region("strategy-reasons", Reasons);

export const strategies = definePage({
  key: "strategies",
  path: "/strategies",
  title: "Strategies",
  // The Desk leads here: what it does, strategy by strategy.
  nav: null,
  params: NO_PARAMS,
  regions: [now, why],
  load: nothing,
  view: Page,
});

function Page({ model }: PageProps<unknown, null>): Html {
  return (
    <div class="columns">
      <div class="column-main">
        <Card title="Strategies" meta="USDT since this start">
          {now.place(model)}
        </Card>
      </div>
      <div class="column-side">
        <Card title="What each did last, and why">{why.place(model)}</Card>
      </div>
    </div>
  );
}

const COLUMNS: readonly Column[] = [
  { label: "Strategy" },
  { label: "Owns, symbols", num: true, from: "wide" },
  { label: "Positions", num: true, from: "mid" },
  { label: "Live orders", num: true },
  { label: "Executions", num: true, from: "mid" },
  { label: "Fees", num: true, from: "wide" },
  { label: "Unrealised", num: true, from: "mid" },
  { label: "Net realised", num: true },
];

function Strategies({ view }: Model): Html {
  if (view.strategies.length === 0) return <Empty>The engine has not reported yet.</Empty>;
  return (
    <Table label="Strategies" columns={COLUMNS}>
      {view.strategies.map((row) => (
        <StrategyRow row={row} orders={ordersOf(view, row.name)} />
      ))}
    </Table>
  );
}

function ordersOf(view: MonitorView, name: string): readonly OrderAudit[] {
  return [...view.openOrders.values()].filter(({ strategy }) => strategy === name);
}

function StrategyRow({ row, orders }: { row: StrategyAudit; orders: readonly OrderAudit[] }) {
  const unknown = orders.filter(({ state }) => state === "unknown").length;
  return (
    <>
      <tr id={`strategy-${row.name}`}>
        <th scope="row" title={row.name}>
          {row.title}
        </th>
        <td class={cell({ num: true, from: "wide" })} title={row.symbols.join(", ")}>
          {fixed(row.symbols.length, 0)}
        </td>
        <td class={cell({ num: true, from: "mid" })}>{fixed(row.openPositions, 0)}</td>
        <td class="r">
          {fixed(orders.length, 0)}{" "}
          {unknown === 0 ? null : <Badge tone="bad">{fixed(unknown, 0)} unknown</Badge>}
        </td>
        <td class={cell({ num: true, from: "mid" })}>{fixed(row.fillCount, 0)}</td>
        <td
          class={cell({ num: true, from: "wide" })}
          title={`${row.feesText} USDT, and ${row.fundingText} USDT of funding`}
        >
          {fixed(Number(row.feesText), 2)}
        </td>
        <td class={cell({ num: true, from: "mid" })}>
          <Money text={row.unrealisedText} />
        </td>
        <td class="r">
          <Money text={netRealisedText(row)} />
        </td>
      </tr>
      <SecondLine id={`strategy-more-${row.name}`} columns={COLUMNS}>
        {fixed(row.openPositions, 0)} positions in {fixed(row.symbols.length, 0)} symbols ·{" "}
        {fixed(row.fillCount, 0)} executions · fees {fixed(Number(row.feesText), 2)}
      </SecondLine>
    </>
  );
}

function Reasons({ view, nowMs }: Model): Html {
  const done = view.strategies.flatMap(({ name, title }) => lastOf(view, name, title));
  if (done.length === 0) return <Empty>Nothing was wanted and nothing was refused yet.</Empty>;
  return (
    <ul class="feed">
      {done.map((last) => (
        <LastDone last={last} nowMs={nowMs} />
      ))}
    </ul>
  );
}

interface Last {
  readonly title: string;
  readonly order: OrderAudit | undefined;
  readonly refusal: string;
}

/** The newest order and refusal that the view still has; nothing when there is neither. */
function lastOf(view: MonitorView, name: string, title: string): readonly Last[] {
  const all = [...view.openOrders.values(), ...view.recentOrders];
  const [order] = all
    .filter(({ strategy }) => strategy === name)
    .toSorted((left, right) => right.createdAtMs - left.createdAtMs);
  const denial = view.recentDenials.find(({ strategy }) => strategy === name);
  if (order === undefined && denial === undefined) return [];
  const refusal = denial === undefined ? "" : `${denial.symbol} ${denialText(denial.reason)}`;
  return [{ title, order, refusal }];
}

function LastDone({ last, nowMs }: { last: Last; nowMs: number }) {
  const { title, order, refusal } = last;
  return (
    <li>
      <strong>{title}</strong>
      {order === undefined ? (
        <span>no order yet</span>
      ) : (
        <span>
          <SymbolLink symbol={order.symbol} /> {order.side} {order.purpose} {ageText(order, nowMs)}
        </span>
      )}
      {order === undefined || order.reason === "" ? null : (
        <span class="feed-detail">{order.reason}</span>
      )}
      {refusal === "" ? null : <span class="feed-detail">last refused: {refusal}</span>}
    </li>
  );
}

function ageText({ createdAtMs }: OrderAudit, nowMs: number): string {
  return `${duration(Math.floor((nowMs - createdAtMs) / 1_000) * 1_000)} ago`;
}
