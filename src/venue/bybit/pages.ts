/** Collects a paged list of the venue (Bybit v5, "Pagination"): cursors are opaque and go back once-encoded. */

import { decodePage } from "./codec/decode-rest.ts";
import type { JsonRecord } from "./codec/json.ts";
import type { RestClient, RestRequest } from "./rest.ts";

/** 100 pages hold every list that this program asks for; more is a cursor that never ends. */
const PAGES_MAX = 100;

export type Listed =
  | { readonly kind: "ok"; readonly items: readonly unknown[]; readonly first: JsonRecord }
  | { readonly kind: "failed"; readonly text: string };

/** Never rejects. A list that cannot be had whole is not had at all. */
export async function listAll(rest: RestClient, request: RestRequest): Promise<Listed> {
  const items: unknown[] = [];
  let cursor = "";
  let first: JsonRecord = {};
  for (let page = 0; page < PAGES_MAX; page++) {
    const query = cursor === "" ? request.query : { ...request.query, cursor };
    const result = await rest.call({ ...request, ...(query === undefined ? {} : { query }) });
    if (result.kind !== "ok") return { kind: "failed", text: result.text };
    if (page === 0) first = result.envelope.result;
    const { items: more, cursor: next } = decodePage(result.envelope.result);
    items.push(...more);
    if (next === "" || more.length === 0 || next === cursor) return { kind: "ok", items, first };
    cursor = decodedCursor(next);
  }
  return { kind: "failed", text: `${request.path} did not end after ${PAGES_MAX} pages` };
}

/** Cursors arrive percent-encoded; the query encodes them again, so they are decoded once here. */
function decodedCursor(cursor: string): string {
  try {
    return decodeURIComponent(cursor);
  } catch {
    return cursor;
  }
}
