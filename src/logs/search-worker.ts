/**
 * The thread in which logs are searched: it may read and compare for seconds without trading or
 * pages hearing of it.
 *
 * In: `open`, `next`, `close`. Out: one `step` or `failed` for each `next`. It works only when
 * asked, for as long as it was told, so that several searches take turns and one that nobody asks
 * about any more costs nothing.
 */
import { closeSync, fstatSync, openSync } from "node:fs";
import { errorText } from "../kernel/wording.ts";
import { systemClock } from "../runtime/clocks.ts";
import type {
  LogFilter,
  LogHit,
  LogSearchQuery,
  LogSearchStep,
  LogStepLimits,
} from "../runtime/ports/log.ts";
import { type Fd, READ_NO_LINK } from "./fd.ts";
import { type Scan, scan } from "./scan.ts";
import { type Span, TimeIndex } from "./time-index.ts";

export type SearchRequest =
  | ({ readonly kind: "open"; readonly id: number; readonly path: string } & Pick<
      LogSearchQuery,
      "filter" | "order" | "before"
    >)
  | { readonly kind: "next"; readonly id: number; readonly limits: LogStepLimits }
  | { readonly kind: "close"; readonly id: number };

export type SearchAnswer =
  | { readonly kind: "step"; readonly id: number; readonly step: LogSearchStep }
  | { readonly kind: "failed"; readonly id: number; readonly text: string };

declare const self: Worker;

interface OpenSearch extends Scan {
  readonly fd: Fd;
  readonly span: Span;
  readonly fileBytes: number;
}

const searches = new Map<number, OpenSearch | string>();

self.onmessage = ({ data }: MessageEvent<SearchRequest>) => {
  if (data.kind === "open") searches.set(data.id, opened(data));
  else if (data.kind === "close") closed(data.id);
  else self.postMessage(answer(data.id, data.limits));
};

/** The search, or why there is none. */
function opened(query: Extract<SearchRequest, { kind: "open" }>): OpenSearch | string {
  let fd: Fd | null = null;
  try {
    fd = openSync(query.path, READ_NO_LINK);
    const fileBytes = fstatSync(fd).size;
    const span = spanOf(fd, Math.min(query.before ?? fileBytes, fileBytes), query.filter);
    return { fd, span, fileBytes, ...scan(fd, span, query.filter, query.order) };
  } catch (error) {
    if (fd !== null) closeSync(fd);
    return errorText(error);
  }
}

function spanOf(fd: Fd, bytes: number, { fromMs, untilMs }: LogFilter): Span {
  if (fromMs === undefined && untilMs === undefined) return { start: 0, end: bytes };
  return new TimeIndex(fd, bytes).spanOf(fromMs, untilMs);
}

function closed(id: number): void {
  const search = searches.get(id);
  searches.delete(id);
  if (search !== undefined && typeof search !== "string") closeSync(search.fd);
}

function answer(id: number, limits: LogStepLimits): SearchAnswer {
  const search = searches.get(id);
  if (search === undefined) return { kind: "failed", id, text: "it is not open" };
  if (typeof search === "string") return { kind: "failed", id, text: search };
  try {
    return { kind: "step", id, step: stepOf(search, limits) };
  } catch (error) {
    return { kind: "failed", id, text: errorText(error) };
  }
}

function stepOf(search: OpenSearch, { hitsMax, bytesMax, forMs }: LogStepLimits): LogSearchStep {
  const hits: LogHit[] = [];
  const untilMs = systemClock.monotonicMs() + forMs;
  let bytes = 0;
  let isDone = false;
  while (hits.length < hitsMax && bytes < bytesMax) {
    const next = search.found.next();
    isDone = next.done === true;
    if (isDone) break;
    if (next.value !== null) {
      hits.push(next.value);
      bytes += next.value.text.length;
    }
    if (systemClock.monotonicMs() > untilMs) break;
  }
  const { scanned, span, fileBytes } = search;
  return {
    hits,
    searchedBytes: scanned.bytes,
    totalBytes: span.end - span.start,
    fileBytes,
    lines: scanned.lines,
    matches: scanned.matches,
    before: scanned.before,
    levels: { ...scanned.levels },
    isDone,
  };
}
