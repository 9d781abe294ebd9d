/** @jsxImportSource hono/jsx */
/** One order from its wish to its end, with its executions and what they came to. */
import { z } from "zod";
import type { OrderStory } from "../../src/blotter/rows.ts";
import { fixedToNumber } from "../../src/kernel/fixed.ts";
import { duration, grouped, NONE, withMinus } from "../format.ts";
import { blotterPath } from "../fragments/blotter-filter.tsx";
import { FillTable, OrderState } from "../fragments/blotter-rows.tsx";
import { moneyOf, OrderLife, usdt } from "../fragments/order-life.tsx";
import { Card, Empty, Facts, type Html, SideMark, Signed, SymbolLink } from "../html.tsx";
import { definePage, NotThere, type PageProps } from "../page.tsx";
import type { Sources } from "../page-model.ts";

const PARAMS = z.object({
  /** Ours or the venue's. */
  id: z.string().regex(/^[\w-]{1,64}$/, "an order's id"),
});
type Params = z.infer<typeof PARAMS>;

export const order = definePage({
  key: "order",
  path: "/orders/:id",
  title: ({ id }) => `Order ${id}`,
  nav: null,
  params: PARAMS,
  example: { id: "k3f9a2-maker-p0" },
  regions: [],
  load,
  view: Order,
});

function load({ blotter: reader }: Sources, { id }: Params): Promise<OrderStory> {
  return reader.order(id).then((story) => {
    if (story !== null) return story;
    throw new NotThere("No such order", `The record has no order ${id} of this account.`);
  });
}

function Order({ data: story }: PageProps<Params, OrderStory>): Html {
  return (
    <div class="order-page">
      <Card title="Life" meta="times UTC, by our clock">
        <OrderLife story={story} />
      </Card>
      <Card title={`Order ${story.order.clientId}`}>
        <Terms story={story} />
      </Card>
      <Card title="Executions" meta={<Down story={story} />}>
        {story.fills.length === 0 ? (
          <Empty>Nothing of it was executed.</Empty>
        ) : (
          <FillTable rows={story.fills} />
        )}
      </Card>
    </div>
  );
}

/** To the executions and the round trip that it belongs to, among all others. */
function Down({ story }: { story: OrderStory }): Html {
  const term = `order:${story.order.clientId.toLowerCase()}`;
  return (
    <>
      <a href={blotterPath("fills", term)}>in the blotter</a> ·{" "}
      <a href={blotterPath("trips", term)}>its round trip</a>
    </>
  );
}

function Terms({ story }: { story: OrderStory }): Html {
  const { order: row, steps } = story;
  const { fees, net } = moneyOf(story);
  const acknowledged = steps.find(({ kind }) => kind === "acknowledged");
  return (
    <Facts
      rows={[
        ["Symbol", <SymbolLink symbol={row.symbol} />],
        ["Side", <SideMark side={row.side} />],
        ["Why", row.reason === "" ? NONE : withMinus(row.reason)],
        ["Purpose", `${row.purpose}${row.reduceOnly ? ", reduces only" : ""}`],
        ["Strategy", row.strategy],
        ["Price", row.priceText === "" ? "at market" : grouped(row.priceText)],
        ["Filled / quantity", `${grouped(row.filledText)} / ${grouped(row.qtyText)}`],
        ["Stop", row.stopLossText === "" ? NONE : grouped(row.stopLossText)],
        ["Kind", `${row.type}, ${row.timeInForce}`],
        ["State", <OrderState order={row} />],
        ["Last word", row.detail === "" ? NONE : row.detail],
        ["Acknowledged", acknowledged === undefined ? NONE : afterText(acknowledged.atMs, row)],
        ["Lived", duration(row.updatedAtMs - row.createdAtMs)],
        ["Fees", usdt(fees)],
        [
          "Net of its executions",
          <Signed value={fixedToNumber(net)} decimals={4} exact={usdt(net)} />,
        ],
        ["Venue's id", row.venueOrderId === "" ? NONE : row.venueOrderId],
        ["Run", row.runId],
      ]}
    />
  );
}

const afterText = (atMs: number, { createdAtMs }: OrderStory["order"]): string =>
  `after ${duration(atMs - createdAtMs)}`;
