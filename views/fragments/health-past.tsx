/** @jsxImportSource hono/jsx */
/**
 * How the program was: a cell for each part of the last day or week, the share of the time in which
 * a service was not down, the highest figures of the process, and what was ill, why and how long.
 */
import { z } from "zod";
import type {
  CellStatus,
  HealthFigures,
  HealthPast,
  ServiceStrip,
} from "../../src/domain/health-past.ts";
import { NO_PARAMS, oneOf, optional } from "../../src/monitor/params.ts";
import { bytes, clockUtc, dateTimeUtc, duration, fixed, NONE } from "../format.ts";
import { Badge, type Column, cell, Empty, Facts, type Html, Table, Time } from "../html.tsx";
import type { Model } from "../page-model.ts";
import { region, regionOf } from "../region.tsx";

export const SPANS = ["24h", "7d"] as const;
type HealthSpan = (typeof SPANS)[number];

export const hoursOf = (span: HealthSpan | undefined): 24 | 168 => (span === "7d" ? 168 : 24);

/** Services, each with its strip of cells. */
export const healthPast = regionOf({
  name: "health-past",
  params: z.object({ span: optional(oneOf(SPANS)) }),
  load: (sources, { span }) => sources.healthPast(hoursOf(span)),
  view: (_model, past: HealthPast) => Past({ past }),
});

/** The six that trading rests on, for the first screen. */
export const healthCells = regionOf({
  name: "health-cells",
  params: NO_PARAMS,
  load: (sources) => sources.healthPast(24),
  view: (_model, past: HealthPast) => (
    <Strips past={past} services={past.services.slice(0, CELLS_ON_DESK)} />
  ),
});

/** What was ill, over all runs. */
export const incidents = region("incidents", Incidents);

const CELLS_ON_DESK = 6;
const INCIDENTS_SHOWN = 50;

const WORDS: Readonly<Record<CellStatus, string>> = {
  ok: "ok",
  degraded: "degraded",
  down: "down",
  off: "not running",
};

function Past({ past }: { past: HealthPast }): Html {
  return (
    <>
      <Strips past={past} services={past.services} />
      <p class="hint">
        From {dateTimeUtc(past.fromMs)} UTC, a cell for {duration(past.cellMs)}: its worst moment.
        Grey: not running; a start counts as degraded. Uptime is the share of the time in which it
        ran and was not down.
      </p>
      <Figures past={past} />
    </>
  );
}

function Strips({ past, services }: { past: HealthPast; services: readonly ServiceStrip[] }) {
  return (
    <dl class="strips">
      {services.map((service) => (
        <Strip past={past} service={service} />
      ))}
    </dl>
  );
}

function Strip({ past, service }: { past: HealthPast; service: ServiceStrip }) {
  const { name, cells, uptimePct } = service;
  const uptime = uptimePct === null ? NONE : `${fixed(uptimePct, uptimePct === 100 ? 0 : 2)} %`;
  return (
    <div class="strip">
      <dt>{name}</dt>
      <dd class="strip-cells" role="img" aria-label={sentenceOf(service, past)}>
        {cells.map((status, at) => (
          <i class={status} title={titleOf(past, at, status)} />
        ))}
      </dd>
      <dd class="num strip-uptime">{uptime}</dd>
    </div>
  );
}

function titleOf({ fromMs, cellMs }: HealthPast, at: number, status: CellStatus): string {
  return `${clockUtc(fromMs + at * cellMs).slice(0, 5)} UTC: ${WORDS[status]}`;
}

/** What the cells show, for who does not see them. */
function sentenceOf({ name, cells }: ServiceStrip, { cellMs }: HealthPast): string {
  const ill = (["down", "degraded", "off"] as const).flatMap((status) => {
    const count = cells.filter((found) => found === status).length;
    return count === 0 ? [] : [`${WORDS[status]} in ${count}`];
  });
  const all = `${cells.length} parts of ${duration(cellMs)}`;
  return ill.length === 0 ? `${name}: ok in ${all}` : `${name}: of ${all} ${ill.join(", ")}`;
}

const FIGURES: readonly {
  readonly name: keyof HealthFigures;
  readonly label: string;
  readonly text: (value: number) => string;
}[] = [
  { name: "ackMs", label: "Order sent → acknowledged", text: (value) => duration(value) },
  { name: "loopLagMs", label: "Main loop late", text: (value) => duration(value) },
  { name: "cpuPct", label: "CPU, % of a core", text: (value) => fixed(value, 1) },
  { name: "rssBytes", label: "Memory (RSS)", text: bytes },
  { name: "heapBytes", label: "Script heap", text: bytes },
  { name: "openFiles", label: "Sockets and files open", text: (value) => fixed(value, 0) },
  { name: "databaseBytes", label: "Database", text: bytes },
  { name: "logBytes", label: "Logs", text: bytes },
  { name: "freeBytes", label: "Disk free", text: bytes },
];

const FIGURE_COLUMNS: readonly Column[] = [
  { label: "Figure" },
  { label: "Now", num: true },
  { label: "Highest", num: true },
];
const NUMBER = cell({ num: true });

function Figures({ past }: { past: HealthPast }) {
  const { latest, highest, growth, starts } = past;
  const shown = FIGURES.filter(({ name }) => highest[name] !== undefined);
  return (
    <>
      {shown.length === 0 ? (
        <Empty>No figures yet: the first come within ten seconds.</Empty>
      ) : (
        <Table label="Figures of the process" columns={FIGURE_COLUMNS}>
          {shown.map(({ name, label, text }) => (
            <tr id={`figure-${name}`}>
              <th scope="row">{label}</th>
              <td class={NUMBER}>{textOf(latest[name], text)}</td>
              <td class={NUMBER}>{textOf(highest[name], text)}</td>
            </tr>
          ))}
        </Table>
      )}
      <Facts
        rows={[
          ["Runs in this time", fixed(starts, 0)],
          ...(growth === null
            ? [["Disk", "no pace yet"] as const]
            : [
                ["Database grows, a day", bytes(Math.max(0, growth.databaseBytesPerDay))] as const,
                ["Logs grow, a day", bytes(Math.max(0, growth.logBytesPerDay))] as const,
                [
                  "Disk lasts",
                  growth.daysLeft === null ? "does not fill" : `${fixed(growth.daysLeft, 1)} days`,
                ] as const,
              ]),
        ]}
      />
    </>
  );
}

function textOf(value: number | undefined, text: (value: number) => string): string {
  return value === undefined ? NONE : text(value);
}

const INCIDENT_COLUMNS: readonly Column[] = [
  { label: "From, UTC" },
  { label: "Service" },
  { label: "How" },
  { label: "Length", num: true },
  { label: "Cause", from: "mid" },
];

function Incidents({ view, nowMs, run }: Model): Html {
  const rows = view.incidents.slice(0, INCIDENTS_SHOWN);
  if (rows.length === 0) return <Empty>Nothing was ill, in this run or before.</Empty>;
  return (
    <Table label="Incidents" columns={INCIDENT_COLUMNS}>
      {rows.map(({ id, service, severity, cause, fromMs, untilMs }) => (
        <tr id={`incident-${id}`}>
          <td>
            <Time atMs={fromMs} withDate={true} />
          </td>
          <th scope="row">{service}</th>
          <td>
            <Badge tone={severity === "down" ? "bad" : "warn"}>{severity}</Badge>
          </td>
          <td class={NUMBER}>
            {untilMs !== null
              ? duration(untilMs - fromMs)
              : id.startsWith(`${run.runId}-`)
                ? `${duration(Math.floor((nowMs - fromMs) / 1_000) * 1_000)}, lasts`
                : "to the end of its run"}
          </td>
          <td class={`wrap ${cell({ from: "mid" })}`}>{cause}</td>
        </tr>
      ))}
    </Table>
  );
}
