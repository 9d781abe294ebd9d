/**
 * One access line a request: what was asked, by whom, and what it cost. The query string is left
 * out: search texts are nobody's business, and a secret pasted into an address must not be kept.
 */
import type { MiddlewareHandler } from "hono";
import { systemClock } from "../runtime/clocks.ts";
import type { WebDeps } from "./deps.ts";
import { addressOf } from "./edge.ts";

/** Paths are cut here so that a scanner cannot fill the log with one request. */
const PATH_CHARS_MAX = 200;

export function accessLog(
  deps: Pick<WebDeps, "access" | "nowMs">,
  app: "dashboard" | "monitor",
): MiddlewareHandler {
  return async (c, next) => {
    const startMs = systemClock.monotonicMs();
    await next();
    const bytes = c.res.headers.get("content-length");
    deps.access({
      app,
      method: c.req.raw.method,
      path: c.req.path.slice(0, PATH_CHARS_MAX),
      status: c.res.status,
      ms: Number((systemClock.monotonicMs() - startMs).toFixed(2)),
      bytes: bytes === null ? null : Number(bytes),
      user: c.get("userName") ?? null,
      address: addressOf(c),
    });
  };
}
