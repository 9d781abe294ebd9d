/** @jsxImportSource hono/jsx */
/** The services, the feeds and the counters of this process. */
import { duration, fixed } from "../format.ts";
import { Badge, type Column, cell, Empty, Facts, type Html, Table, Time } from "../html.tsx";
import type { Model } from "../page-model.ts";
import { region } from "../region.tsx";
import { HEALTH_TONE } from "./status.tsx";

const COLUMNS: readonly Column[] = [
  { label: "Service" },
  { label: "Status" },
  { label: "Detail" },
  { label: "Last ok (UTC)", num: true, from: "wide" },
];

export const services = region("services", Services);
/** One line for the overview. */
export const healthStrip = region("health-strip", HealthStrip);
export const feeds = region("feeds", Feeds);
export const counters = region("counters", Counters);
/** What the venue's adapter counted beside the events that it handed on. */
export const venueCounters = region("venue-counters", VenueCounters);

function Services({ health }: Model): Html {
  return (
    <Table label="Services" columns={COLUMNS}>
      {health.services.map((service) => (
        <tr id={`service-${service.name}`}>
          <th scope="row">{service.name}</th>
          <td>
            <Badge tone={HEALTH_TONE[service.status]}>{service.status}</Badge>
          </td>
          <td class="wrap">{service.detail}</td>
          <td class={cell({ num: true, from: "wide" })}>
            {service.lastOkAtMs === null ? "never" : <Time atMs={service.lastOkAtMs} />}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function HealthStrip({ health }: Model): Html {
  return (
    <ul class="chips">
      {health.services.map((service) => (
        <li>
          <Badge tone={HEALTH_TONE[service.status]} title={service.detail}>
            <span aria-hidden="true">{service.status === "ok" ? "✓ " : "! "}</span>
            {service.name}
            {service.status === "ok" ? "" : ` ${service.status}`}
          </Badge>
        </li>
      ))}
    </ul>
  );
}

function Feeds({ view, nowMs }: Model): Html {
  const rows = Object.entries(view.feeds);
  if (rows.length === 0) return <Empty>No feed has reported yet.</Empty>;
  return (
    <dl class="facts">
      {rows.map(([name, feed]) => (
        <div>
          <dt>{name}</dt>
          <dd>
            <Badge tone={feed.up ? "good" : "bad"}>{feed.up ? "up" : "down"}</Badge> {feed.detail}
            <small> since {duration(Math.floor((nowMs - feed.atMs) / 1000) * 1000)}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Counters({ view, health, run }: Model): Html {
  const rows: readonly (readonly [string, string])[] = [
    ["Version", health.version],
    ["Run", run.runId],
    ["Up", duration(health.uptimeSec * 1000)],
    ...Object.entries(view.counters).map(
      ([name, value]) => [words(name), fixed(value, 0)] as const,
    ),
  ];
  return <Facts rows={rows} wide={true} />;
}

function VenueCounters({ health }: Model): Html {
  const rows = Object.entries(health.venueCounters)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => [words(name), fixed(value, Number.isInteger(value) ? 0 : 1)] as const);
  if (rows.length === 0) return <Empty>The adapter has counted nothing yet.</Empty>;
  return <Facts rows={rows} wide={true} />;
}

/** "ordersDenied" and "orders_denied" → "Orders denied"; "marketAgeMs" → "Market age, ms". */
function words(name: string): string {
  const text = name
    .replace(/(Ms|_ms)$/, ", ms")
    .replaceAll("_", " ")
    .replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
