import { OperatorPanel } from "../fragments/operator.tsx";
import { Card, type Html } from "../html.tsx";
import { Layout } from "../layout.tsx";
import { isOperator, type Model, type PageFrame } from "../page-model.ts";
import { Region } from "../regions.tsx";

/** Everything the trader asks at a glance: money, risk, orders, and the buttons to stop. */
export function OverviewPage({ frame, model }: { frame: PageFrame; model: Model }): Html {
  return (
    <Layout title="Overview" frame={frame} model={model}>
      <Region name="kpis" model={model} />
      <div class="columns">
        <div class="column-main">
          <Card title="Positions">
            <Region name="positions" model={model} />
          </Card>
          <Card title="Live orders">
            <Region name="orders" model={model} />
          </Card>
          <Card title="Latest executions" meta={<a href="/trades">all trades</a>}>
            <Region name="fills" model={model} />
          </Card>
        </div>
        <div class="column-side">
          {isOperator(frame.viewer) ? (
            <Card title="Operator" id="operator">
              <OperatorPanel frame={frame} />
              <Region name="actions" model={model} />
            </Card>
          ) : (
            <Card title="Interventions">
              <Region name="actions" model={model} />
            </Card>
          )}
          <Card title="Active symbols" meta={<a href="/symbols">all symbols</a>}>
            <Region name="watch" model={model} />
          </Card>
          <Card title="Services" meta={<a href="/health">details</a>}>
            <Region name="health-strip" model={model} />
          </Card>
          <Card title="Refused by the risk gate">
            <Region name="denials" model={model} />
          </Card>
        </div>
      </div>
    </Layout>
  );
}
