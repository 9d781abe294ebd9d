/** The JSON of a command and of what came of it. */
import type { Intervention } from "../engine/audit.ts";
import { isoOf } from "./monitor-rows.ts";

/** `state` goes from accepted to done, or is refused or expired at once. */
export function commandRow(told: Intervention) {
  const { id: interventionId, atMs, outcomeAtMs, isDone, verdict, ...rest } = told;
  const executed = isDone ? "done" : "accepted";
  return {
    ...rest,
    interventionId,
    state: verdict === "executed" ? executed : verdict,
    at: isoOf(atMs),
    atMs,
    outcomeAt: isoOf(outcomeAtMs),
    outcomeAtMs,
    tookMs: isDone ? outcomeAtMs - atMs : null,
  };
}
