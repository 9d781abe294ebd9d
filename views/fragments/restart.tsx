/** @jsxImportSource hono/jsx */
/**
 * A restart is said on every page for a while: since when this run is, and which one was before it.
 * Numbers of "this start" begin anew with it.
 */
import type { RunBefore } from "../../src/monitor/view.ts";
import { duration } from "../format.ts";
import { type Html, Time } from "../html.tsx";
import type { Model } from "../page-model.ts";
import { region } from "../region.tsx";

/** Long enough to be seen by somebody who comes back from a meeting. */
const SHOWN_MS = 10 * 60_000;

export const restart = region("restart", Restart, "banners");

function Restart({ run, nowMs }: Model): Html {
  const { before } = run;
  const isShown = before !== null && nowMs - run.startedAtMs <= SHOWN_MS;
  return <>{isShown ? <Band run={run} before={before} /> : null}</>;
}

function Band({ run, before }: { run: Model["run"]; before: RunBefore }) {
  const { runId, startedAtMs } = run;
  const { endedAtMs } = before;
  return (
    <p class="banner info" data-run={runId}>
      <strong>
        Restarted at <Time atMs={startedAtMs} />
      </strong>{" "}
      as run {runId}. Before it: run {before.runId} from{" "}
      <Time atMs={before.startedAtMs} withDate={true} />
      {endedAtMs === null ? (
        ", which was cut off without an end."
      ) : (
        <>
          {" "}
          to <Time atMs={endedAtMs} />, {duration(startedAtMs - endedAtMs)} apart.
        </>
      )}
    </p>
  );
}
