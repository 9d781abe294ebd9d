/** @jsxImportSource hono/jsx */
/** Everything the trader asks at a glance: money, risk, orders, and the buttons to stop. */
import { NO_PARAMS } from "../../src/monitor/params.ts";
import { denials } from "../fragments/denials.tsx";
import { fills } from "../fragments/executions.tsx";
import { healthStrip } from "../fragments/health.tsx";
import { kpis } from "../fragments/kpis.tsx";
import { actions } from "../fragments/operator.tsx";
import { orders } from "../fragments/orders.tsx";
import { positions } from "../fragments/positions.tsx";
import { watch } from "../fragments/watch.tsx";
import { Card, type Html } from "../html.tsx";
import { definePage, nothing, type PageProps } from "../page.tsx";

export const overview = definePage({
  key: "overview",
  path: "/",
  alias: "/dashboard",
  title: "Overview",
  nav: "Overview",
  params: NO_PARAMS,
  regions: [kpis, positions, orders, fills, denials, watch, healthStrip, actions],
  load: nothing,
  view: Overview,
});

function Overview({ model }: PageProps<unknown, null>): Html {
  return (
    <>
      {kpis.place(model)}
      <div class="columns">
        <div class="column-main">
          <Card title="Positions">{positions.place(model)}</Card>
          <Card title="Live orders">{orders.place(model, undefined)}</Card>
          <Card title="Latest executions" meta={<a href="/trades">all trades</a>}>
            {fills.place(model, undefined)}
          </Card>
        </div>
        <div class="column-side">
          <Card title="Interventions" id="operator">
            {actions.place(model)}
          </Card>
          <Card title="Active symbols" meta={<a href="/symbols">all symbols</a>}>
            {watch.place(model)}
          </Card>
          <Card title="Services" meta={<a href="/health">details</a>}>
            {healthStrip.place(model)}
          </Card>
          <Card title="Refused by the risk gate">{denials.place(model)}</Card>
        </div>
      </div>
    </>
  );
}
