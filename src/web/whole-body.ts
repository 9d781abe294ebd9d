/**
 * Gives an answer its length, and compresses a big one for clients that take it: every answer of
 * the monitor API, and the dashboard's answers to HEAD. A HEAD answer is made by the GET handler
 * and loses its body on the way out: without a length of its own the server would say 0, which is
 * not what GET says.
 *
 * Assumes bodies that are complete and fit memory; the largest is a page of log lines. A stream
 * answers HEAD without a body and passes.
 */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { MiddlewareHandler } from "hono";
import { encodingFor, GZIP_LEVEL } from "./byte-cache.ts";

/** Off the trading thread: a page of executions takes milliseconds to compress. */
const gzipLater = promisify(gzip);

/** Answers that carry a length already, and those that may not have a body, pass untouched. */
export const wholeBody: MiddlewareHandler = async (c, next) => {
  await next();
  const { res } = c;
  if (res.body === null || res.headers.has("content-length")) return;
  const plain = new Uint8Array(await res.arrayBuffer());
  const headers = new Headers(res.headers);
  headers.append("vary", "accept-encoding");
  const wanted = encodingFor(c.req.header("accept-encoding"), plain, ["gzip"]);
  const body = wanted === "gzip" ? await gzipLater(plain, { level: GZIP_LEVEL }) : plain;
  if (wanted === "gzip") headers.set("content-encoding", "gzip");
  headers.set("content-length", String(body.byteLength));
  c.res = undefined;
  c.res = new Response(new Uint8Array(body), { status: res.status, headers });
};
