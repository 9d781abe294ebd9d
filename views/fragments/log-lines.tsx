/** @jsxImportSource hono/jsx */
/** Log lines for people: time, level, text, then the rest as name=value. Raw text stays raw. */
import type { Html } from "../html.tsx";

/** A line longer than this is cut on the page; the file has all of it. */
const LINE_CHARS_MAX = 2_000;

const LEVELS: Readonly<Record<string, string>> = {
  "10": "trace",
  "20": "debug",
  "30": "info",
  "40": "warn",
  "50": "error",
  "60": "fatal",
};

interface Parts {
  readonly time: string;
  readonly level: string;
  readonly text: string;
  readonly rest: string;
}

export function LogLines({ lines }: { lines: readonly string[] }): Html {
  return (
    <>
      {lines.map((line) => (
        <LogLine line={line} />
      ))}
    </>
  );
}

/** Stands where lines are missing: said, not hidden. */
export function LogGap({ text }: { text: string }): Html {
  return <li class="log gap">{text}</li>;
}

function LogLine({ line }: { line: string }) {
  const parts = logParts(line);
  return (
    <li class={`log ${parts.level}`}>
      <span class="log-time">{parts.time}</span>
      <span class="log-level">{parts.level}</span>
      <span class="log-text">
        {parts.text} <span class="log-rest">{parts.rest}</span>
      </span>
    </li>
  );
}

/** Splits an NDJSON line; a line that is not an object is shown as it is. */
export function logParts(line: string): Parts {
  const raw = { time: "", level: "", text: line.slice(0, LINE_CHARS_MAX), rest: "" };
  if (!line.startsWith("{")) return raw;
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line);
  } catch {
    return raw;
  }
  const { time, ts, level, msg, message, ...others } = fields;
  const stamp = time ?? ts;
  const rest = Object.entries(others).map(([name, value]) => `${name}=${valueText(value)}`);
  return {
    time: timeText(stamp),
    level: LEVELS[String(level)] ?? String(level ?? ""),
    text: valueText(msg ?? message ?? "").slice(0, LINE_CHARS_MAX),
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
