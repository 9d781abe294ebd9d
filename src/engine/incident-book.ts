/**
 * What is ill, since when, why, and how badly.
 *
 * Three sources tell of a service: the feeds at once, the account when a row of it cannot be read,
 * and the health check every second, which also judges what the engine cannot see. A service is as
 * ill as the worst of them says, and an incident lasts from the first bad word to the last.
 *
 * One trouble is one incident. What falls ill because a line to the venue is lost joins the line's
 * incident and does not begin its own; and what falls ill again soon after it was well goes on with
 * the incident that it had, which then says how often.
 */
import type { ServiceName, ServiceStatus } from "../domain/service.ts";
import { assert } from "../kernel/assert.ts";
import type { Incident } from "./audit.ts";

type Source = "feed" | "health" | "account";

const SEVERITY: Readonly<Record<ServiceStatus, number>> = { ok: 0, degraded: 1, down: 2 };

/** The lines to the venue: one cut takes them all. */
const LINES: ReadonlySet<ServiceName> = new Set(["market-feed", "private-feed", "rest"]);
/** What is degraded, and no more, while a line is gone. */
const BEHIND_LINES: ReadonlySet<ServiceName> = new Set(["engine", "universe"]);
/** Lines that are cut together are noticed within this of each other. */
const TOGETHER_MS = 15_000;
/** Well for less than this between two illnesses is one that comes and goes. */
const FLAP_MS = 60_000;

/** One source's word on a service. */
export interface Word {
  readonly service: ServiceName;
  readonly source: Source;
  readonly status: ServiceStatus;
  readonly detail: string;
  readonly atMs: number;
}

/** An incident with who is ill of it now. */
interface Open {
  readonly incident: Incident;
  readonly ill: ReadonlySet<ServiceName>;
  /** How often it came back, the first time counted. */
  readonly times: number;
}

/** At most one open incident a service. */
export class IncidentBook {
  private readonly open = new Map<string, Open>();
  /** The last one of each service that is over. */
  private readonly over = new Map<ServiceName, Open>();
  private readonly statuses = new Map<ServiceName, Partial<Record<Source, ServiceStatus>>>();
  private readonly runId: string;
  private seq = 0;

  constructor(runId: string) {
    this.runId = runId;
  }

  has(service: ServiceName): boolean {
    return this.of(service) !== undefined;
  }

  /** The incident that began, grew worse or ended with this word; null when none did. */
  note(word: Word): Incident | null {
    const { service, source, status } = word;
    const statuses = { ...this.statuses.get(service), [source]: status };
    this.statuses.set(service, statuses);
    const worst = Object.values(statuses).reduce(worseOf, "ok");
    const open = this.of(service);
    if (open === undefined) return worst === "ok" ? null : this.fallsIll(word, worst);
    return worst === "ok" ? this.isWell(word, open) : this.isWorse(word, open, worst);
  }

  private of(service: ServiceName): Open | undefined {
    return [...this.open.values()].find(({ ill }) => ill.has(service));
  }

  private fallsIll(word: Word, worst: Exclude<ServiceStatus, "ok">): Incident {
    const { service, detail, atMs } = word;
    const joined = this.joined(word, worst);
    if (joined !== undefined) {
      const { incident } = joined;
      const cause = `${incident.cause}; also ${service}: ${detail}`;
      const severity = worseOf(incident.severity, worst) === "down" ? "down" : incident.severity;
      const ill = new Set([...joined.ill, service]);
      return this.keep({ ...joined, ill, incident: { ...incident, severity, cause } });
    }
    const ill = new Set([service]);
    const before = this.over.get(service);
    const endedMs = before?.incident.untilMs ?? Number.NEGATIVE_INFINITY;
    if (before !== undefined && atMs - endedMs < FLAP_MS) {
      this.over.delete(service);
      const times = before.times + 1;
      const cause = `${withoutTimes(before.incident.cause)} (${times} times)`;
      const severity = worseOf(before.incident.severity, worst) === "down" ? "down" : "degraded";
      return this.keep({
        ill,
        times,
        incident: { ...before.incident, severity, cause, untilMs: null },
      });
    }
    const id = `${this.runId}-${++this.seq}`;
    const incident = { id, service, severity: worst, cause: detail, fromMs: atMs, untilMs: null };
    return this.keep({ ill, times: 1, incident });
  }

  /** The incident of a line that this illness comes from. */
  private joined({ service, atMs }: Word, worst: ServiceStatus): Open | undefined {
    const isLine = LINES.has(service);
    if (!isLine && !(BEHIND_LINES.has(service) && worst === "degraded")) return undefined;
    return [...this.open.values()].find(
      ({ incident }) =>
        LINES.has(incident.service) &&
        incident.severity === "down" &&
        (!isLine || atMs - incident.fromMs <= TOGETHER_MS),
    );
  }

  /** Null while another part of the same trouble lasts. */
  private isWell({ service, atMs }: Word, open: Open): Incident | null {
    const ill = new Set([...open.ill].filter((name) => name !== service));
    if (ill.size > 0) {
      this.open.set(open.incident.id, { ...open, ill });
      return null;
    }
    const incident = { ...open.incident, untilMs: atMs };
    this.open.delete(incident.id);
    this.over.set(incident.service, { ...open, incident });
    return incident;
  }

  private isWorse(word: Word, open: Open, worst: Exclude<ServiceStatus, "ok">): Incident | null {
    const { service, source, status, detail } = word;
    const { incident } = open;
    // What only suffered from the line has a trouble of its own now.
    if (service !== incident.service && BEHIND_LINES.has(service) && worst === "down") {
      const ill = new Set([...open.ill].filter((name) => name !== service));
      this.open.set(incident.id, { ...open, ill });
      return this.fallsIll(word, worst);
    }
    // What cannot be read is named, whatever else was ill before.
    if (source === "account" && status !== "ok" && !incident.cause.includes(detail)) {
      const cause = `${incident.cause}; ${detail}`;
      return this.keep({ ...open, incident: { ...incident, severity: worst, cause } });
    }
    if (SEVERITY[worst] <= SEVERITY[incident.severity]) return null;
    return this.keep({ ...open, incident: { ...incident, severity: worst, cause: detail } });
  }

  private keep(open: Open): Incident {
    assert(open.incident.untilMs === null, "an incident that is kept open has no end");
    assert(open.ill.size > 0, "an incident that is kept open has somebody ill");
    this.open.set(open.incident.id, open);
    return open.incident;
  }
}

function worseOf(left: ServiceStatus, right: ServiceStatus): ServiceStatus {
  return SEVERITY[left] >= SEVERITY[right] ? left : right;
}

const withoutTimes = (cause: string): string => cause.replace(/ \(\d+ times\)$/, "");
