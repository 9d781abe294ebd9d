/**
 * What a reader was told last, as the id that its browser sends back: the run, the audit's sequence
 * and the time. From it the server knows whether the reader missed a moment, or a whole restart.
 * A stream that follows a log carries that log's ids instead (log-channels.ts); they name the run.
 */

/** Shorter than this nobody missed anything: a stream that was renewed. */
const GAP_MS_MIN = 2_000;

interface Heard {
  readonly runId: string;
  /** Server's clock, ms; null where the id does not say. */
  readonly atMs: number | null;
}

export type Absence =
  | { readonly kind: "none" }
  /** The same run went on meanwhile. */
  | { readonly kind: "gap"; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: "restart"; readonly runId: string; readonly fromMs: number | null };

export function liveId(runId: string, seq: number, nowMs: number): string {
  return `${runId}.${seq}.${Math.floor(nowMs).toString(36)}`;
}

/** Reads `last-event-id`; null when there is none or it is not of ours. */
export function heardOf(id: string): Heard | null {
  const live = /^([0-9a-z]{1,20})\.\d{1,16}\.([0-9a-z]{1,11})$/.exec(id);
  if (live?.[1] !== undefined) return { runId: live[1], atMs: Number.parseInt(live[2] ?? "", 36) };
  const log = /^([0-9a-z]{1,20})-\d+:\d+$/.exec(id);
  return log?.[1] === undefined ? null : { runId: log[1], atMs: null };
}

export function absenceOf(heard: Heard | null, runId: string, nowMs: number): Absence {
  if (heard === null) return { kind: "none" };
  if (heard.runId !== runId) return { kind: "restart", runId: heard.runId, fromMs: heard.atMs };
  if (heard.atMs === null || nowMs - heard.atMs < GAP_MS_MIN) return { kind: "none" };
  return { kind: "gap", fromMs: heard.atMs, toMs: Math.floor(nowMs) };
}
