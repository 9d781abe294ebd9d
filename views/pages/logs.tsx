/** @jsxImportSource hono/jsx */
/**
 * The end of a log and every line that comes, the lines of the whole file that fit a filter, or one
 * line with its neighbours. What was not read yet is said: an empty list means that there is none
 * only where the page says so.
 */
import { z } from "zod";
import {
  DEFAULT_LOG,
  filterOf,
  type LineFilter,
  LOG_FILTER_SHAPE,
  LOG_LEVELS,
  type LogFilterParams,
} from "../../src/monitor/log-params.ts";
import { optional, wholeParam } from "../../src/monitor/params.ts";
import { bytes, duration, fixed } from "../format.ts";
import { LogLine, LogLines, LogProgress, logLevel, RawLine } from "../fragments/log-lines.tsx";
import { type Html, render } from "../html.tsx";
import { definePage, NotThere, type PageProps, type Tail } from "../page.tsx";
import type { FoundLines, Model, PlacedLine, Sources } from "../page-model.ts";
import { addressText } from "../region.tsx";

/** What the page shows at first, and what a returning reader can be given. */
export const LOG_TAIL_LINES = 300;
/** Lines kept in the page; older ones leave as new ones come. */
const PAGE_LINES_MAX = 500;
/** A page waits no longer for a search: its stream goes on with it. */
const PAGE_SEARCH_MS = 250;
const PAGE_BYTES_MAX = 2 * 1024 * 1024;
const NEIGHBOURS = 20;

const PARAMS = z.object({
  ...LOG_FILTER_SHAPE,
  at: optional(wholeParam(0, Number.MAX_SAFE_INTEGER)),
});
type Params = z.infer<typeof PARAMS>;

interface Loaded {
  readonly files: ReturnType<Sources["logs"]["files"]>;
  /** Oldest first. */
  readonly lines: readonly PlacedLine[];
  /** Null when nothing was searched for. */
  readonly found: FoundLines | null;
}

type Props = PageProps<Params, Loaded>;

export const logs = definePage({
  key: "logs",
  path: "/logs",
  title: "Logs",
  nav: "Logs",
  params: PARAMS,
  regions: [],
  tail: tailOf,
  load,
  filter: { delayMs: 400, fields: Fields },
  view: View,
});

/** A place in the past and a span of time stand still; everything else is followed. */
function tailOf(params: Params): Tail | null {
  const { file = DEFAULT_LOG, at, before, from, until, regex } = params;
  // An expression may run for ever, and what is followed is compared beside trading.
  if ([at, before, from, until, regex].some((given) => given !== undefined)) return null;
  return { file, filter: filterOf(params, 0) };
}

function load(sources: Sources, params: Params, { nowMs }: Model): Promise<Loaded> {
  const { at, before } = params;
  if (at !== undefined) return place(sources, params, at);
  const filter = filterOf(params, nowMs);
  if (filter === null && before === undefined) return end(sources, params);
  return search(sources, params, filter ?? {});
}

function place({ logs }: Sources, params: Params, at: number): Promise<Loaded> {
  const { file = DEFAULT_LOG } = params;
  return logs.around(file, at, NEIGHBOURS).then((found) => {
    if (found !== null) return { files: logs.files(), lines: found.lines, found: null };
    throw new NotThere("No such line", `${file} has no line at byte ${at}: it was rotated since.`);
  });
}

function end({ logs }: Sources, params: Params): Promise<Loaded> {
  const { file = DEFAULT_LOG } = params;
  return logs.tail({ file, lines: LOG_TAIL_LINES }).then((lines) => {
    // Before the first line there is no file yet, and still a page to wait on.
    if (lines === null && params.file !== undefined) throw noFile(file);
    return { files: logs.files(), lines: lines ?? [], found: null };
  });
}

function search({ logs }: Sources, params: Params, filter: LineFilter): Promise<Loaded> {
  const { file = DEFAULT_LOG, before } = params;
  const asked = { file, filter, order: "newest", before } as const;
  const limits = { hitsMax: LOG_TAIL_LINES, bytesMax: PAGE_BYTES_MAX, forMs: PAGE_SEARCH_MS };
  return logs.find(asked, limits).then((found) => {
    if (found === null) throw noFile(file);
    return { files: logs.files(), lines: found.hits.toReversed(), found };
  });
}

const noFile = (file: string) => new NotThere("No such log", `There is no log file ${file}.`);

function Fields({ params, data, model }: Props): Html {
  const { file = DEFAULT_LOG, level } = params;
  return (
    <>
      <label>
        File
        <select name="file">
          {data.files.map((found) => (
            <option value={found.name} selected={found.name === file}>
              {found.name} · {bytes(found.bytes)} ·{" "}
              {duration(Math.floor((model.nowMs - found.modifiedAtMs) / 1_000) * 1_000)} ago
            </option>
          ))}
        </select>
      </label>
      <label>
        Contains
        <input
          type="search"
          name="q"
          value={params.q ?? ""}
          maxlength={200}
          placeholder="literal text"
          data-page-search
        />
      </label>
      <label class="check">
        <input type="checkbox" name="regex" value="1" checked={params.regex === "1"} /> regex
      </label>
      <label>
        Without
        <input type="search" name="not" value={params.not ?? ""} maxlength={200} />
      </label>
      <MomentField name="from" label="From" value={params.from} />
      <MomentField name="until" label="Until" value={params.until} />
      {level === undefined ? null : <input type="hidden" name="level" value={level.join(",")} />}
    </>
  );
}

function MomentField(props: { name: string; label: string; value: string | undefined }) {
  const { name, label, value = "" } = props;
  return (
    <label>
      {label}
      <input name={name} value={value} size={9} maxlength={24} placeholder="13:05:41, -10m" />
    </label>
  );
}

function View(props: Props): Html {
  return props.params.at === undefined ? <Lines {...props} /> : <Place {...props} />;
}

function Lines({ params, data }: Props): Html {
  const { file = DEFAULT_LOG } = params;
  const isFollowed = tailOf(params) !== null;
  return (
    <>
      <div class="log-bar">
        <Levels params={params} data={data} />
        <span class="spread" />
        {isFollowed ? (
          <button
            type="button"
            class="button small"
            aria-pressed="false"
            data-log-pause
            data-key="Space"
          >
            Pause
          </button>
        ) : null}
        <a class="button small" href={`/logs/download?${addressOf(params, {})}`} download>
          Download
        </a>
      </div>
      <div id="log-progress" role="status">
        {data.found === null ? null : <Found params={params} found={data.found} />}
      </div>
      <section
        class="log-box"
        data-follow
        data-log-box
        aria-label={`Lines of ${file}, times UTC`}
        tabindex={0}
      >
        <ol id="log-lines" class="log-lines" data-rows-max={PAGE_LINES_MAX}>
          <LogLines file={file} lines={data.lines} />
        </ol>
      </section>
      <p class="hint">
        {isFollowed
          ? `Follows ${file}; the page keeps the last ${PAGE_LINES_MAX} lines.`
          : "A place in the past, a span of time and an expression stand still."}{" "}
        A time leads to the line with its neighbours.
      </p>
    </>
  );
}

/** Of what was found, or of what is shown. */
function Levels({ params, data }: { params: Params; data: Loaded }) {
  const counts = data.found?.levels ?? countsOf(data.lines);
  const chosen = params.level ?? [];
  return (
    <nav class="chips" aria-label="Levels">
      {LOG_LEVELS.map((level) => {
        const isOn = chosen.includes(level);
        const next = isOn ? chosen.filter((name) => name !== level) : [...chosen, level];
        const address = addressOf(params, { level: next.length === 0 ? undefined : next });
        return (
          <a class="chip" href={`/logs?${address}`} aria-current={isOn ? "true" : undefined}>
            {level} <span class="num">{fixed(counts[level] ?? 0, 0)}</span>
          </a>
        );
      })}
    </nav>
  );
}

function countsOf(lines: readonly PlacedLine[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { text } of lines) {
    const level = logLevel(text);
    counts[level] = (counts[level] ?? 0) + 1;
  }
  return counts;
}

function Found({ params, found }: { params: Params; found: FoundLines }) {
  const { file = DEFAULT_LOG, q } = params;
  const older =
    found.isDone || tailOf(params) === null || found.hits.length >= LOG_TAIL_LINES
      ? addressOf(params, { before: found.before })
      : null;
  return <LogProgress file={file} q={q ?? ""} found={found} olderAddress={older} />;
}

function Place({ params, data }: Props): Html {
  const { file = DEFAULT_LOG, at = 0 } = params;
  const chosen = data.lines.findLast((line) => line.offset <= at);
  return (
    <>
      <p class="hint">
        Byte {fixed(at, 0)} of {file}.{" "}
        <a href={`/logs?file=${encodeURIComponent(file)}`}>The end</a> ·{" "}
        <a href={`/logs?${addressOf({ file }, { before: at + 1 })}`}>what came before it</a>
      </p>
      <section class="log-box" aria-label={`Around a line of ${file}`} tabindex={0}>
        <ol class="log-lines">
          {data.lines.map((line) => (
            <LogLine file={file} line={line} isChosen={line === chosen} />
          ))}
        </ol>
      </section>
      {chosen === undefined ? null : <RawLine text={chosen.text} />}
    </>
  );
}

/** The same page with some parameters changed. */
function addressOf(
  params: LogFilterParams,
  changed: { readonly before?: number; readonly level?: readonly string[] | undefined },
): string {
  return addressText({ ...params, ...changed });
}

/** What the stream shows of a search that goes on. */
export function progressOf(file: string, filter: LineFilter, found: FoundLines): string {
  const { q = "" } = filter;
  const { isRegex, not, levels } = filter;
  const params = { file, q: filter.q, regex: isRegex ? "1" : undefined, not, level: levels };
  const isFull = found.matches >= LOG_TAIL_LINES;
  const older = isFull ? addressText({ ...params, before: found.before }) : null;
  return render(<LogProgress file={file} q={q} found={found} olderAddress={older} />);
}
