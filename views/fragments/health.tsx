/** The services, the feeds and the counters of this process. */
import { duration, fixed } from "../format.ts";
import { Badge, type Column, cell, Facts, type Html, Table, Time } from "../html.tsx";
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
            {service.lastOkAt === null ? "never" : <Time atMs={service.lastOkAt} />}
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
  return (
    <dl class="facts">
      {Object.entries(view.feeds).map(([name, feed]) => (
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

/** "ordersDenied" → "Orders denied"; "marketAgeMs" → "Market age, ms". */
function words(name: string): string {
  const text = name
    .replace(/Ms$/, ", ms")
    .replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
