/**
 * Turns what the feeds and the health check say of a service into incidents of the audit.
 *
 * A start is no incident: what was never well cannot fall ill.
 */
import type { FeedName, ServiceReport } from "../domain/event.ts";
import type { ServiceName } from "../domain/service.ts";
import type { Word } from "./incident-book.ts";
import type { ReportPart } from "./state-parts.ts";

const SERVICE_OF: Readonly<Record<FeedName, ServiceName>> = {
  market: "market-feed",
  private: "private-feed",
  rest: "rest",
};

/** A feed went up or down after it had been known. */
export function noteFeed(
  state: ReportPart,
  feed: FeedName,
  word: { readonly up: boolean; readonly detail: string; readonly atMs: number },
): void {
  const { up, detail, atMs } = word;
  const status = up ? "ok" : "down";
  tell(state, { service: SERVICE_OF[feed], source: "feed", status, detail, atMs });
}

/** Rows of the account that cannot be read, in words; empty when all can be. */
export function noteUnread(state: ReportPart, detail: string, atMs: number): void {
  const status = detail === "" ? "ok" : "down";
  tell(state, { service: "private-feed", source: "account", status, detail, atMs });
}

/** A wallet that the record cannot explain, in words; empty when the two agree again. */
export function noteWallet(state: ReportPart, detail: string, atMs: number): void {
  const status = detail === "" ? "ok" : "down";
  tell(state, { service: "engine", source: "account", status, detail, atMs });
}

/** The health check judged a service differently from before. */
export function absorbServiceReport(
  state: ReportPart,
  { service, before, status, detail }: ServiceReport,
  atMs: number,
): void {
  const wasWell = before === "ok" || state.incidents.has(service);
  if (wasWell || status === "ok") tell(state, { service, source: "health", status, detail, atMs });
}

function tell(state: ReportPart, word: Word): void {
  const incident = state.incidents.note(word);
  if (incident === null) return;
  state.pending.facts.push({ kind: "incident", incident });
  state.pending.due = true;
}
