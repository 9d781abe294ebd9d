/** @jsxImportSource hono/jsx */
/** Is everything alive, and what fills up. */
import { NO_PARAMS } from "../../src/monitor/params.ts";
import { counters, feeds, services, venueCounters } from "../fragments/health.tsx";
import { limits } from "../fragments/limits.tsx";
import { Storage } from "../fragments/storage.tsx";
import { Card, type Html } from "../html.tsx";
import { definePage, definePolled, type PageProps } from "../page.tsx";
import type { StorageView } from "../page-model.ts";

/** Not on the stream: looking at files and disk takes longer than a tick may. */
const storage = definePolled({
  name: "storage",
  everySec: 15,
  load: (sources) => sources.storage(),
  view: (report) => Storage({ storage: report }),
});

export const health = definePage({
  key: "health",
  path: "/health",
  title: "Health",
  nav: "Health",
  params: NO_PARAMS,
  regions: [services, feeds, limits, counters, venueCounters],
  polled: [storage],
  load: (sources) => sources.storage(),
  view: Health,
});

function Health({ model, data }: PageProps<unknown, StorageView>): Html {
  return (
    <div class="columns">
      <div class="column-main">
        <Card title="Services">{services.place(model)}</Card>
        <Card title="Feeds">{feeds.place(model)}</Card>
      </div>
      <div class="column-side">
        <Card title="Risk limits">{limits.place(model)}</Card>
        <Card title="Storage">{storage.place(data)}</Card>
        <Card title="Counters of this run">{counters.place(model)}</Card>
        <Card title="Counted by the venue's adapter">{venueCounters.place(model)}</Card>
      </div>
    </div>
  );
}
