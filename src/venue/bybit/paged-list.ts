/**
 * Collects a paged list of the venue (Bybit v5, "Pagination"): cursors are opaque and go back
 * once-encoded.
 */

import { decodePage } from "./codec/decode-rest.ts";
import type { RestCaller, RestRequest } from "./rest-client.ts";

/** 100 pages hold every list of open things; more is a long history or a cursor that never ends. */
const PAGES_MAX = 100;

export type Listed =
  | {
      readonly kind: "ok";
      readonly items: readonly unknown[];
      /** False when the list went on after the last page that was fetched. */
      readonly isComplete: boolean;
    }
  | { readonly kind: "failed"; readonly text: string };

/** Never rejects. A page that cannot be had fails the whole list. */
export async function listAll(rest: RestCaller, request: RestRequest): Promise<Listed> {
  const items: unknown[] = [];
  let cursor = "";
  for (let page = 0; page < PAGES_MAX; page++) {
    const query = cursor === "" ? request.query : { ...request.query, cursor };
    const result = await rest.call({ ...request, ...(query === undefined ? {} : { query }) });
    if (result.kind !== "ok") return { kind: "failed", text: result.text };
    const { items: more, cursor: next } = decodePage(result.envelope.result);
    items.push(...more);
    if (next === "" || more.length === 0 || next === cursor) {
      return { kind: "ok", items, isComplete: true };
    }
    cursor = decodedCursor(next);
  }
  return { kind: "ok", items, isComplete: false };
}

/** Cursors arrive percent-encoded; the query encodes them again, so they are decoded once here. */
function decodedCursor(cursor: string): string {
  try {
    return decodeURIComponent(cursor);
  } catch {
    return cursor;
  }
}
