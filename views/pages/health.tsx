import { Storage, type StorageView } from "../fragments/storage.tsx";
import { Card, type Html } from "../html.tsx";
import { Layout } from "../layout.tsx";
import type { Model, PageFrame } from "../page-model.ts";
import { Region } from "../regions.tsx";

interface HealthProps {
  readonly frame: PageFrame;
  readonly model: Model;
  readonly storage: StorageView;
}

/** Is everything alive, and what fills up. */
export function HealthPage({ frame, model, storage }: HealthProps): Html {
  return (
    <Layout title="Health" frame={frame} model={model}>
      <div class="columns">
        <div class="column-main">
          <Card title="Services">
            <Region name="services" model={model} />
          </Card>
          <Card title="Feeds">
            <Region name="feeds" model={model} />
          </Card>
        </div>
        <div class="column-side">
          <Card title="Risk limits">
            <Region name="limits" model={model} />
          </Card>
          <Card title="Storage">
            <div hx-get="/fragments/storage" hx-trigger="every 15s" hx-swap="innerMorph">
              <Storage storage={storage} />
            </div>
          </Card>
          <Card title="Counters of this run">
            <Region name="counters" model={model} />
          </Card>
        </div>
      </div>
    </Layout>
  );
}
