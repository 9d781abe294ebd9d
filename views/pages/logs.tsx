import { LogLines } from "../fragments/log-lines.tsx";
import type { Html } from "../html.tsx";
import { Layout, Stream } from "../layout.tsx";
import type { Model, PageFrame } from "../page-model.ts";

/** Lines kept in the page; older ones leave as new ones come. */
const PAGE_LINES_MAX = 500;

interface LogsProps {
  readonly frame: PageFrame;
  readonly model: Model;
  readonly logs: {
    readonly files: readonly string[];
    readonly file: string;
    readonly q: string;
    /** Oldest first. */
    readonly lines: readonly string[];
  };
}

/** The end of a log file, and every line that comes. */
export function LogsPage(props: LogsProps): Html {
  const { frame, model, logs } = props;
  return (
    <Layout title="Logs" frame={frame} model={model} opensStream={false}>
      <form
        class="toolbar"
        action="/logs"
        method="get"
        hx-get="/logs"
        hx-trigger="submit, change, input delay:400ms"
        hx-target="#logs-view"
        hx-replace-url="true"
      >
        <label>
          File
          <select name="file">
            {logs.files.map((name) => (
              <option value={name} selected={name === logs.file}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          Contains
          <input type="search" name="q" value={logs.q} maxlength={200} placeholder="literal text" />
        </label>
        <noscript>
          <button type="submit" class="button">
            Show
          </button>
        </noscript>
      </form>
      <div id="logs-view">
        <LogsView {...props} />
      </div>
    </Layout>
  );
}

/** What a change of the form replaces; it opens its own stream, for its own file and filter. */
export function LogsView({ frame, logs }: LogsProps): Html {
  return (
    <>
      <section
        class="log-box"
        data-follow
        aria-label={`End of ${logs.file}, times UTC`}
        tabindex={0}
      >
        <ol id="log-lines" class="log-lines" data-rows-max={PAGE_LINES_MAX}>
          <LogLines lines={logs.lines} />
        </ol>
      </section>
      <p class="hint">
        Follows {logs.file}
        {logs.q === "" ? "" : `, lines that contain “${logs.q}”`}; the page keeps the last{" "}
        {PAGE_LINES_MAX} lines. Scroll up to stop following.
      </p>
      <Stream url={frame.liveUrl} />
    </>
  );
}
