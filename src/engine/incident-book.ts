/**
 * What is ill, since when, why, and how badly.
 *
 * Three sources tell of a service: the feeds at once, the account when a row of it cannot be read,
 * and the health check every second, which also judges what the engine cannot see. A service is as
 * ill as the worst of them says, and an incident lasts from the first bad word to the last.
 */
import type { ServiceName, ServiceStatus } from "../domain/service.ts";
import { assert } from "../kernel/assert.ts";
import type { Incident } from "./audit.ts";

type Source = "feed" | "health" | "account";

const SEVERITY: Readonly<Record<ServiceStatus, number>> = { ok: 0, degraded: 1, down: 2 };

/** One source's word on a service. */
export interface Word {
  readonly service: ServiceName;
  readonly source: Source;
  readonly status: ServiceStatus;
  readonly detail: string;
  readonly atMs: number;
}

/** At most one open incident a service. */
export class IncidentBook {
  private readonly open = new Map<ServiceName, Incident>();
  private readonly statuses = new Map<ServiceName, Partial<Record<Source, ServiceStatus>>>();
  private readonly runId: string;
  private seq = 0;

  constructor(runId: string) {
    this.runId = runId;
  }

  has(service: ServiceName): boolean {
    return this.open.has(service);
  }

  /** The incident that began, grew worse or ended with this word; null when none did. */
  note(word: Word): Incident | null {
    const { service, source, status, detail, atMs } = word;
    const statuses = { ...this.statuses.get(service), [source]: status };
    this.statuses.set(service, statuses);
    const worst = Object.values(statuses).reduce(worseOf, "ok");
    const open = this.open.get(service);
    if (open === undefined) {
      if (worst === "ok") return null;
      const id = `${this.runId}-${++this.seq}`;
      return this.keep({
        id,
        service,
        severity: worst,
        cause: detail,
        fromMs: atMs,
        untilMs: null,
      });
    }
    if (worst === "ok") {
      this.open.delete(service);
      return { ...open, untilMs: atMs };
    }
    // What cannot be read is named, whatever else was ill before.
    if (source === "account" && status !== "ok" && !open.cause.includes(detail)) {
      return this.keep({ ...open, severity: worst, cause: `${open.cause}; ${detail}` });
    }
    if (SEVERITY[worst] <= SEVERITY[open.severity]) return null;
    return this.keep({ ...open, severity: worst, cause: detail });
  }

  private keep(incident: Incident): Incident {
    assert(incident.untilMs === null, "an incident that is kept open has no end");
    this.open.set(incident.service, incident);
    return incident;
  }
}

function worseOf(left: ServiceStatus, right: ServiceStatus): ServiceStatus {
  return SEVERITY[left] >= SEVERITY[right] ? left : right;
}
