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

/**
 * Lines a second about requests of nobody in particular; the others of that second are counted.
 * Six seconds of noise once turned the whole log over.
 */
export const NAMELESS_PER_SEC_MAX = 50;
const SEC_MS = 1_000;

export function accessLog(
  deps: Pick<WebDeps, "access" | "nowMs">,
  app: "dashboard" | "monitor",
): MiddlewareHandler {
  const isWritten = sampler(deps, app);
  return async (c, next) => {
    const startMs = systemClock.monotonicMs();
    await next();
    const user = c.get("userName") ?? null;
    if (user === null && !isWritten()) return;
    const bytes = c.res.headers.get("content-length");
    deps.access({
      app,
      method: c.req.raw.method,
      path: c.req.path.slice(0, PATH_CHARS_MAX),
      status: c.res.status,
      ms: Number((systemClock.monotonicMs() - startMs).toFixed(2)),
      bytes: bytes === null ? null : Number(bytes),
      user,
      address: addressOf(c),
    });
  };
}

/** False for what is only counted; the first line of a later second says how many there were. */
function sampler({ access, nowMs }: Pick<WebDeps, "access" | "nowMs">, app: string): () => boolean {
  let second = 0;
  let count = 0;
  return () => {
    const now = Math.floor(nowMs() / SEC_MS);
    if (now !== second) {
      const notWritten = count - NAMELESS_PER_SEC_MAX;
      if (notWritten > 0) access({ app, notWritten, atMs: second * SEC_MS });
      second = now;
      count = 0;
    }
    return ++count <= NAMELESS_PER_SEC_MAX;
  };
}
