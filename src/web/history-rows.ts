/** The shapes of what the record has of interventions, incidents and the equity curve. */
import type { StoredEquity, StoredIncident, StoredIntervention } from "../runtime/ports/record.ts";
import { isoOf } from "./monitor-rows.ts";

export function interventionRow({ row, runId, intervention }: StoredIntervention) {
  const { id: interventionId, atMs, outcomeAtMs, ...told } = intervention;
  return {
    id: row,
    interventionId,
    runId,
    ...told,
    at: isoOf(atMs),
    atMs,
    outcomeAt: isoOf(outcomeAtMs),
    outcomeAtMs,
  };
}

/** `isCut`: the program ended first, so that the end is when it was last known to be ill. */
export function incidentRow({ row, runId, isCut, incident }: StoredIncident) {
  const { id: incidentId, service, severity, cause, fromMs, untilMs } = incident;
  return {
    id: row,
    incidentId,
    runId,
    service,
    severity,
    cause,
    fromAt: isoOf(fromMs),
    fromAtMs: fromMs,
    untilAt: isoOf(untilMs),
    untilAtMs: untilMs,
    lastedMs: untilMs === null ? null : untilMs - fromMs,
    isCut,
  };
}

export function equityRow({ runId, point }: StoredEquity) {
  const { atMs, equityText, unrealisedText, exposureUsdt } = point;
  return {
    at: isoOf(atMs),
    atMs,
    equityUsdt: equityText,
    unrealisedUsdt: unrealisedText,
    exposureUsdt,
    runId,
  };
}
