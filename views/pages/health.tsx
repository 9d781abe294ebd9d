/** @jsxImportSource hono/jsx */
/** Is everything alive, and what fills up. */
import { z } from "zod";
import type { HealthPast } from "../../src/domain/health-past.ts";
import { oneOf, optional } from "../../src/monitor/params.ts";
import { counters, feeds, services, venueCounters } from "../fragments/health.tsx";
import { healthPast, hoursOf, incidents, SPANS } from "../fragments/health-past.tsx";
import { limits } from "../fragments/limits.tsx";
import { Storage } from "../fragments/storage.tsx";
import { Card, type Html } from "../html.tsx";
import { definePage, definePolled, type PageProps } from "../page.tsx";
import type { Sources, StorageView } from "../page-model.ts";

/** Not on the stream: looking at files and disk takes longer than a tick may. */
const storage = definePolled({
  name: "storage",
  everySec: 15,
  load: (sources) => sources.storage(),
  view: (report) => Storage({ storage: report }),
});

const PARAMS = z.object({ span: optional(oneOf(SPANS)) });
type Params = z.infer<typeof PARAMS>;

interface Loaded {
  readonly storage: StorageView;
  readonly past: HealthPast;
}

export const health = definePage({
  key: "health",
  path: "/health",
  title: "Health",
  nav: "Health",
  params: PARAMS,
  regions: [services, healthPast, incidents, feeds, limits, counters, venueCounters],
  polled: [storage],
  load,
  view: Health,
});

function load(sources: Sources, { span }: Params): Promise<Loaded> {
  const past = sources.healthPast(hoursOf(span));
  return sources.storage().then((report) => ({ storage: report, past }));
}

function Health({ model, params, data }: PageProps<Params, Loaded>): Html {
  return (
    <div class="columns">
      <div class="column-main">
        <Card title="Services">{services.place(model)}</Card>
        <Card title="History" meta={<Spans chosen={params.span ?? "24h"} />}>
          {healthPast.place(model, data.past)}
        </Card>
        <Card title="Incidents">{incidents.place(model)}</Card>
        <Card title="Feeds">{feeds.place(model)}</Card>
      </div>
      <div class="column-side">
        <Card title="Risk limits">{limits.place(model)}</Card>
        <Card title="Storage">{storage.place(data.storage)}</Card>
        <Card title="Counters of this run">{counters.place(model)}</Card>
        <Card title="Counted by the venue's adapter">{venueCounters.place(model)}</Card>
      </div>
    </div>
  );
}

function Spans({ chosen }: { chosen: (typeof SPANS)[number] }) {
  return (
    <>
      {SPANS.map((span) => (
        <>
          {" "}
          <a href={`/health?span=${span}`} aria-current={span === chosen ? "true" : undefined}>
            {span}
          </a>
        </>
      ))}
    </>
  );
}
