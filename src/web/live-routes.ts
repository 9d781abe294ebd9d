/** GET /live/:key: the one stream of a tab. */

import { liveRequestOf } from "./live-keys.ts";
import { textParamsOf } from "./parameters.ts";
import type { Dashboard } from "./respond.ts";

const STREAM_HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  // Tells nginx and its relatives not to collect the stream.
  "x-accel-buffering": "no",
} as const;

export function liveRoutes({ app, deps, live }: Dashboard): void {
  app.get("/live/:key", (c) => {
    const { key = "", ...query } = textParamsOf(c);
    const { keys, tail } = liveRequestOf(key, query);
    if (c.req.raw.method === "HEAD") return c.body(null, 200, STREAM_HEADERS);
    const connected = live.hub.connect({
      token: c.get("token"),
      expiresAtMs: c.get("session").expiresAtMs,
      keys,
    });
    if (!connected.ok) {
      deps.log.warn("live stream refused", { reason: connected.problem, open: live.hub.size });
      return c.body(null, 503, { "retry-after": "10" });
    }
    const client = connected.value;
    // Bun closes a connection that was quiet for 10 s; the stream has its own deadline.
    c.env?.liftIdleTimeout?.();
    c.req.raw.signal.addEventListener("abort", () => client.close("gone", "gone"), { once: true });
    if (tail !== null) {
      live.logs.join(tail, client, c.req.header("last-event-id") ?? "").catch((error: unknown) => {
        deps.log.error("a log tail could not be opened", { ...tail, error: String(error) });
      });
    }
    return c.body(client.stream, 200, STREAM_HEADERS);
  });
}
