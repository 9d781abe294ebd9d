/**
 * GET /live/:key: the one stream of a tab. GET /live/state: what a hidden tab asks for instead.
 */
import { tabOf } from "../../views/fragments/tab.tsx";
import { NO_PARAMS } from "../monitor/params.ts";
import { frameOf, type LiveClient, refusalOf } from "./live-client.ts";
import type { Refusal } from "./live-hub.ts";
import { type Absence, absenceOf, heardOf, liveId } from "./live-ids.ts";
import { liveRequestOf } from "./live-keys.ts";
import { modelOf } from "./models.ts";
import { paramsOf, textParamsOf } from "./parameters.ts";
import type { Dashboard } from "./respond.ts";

const STREAM_HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  vary: "accept-encoding",
  // Tells nginx and its relatives not to collect the stream.
  "x-accel-buffering": "no",
} as const;

/** A session is not prolonged by it: nobody looks. */
const TAB_STATE_PATH = "/live/state";

const WORDS: Readonly<Record<Refusal, string>> = {
  "hub full": "Every place for live pages is taken. Close other pages, or reload later.",
  "user full": "You have as many live pages open as one person may. Close some of them.",
  "kept for operators": "The last places are kept for operators. Reload later.",
};

export function liveRoutes({ app, deps, live }: Dashboard): void {
  app.get(TAB_STATE_PATH, (c) => {
    paramsOf(c, NO_PARAMS);
    return c.json(tabOf(modelOf(deps)));
  });
  app.get("/live/:key", (c) => {
    const { key = "", ...query } = textParamsOf(c);
    const { keys, tail } = liveRequestOf(key, query);
    const isGzip = /\bgzip\b/.test(c.req.header("accept-encoding") ?? "");
    const headers = { ...STREAM_HEADERS, ...(isGzip ? { "content-encoding": "gzip" } : {}) };
    if (c.req.raw.method === "HEAD") return c.body(null, 200, headers);
    const { runId } = deps.run;
    const lastId = c.req.header("last-event-id") ?? c.req.header("x-last-event-id") ?? "";
    const heard = heardOf(lastId);
    const absence = absenceOf(heard, runId, deps.nowMs());
    const { user, expiresAtMs } = c.get("session");
    const connected = live.hub.connect({
      ...{ token: c.get("token"), expiresAtMs, keys, isGzip },
      user: user.name,
      isViewer: user.role === "viewer",
      eventId: tail === null ? () => liveId(runId, deps.view().seq, deps.nowMs()) : undefined,
      hasSinceMs: absence.kind === "restart" ? null : (heard?.atMs ?? null),
    });
    if (!connected.ok) {
      deps.log.warn("live stream refused", { reason: connected.problem, open: live.hub.size });
      const words = new TextDecoder().decode(refusalOf(WORDS[connected.problem]));
      return c.body(words, 503, { ...STREAM_HEADERS, "retry-after": "10" });
    }
    const client = connected.value;
    tellAbsence(client, absence);
    // Bun closes a connection that was quiet for 10 s; the stream has its own deadline.
    c.env?.liftIdleTimeout?.();
    const gone = () => client.close({ reason: "gone", why: "gone" });
    c.req.raw.signal.addEventListener("abort", gone, { once: true });
    if (tail !== null) {
      live.logs.join(tail, client, lastId).catch((error: unknown) => {
        deps.log.error("a log tail could not be opened", { ...tail, error: String(error) });
      });
    }
    return c.body(client.stream, 200, headers);
  });
}

/** Tape and charts mark what passed while the page was away. */
function tellAbsence(client: LiveClient, absence: Absence): void {
  if (absence.kind === "none") return;
  client.offer(frameOf(JSON.stringify(absence), { event: absence.kind }));
}
