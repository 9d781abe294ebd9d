/** @jsxImportSource hono/jsx */
/** The end of a log file, and every line that comes. */
import { z } from "zod";
import { fileParam, optional, textParam } from "../../src/monitor/params.ts";
import { LogLines } from "../fragments/log-lines.tsx";
import type { Html } from "../html.tsx";
import { definePage, NotThere, type PageProps, type Tail } from "../page.tsx";
import type { Sources } from "../page-model.ts";

/** What the page shows at first, and what a returning reader can be given. */
export const LOG_TAIL_LINES = 300;
/** Lines kept in the page; older ones leave as new ones come. */
const PAGE_LINES_MAX = 500;
/** What most people look for. */
const DEFAULT_FILE = "engine.log";

const PARAMS = z.object({ file: optional(fileParam()), q: optional(textParam(200)) });
type Params = z.infer<typeof PARAMS>;

interface Loaded {
  readonly files: readonly string[];
  /** Oldest first. */
  readonly lines: readonly string[];
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
  view: Lines,
});

function tailOf({ file = DEFAULT_FILE, q = "" }: Params): Tail {
  return { file, q };
}

function load({ logs }: Sources, params: Params): Promise<Loaded> {
  const { file, q } = tailOf(params);
  const files = logs.files().map(({ name }) => name);
  const query = { file, lines: LOG_TAIL_LINES, q: q === "" ? undefined : q };
  return logs.tail(query).then((lines) => {
    // Before the first line there is no file yet, and still a page to wait on.
    if (lines === null && params.file !== undefined) {
      throw new NotThere("No such log", `There is no log file ${file}.`);
    }
    return { files, lines: lines ?? [] };
  });
}

function Fields({ params, data }: Props): Html {
  const { file, q } = tailOf(params);
  return (
    <>
      <label>
        File
        <select name="file">
          {data.files.map((name) => (
            <option value={name} selected={name === file}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Contains
        <input type="search" name="q" value={q} maxlength={200} placeholder="literal text" />
      </label>
    </>
  );
}

function Lines({ params, data }: Props): Html {
  const { file, q } = tailOf(params);
  return (
    <>
      <section class="log-box" data-follow aria-label={`End of ${file}, times UTC`} tabindex={0}>
        <ol id="log-lines" class="log-lines" data-rows-max={PAGE_LINES_MAX}>
          <LogLines lines={data.lines} />
        </ol>
      </section>
      <p class="hint">
        Follows {file}
        {q === "" ? "" : `, lines that contain “${q}”`}; the page keeps the last {PAGE_LINES_MAX}{" "}
        lines. Scroll up to stop following.
      </p>
    </>
  );
}
