/** @jsxImportSource hono/jsx */
/**
 * What each strategy does now, what its latest executions made, and why it did what it did last.
 * A person who runs two of them asks here which one earns and which one is in the way.
 *
 * It is told from the view's own lists, which keep the newest orders, executions and refusals: the
 * figures of executions are those of the lists, and the page says so.
 */
import { fixedToText } from "../../src/kernel/fixed.ts";
import { NO_PARAMS } from "../../src/monitor/params.ts";
import { type MonitorView, type OrderAudit, RECENT_MAX } from "../../src/monitor/view.ts";
import type { LedgerFill } from "../../src/portfolio/fill.ts";
import { duration, fixed, NONE } from "../format.ts";
import { denialText } from "../fragments/denials.tsx";
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
  nav: "Strategies",
  params: NO_PARAMS,
  regions: [now, why],
  load: nothing,
  view: Page,
});

function Page({ model }: PageProps<unknown, null>): Html {
  return (
    <div class="columns">
      <div class="column-main">
        <Card title="Strategies" meta={`net of the latest ${RECENT_MAX} executions of all`}>
          {now.place(model)}
        </Card>
      </div>
      <div class="column-side">
        <Card title="What each did last, and why">{why.place(model)}</Card>
      </div>
    </div>
  );
}

interface Work {
  readonly name: string;
  readonly orders: readonly OrderAudit[];
  readonly fills: readonly LedgerFill[];
}

/** Everybody who has an order, an execution or a refusal in the view, by name. */
function worksOf(view: MonitorView): readonly Work[] {
  const orders = [...view.openOrders.values()];
  const told = [...orders, ...view.recentOrders, ...view.recentFills, ...view.recentDenials];
  const names = new Set(told.map(({ strategy }) => strategy).filter((name) => name !== ""));
  return [...names].sort().map((name) => ({
    name,
    orders: orders.filter(({ strategy }) => strategy === name),
    fills: view.recentFills.filter(({ strategy }) => strategy === name),
  }));
}

const COLUMNS: readonly Column[] = [
  { label: "Strategy" },
  { label: "Live orders", num: true },
  { label: "Entries", num: true, from: "mid" },
  { label: "Symbols", num: true, from: "mid" },
  { label: "Executions", num: true },
  { label: "As maker", num: true, from: "wide" },
  { label: "Fees", num: true, from: "wide" },
  { label: "Net", num: true },
];

function Strategies({ view }: Model): Html {
  const works = worksOf(view);
  if (works.length === 0) return <Empty>No strategy has done anything yet.</Empty>;
  return (
    <Table label="Strategies" columns={COLUMNS}>
      {works.map((work) => (
        <WorkRow work={work} />
      ))}
    </Table>
  );
}

function WorkRow({ work }: { work: Work }) {
  const { name, orders, fills } = work;
  const unknown = orders.filter(({ state }) => state === "unknown").length;
  const entries = orders.filter(({ purpose }) => purpose === "entry").length;
  const symbols = new Set(orders.map(({ symbol }) => symbol)).size;
  const makers = fills.filter(({ isMaker }) => isMaker).length;
  const share = fills.length === 0 ? NONE : `${fixed((100 * makers) / fills.length, 0)} %`;
  const fees = fixedToText(fills.reduce((sum, { fee, funding }) => sum + fee + funding, 0n));
  return (
    <>
      <tr id={`strategy-${name}`}>
        <th scope="row">{name}</th>
        <td class="r">
          {fixed(orders.length, 0)}{" "}
          {unknown === 0 ? null : <Badge tone="bad">{fixed(unknown, 0)} unknown</Badge>}
        </td>
        <td class={cell({ num: true, from: "mid" })}>{fixed(entries, 0)}</td>
        <td class={cell({ num: true, from: "mid" })}>{fixed(symbols, 0)}</td>
        <td class="r">{fixed(fills.length, 0)}</td>
        <td class={cell({ num: true, from: "wide" })}>{share}</td>
        <td class={cell({ num: true, from: "wide" })} title={`${fees} USDT paid`}>
          {fixed(Number(fees), 2)}
        </td>
        <td class="r">
          <Money text={netText(fills)} />
        </td>
      </tr>
      <SecondLine id={`strategy-more-${name}`} columns={COLUMNS}>
        {fixed(entries, 0)} entries in {fixed(symbols, 0)} symbols · {share} as maker · fees{" "}
        {fixed(Number(fees), 2)}
      </SecondLine>
    </>
  );
}

/** Realised profit less fees and funding, exact. */
function netText(fills: readonly LedgerFill[]): string {
  const net = fills.reduce(
    (sum, { realisedPnl, fee, funding }) => sum + realisedPnl - fee - funding,
    0n,
  );
  return fixedToText(net);
}

function Reasons({ view, nowMs }: Model): Html {
  const works = worksOf(view);
  if (works.length === 0) return <Empty>Nothing was wanted and nothing was refused yet.</Empty>;
  return (
    <ul class="feed">
      {works.map(({ name }) => (
        <LastDone name={name} view={view} nowMs={nowMs} />
      ))}
    </ul>
  );
}

function LastDone(props: { name: string; view: MonitorView; nowMs: number }) {
  const { name, view, nowMs } = props;
  const orders = [...view.openOrders.values(), ...view.recentOrders].filter(
    ({ strategy }) => strategy === name,
  );
  const last = orders.toSorted((left, right) => right.createdAtMs - left.createdAtMs)[0];
  const refused = view.recentDenials.find(({ strategy }) => strategy === name);
  return (
    <li>
      <strong>{name}</strong>
      {last === undefined ? null : (
        <span>
          <SymbolLink symbol={last.symbol} /> {last.side} {last.purpose} {ageText(last, nowMs)}
        </span>
      )}
      <span class="feed-detail">
        {last === undefined || last.reason === "" ? "no reason given" : last.reason}
        {refused === undefined
          ? ""
          : ` · last refused: ${refused.symbol} ${denialText(refused.reason)}`}
      </span>
    </li>
  );
}

function ageText({ createdAtMs }: OrderAudit, nowMs: number): string {
  return `${duration(Math.floor((nowMs - createdAtMs) / 1_000) * 1_000)} ago`;
}
