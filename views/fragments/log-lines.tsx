/** @jsxImportSource hono/jsx */
/**
 * Log lines for people: time, level, symbol, text, the order and its state, then the rest as
 * name=value. Raw text stays raw.
 */
import { bytes, compact, fixed } from "../format.ts";
import type { Html } from "../html.tsx";
import type { FoundLines, PlacedLine } from "../page-model.ts";

/** A line longer than this is cut on the page; the file has all of it. */
const LINE_CHARS_MAX = 2_000;
/** What may be looked at whole: far above any line of ours. */
const RAW_CHARS_MAX = 100_000;

const LEVELS: Readonly<Record<string, string>> = {
  "10": "trace",
  "20": "debug",
  "30": "info",
  "40": "warn",
  "50": "error",
  "60": "fatal",
};

/** Names under which lines say which order they are about, and what became of it. */
const ORDER_NAMES = ["clientId", "orderId", "order"];
const STATE_NAMES = ["state", "status", "verdict", "outcome"];

interface Parts {
  readonly time: string;
  readonly level: string;
  readonly symbol: string;
  readonly text: string;
  readonly order: string;
  readonly state: string;
  readonly rest: string;
}

interface LinesProps {
  /** The lines' file: each leads to its place there. */
  readonly file: string;
  readonly lines: readonly PlacedLine[];
}

export function LogLines({ file, lines }: LinesProps): Html {
  return (
    <>
      {lines.map((line) => (
        <LogLine file={file} line={line} />
      ))}
    </>
  );
}

/** Stands where lines are missing: said, not hidden. */
export function LogGap({ text }: { text: string }): Html {
  return <li class="log gap">{text}</li>;
}

interface LineProps {
  readonly file: string;
  readonly line: PlacedLine;
  readonly isChosen?: boolean;
}

export function LogLine({ file, line, isChosen = false }: LineProps): Html {
  const parts = logParts(line.text);
  const address = `/logs?file=${encodeURIComponent(file)}&at=${line.offset}`;
  return (
    <li class={`log ${parts.level}`} aria-current={isChosen ? "true" : undefined}>
      <a class="log-time" href={address}>
        {parts.time === "" ? "·" : parts.time}
      </a>
      <span class="log-level">{parts.level}</span>
      <span class="log-symbol">{parts.symbol}</span>
      <span class="log-text">
        {parts.text} {parts.order === "" ? null : <span class="log-order">{parts.order}</span>}{" "}
        {parts.state === "" ? null : <span class="log-state">{parts.state}</span>}{" "}
        <span class="log-rest">{parts.rest}</span>
      </span>
    </li>
  );
}

/** The line as it stands in the file, its fields one below the other. */
export function RawLine({ text }: { text: string }): Html {
  const fields = fieldsOf(text);
  const shown = fields === null ? text : JSON.stringify(fields, null, 2);
  return (
    <section class="log-raw" aria-label="The line as it is in the file" tabindex={0}>
      <pre>{shown.slice(0, RAW_CHARS_MAX)}</pre>
    </section>
  );
}

interface ProgressProps {
  readonly file: string;
  readonly q: string;
  readonly found: FoundLines;
  /** Where the search goes on, when it did not end at the beginning of the file. */
  readonly olderAddress: string | null;
}

/** How far a search has come: complete, or how much is left. */
export function LogProgress({ file, q, found, olderAddress }: ProgressProps): Html {
  const { matches, lines, searchedBytes, totalBytes, fileBytes, isDone } = found;
  const what = q === "" ? "fits the filter" : `contains “${q}”`;
  const read = `${compact(lines)} (${bytes(searchedBytes)})`;
  const part = totalBytes === fileBytes ? "" : ` in this part of ${file}`;
  if (isDone && matches === 0) {
    return (
      <p class="empty">
        No line of {read}
        {part} {what}.
      </p>
    );
  }
  if (isDone) {
    return (
      <p class="hint">
        All {fixed(matches, 0)} of {read}
        {part}: complete.
      </p>
    );
  }
  return (
    <p class="hint">
      <progress max={totalBytes} value={searchedBytes} aria-label="Searched" /> {fixed(matches, 0)}{" "}
      found in the newest {bytes(searchedBytes)} of {bytes(totalBytes)}; not complete.{" "}
      {olderAddress === null ? "Searching…" : <a href={`/logs?${olderAddress}`}>Search older</a>}
    </p>
  );
}

/** "warn" of a line that says so, empty of one that does not. */
export function logLevel(line: string): string {
  return logParts(line).level;
}

function fieldsOf(line: string): Record<string, unknown> | null {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Splits an NDJSON line; a line that is not an object is shown as it is. */
export function logParts(line: string): Parts {
  const none = { time: "", level: "", symbol: "", order: "", state: "", rest: "" };
  const fields = fieldsOf(line);
  if (fields === null) return { ...none, text: line.slice(0, LINE_CHARS_MAX) };
  const { time, ts, level, msg, message, symbol, ...others } = fields;
  const orderName = ORDER_NAMES.find((name) => others[name] !== undefined) ?? "";
  const stateName = STATE_NAMES.find((name) => others[name] !== undefined) ?? "";
  const rest = Object.entries(others)
    .filter(([name]) => name !== orderName && name !== stateName)
    .map(([name, value]) => `${name}=${valueText(value)}`);
  return {
    time: timeText(time ?? ts),
    level: LEVELS[String(level)] ?? String(level ?? ""),
    symbol: valueText(symbol ?? ""),
    text: valueText(msg ?? message ?? "").slice(0, LINE_CHARS_MAX),
    order: valueText(others[orderName] ?? "").slice(0, LINE_CHARS_MAX),
    state: valueText(others[stateName] ?? "").slice(0, LINE_CHARS_MAX),
    rest: rest.join(" ").slice(0, LINE_CHARS_MAX),
  };
}

function timeText(stamp: unknown): string {
  if (typeof stamp === "number" && Number.isFinite(stamp) && Math.abs(stamp) < 8.64e15) {
    return new Date(stamp).toISOString().slice(11, 23);
  }
  return typeof stamp === "string" ? stamp.replace(/^.*T(\d\d:\d\d:\d\d(\.\d+)?).*$/, "$1") : "";
}

function valueText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
