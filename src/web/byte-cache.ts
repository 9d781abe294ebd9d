/**
 * Answers that many readers ask for and that change a few times a second: built once per change
 * and kept as bytes, compressed copies included. Serialising 611 symbols costs about 1 ms and
 * compressing them another half, so neither happens per request: both happen on the first request
 * after a change, and never more often than every {@link REBUILD_MS_MIN}.
 */
import { createHash } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { Context } from "hono";

/** Prices on a page are read by people four times a second at most; older than this is rebuilt. */
const REBUILD_MS_MIN = 250;
/** Under one TCP segment compression saves nothing. */
const COMPRESS_BYTES_MIN = 1_400;
/** Fast levels: these bytes live for a quarter of a second. */
export const GZIP_LEVEL = 1;

type Encoding = "zstd" | "gzip" | "identity";

interface Built {
  readonly version: unknown;
  readonly atMs: number;
  readonly etag: string;
  readonly bytes: Partial<Record<Encoding, Uint8Array<ArrayBuffer>>>;
}

interface ByteSource {
  /** Compared with `===`: a number that rises, or the object that is replaced on change. */
  readonly version: () => unknown;
  readonly build: () => string;
  readonly nowMs: () => number;
}

/** Returns a handler that serves `source` with ETag, 304 and the best encoding the client takes. */
export function cachedJson(source: ByteSource): (c: Context) => Response {
  let built: Built | null = null;

  function current(): Built {
    const version = source.version();
    const nowMs = source.nowMs();
    if (built !== null && (built.version === version || nowMs - built.atMs < REBUILD_MS_MIN)) {
      return built;
    }
    const identity = new TextEncoder().encode(source.build());
    const etag = createHash("sha256").update(identity).digest("base64url").slice(0, 22);
    built = { version, atMs: nowMs, etag, bytes: { identity } };
    return built;
  }

  return (c) => {
    const now = current();
    const headers: Record<string, string> = {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-cache",
      etag: `W/"${now.etag}"`,
      vary: "accept-encoding",
    };
    if (isFresh(c.req.header("if-none-match"), now.etag)) return c.body(null, 304, headers);
    const encoding = encodingFor(c.req.header("accept-encoding"), now.bytes.identity);
    if (encoding !== "identity") headers["content-encoding"] = encoding;
    const body = bytesOf(now, encoding);
    headers["content-length"] = String(body.byteLength);
    return c.body(body, 200, headers);
  };
}

function bytesOf(built: Built, encoding: Encoding): Uint8Array<ArrayBuffer> {
  const have = built.bytes[encoding];
  if (have !== undefined) return have;
  const plain = built.bytes.identity ?? new Uint8Array();
  const made =
    encoding === "zstd"
      ? new Uint8Array(zstdCompressSync(plain))
      : new Uint8Array(gzipSync(plain, { level: GZIP_LEVEL }));
  built.bytes[encoding] = made;
  return made;
}

function isFresh(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  return ifNoneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === `"${etag}"`);
}

/** The smallest of `made` that the client names; "q=0" means it must not be used. */
export function encodingFor(
  accept: string | undefined,
  plain: Uint8Array | undefined,
  made: readonly Encoding[] = ["zstd", "gzip"],
): Encoding {
  if (accept === undefined || (plain?.byteLength ?? 0) < COMPRESS_BYTES_MIN) return "identity";
  const accepted = new Map<string, number>();
  for (const part of accept.toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim());
    const quality = parameters.find((text) => text.startsWith("q="))?.slice(2) ?? "1";
    accepted.set(name, Number(quality));
  }
  const takes = (name: string): boolean => (accepted.get(name) ?? accepted.get("*") ?? 0) > 0;
  return made.find(takes) ?? "identity";
}
