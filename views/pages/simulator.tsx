/** @jsxImportSource hono/jsx */
/**
 * What the embedded exchange does now, and buttons that call weather up: a crash to see the stops
 * work, a calm to see the maker wait. Only the simulated market hears of it.
 */
import { NO_PARAMS } from "../../src/monitor/params.ts";
import {
  SCENARIO_KINDS,
  type ScenarioKind,
  type ScenarioState,
} from "../../src/monitor/weather.ts";
import { Card, type Column, cell, Empty, type Html, Table } from "../html.tsx";
import { definePage, definePolled, type PageProps } from "../page.tsx";

const WHAT: Readonly<Record<ScenarioKind, string>> = {
  calm: "Calm: small moves, little trading",
  trend: "Trend: drifts up; a negative strength falls",
  chop: "Chop: wild, but back to where it began",
  crash: "Crash: falls, breaks longs, liquidations push it on",
  squeeze: "Squeeze: rises, breaks shorts, liquidations push it on",
  listing: "Listing: the first hours of a new contract",
};

const running = definePolled({
  name: "scenario",
  everySec: 5,
  load: (sources) => sources.scenario.now(),
  view: Running,
});

export const simulator = definePage({
  key: "simulator",
  path: "/simulator",
  title: "Simulator",
  nav: "Simulator",
  onlyIn: "SIM",
  params: NO_PARAMS,
  regions: [],
  polled: [running],
  load: (sources) => sources.scenario.now(),
  view: Page,
});

function Page({ data, frame }: PageProps<unknown, ScenarioState | null>): Html {
  return (
    <div class="columns">
      <div class="column-main">
        <Card title="Weather now" meta="of the embedded exchange">
          {running.place(data)}
        </Card>
      </div>
      {data === null ? null : (
        <div class="column-side">
          <Card title="Call weather up">
            <CallForm csrfToken={frame.csrfToken} />
          </Card>
        </div>
      )}
    </div>
  );
}

const COLUMNS: readonly Column[] = [
  { label: "Weather" },
  { label: "Contracts" },
  { label: "Strength", num: true },
  { label: "From, UTC", from: "mid" },
  { label: "Until, UTC" },
];

const NUMBER = cell({ num: true });

function Running(state: ScenarioState | null): Html {
  if (state === null)
    return <Empty>This run has no embedded exchange, or it does not answer.</Empty>;
  const { regimes, edge } = state;
  return (
    <>
      {regimes.length === 0 ? (
        <Empty>Nothing is called up: the market is left to itself.</Empty>
      ) : (
        <Table label="Weather" columns={COLUMNS}>
          {regimes.map(({ kind, symbols, strength, fromMs, untilMs }) => (
            <tr>
              <td>{kind}</td>
              <td>{symbols.length === 0 ? "all" : symbols.join(" ")}</td>
              <td class={NUMBER}>{strength}</td>
              <td class={cell({ from: "mid" })}>{timeOf(fromMs)}</td>
              <td>{timeOf(untilMs)}</td>
            </tr>
          ))}
        </Table>
      )}
      {edge === null ? null : (
        <p>
          An edge is planted: {edge.bps} bps within {edge.horizonS} s, every {edge.everyS} s.
        </p>
      )}
    </>
  );
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 19);
}

/** Works without scripts. */
function CallForm({ csrfToken }: { csrfToken: string }): Html {
  const action = "/simulator/scenario";
  const htmx = { "hx-post": action, "hx-target": "#notice", "hx-swap": "innerHTML" };
  return (
    <form class="stack" method="post" action={action} {...htmx}>
      <input type="hidden" name="csrf" value={csrfToken} />
      <label>
        Weather
        <select name="kind">
          {SCENARIO_KINDS.map((kind) => (
            <option value={kind}>{WHAT[kind]}</option>
          ))}
        </select>
      </label>
      <label>
        Contracts <small>(names with spaces between; empty for all)</small>
        <input name="symbols" maxlength={2000} autocomplete="off" placeholder="BTCUSDT" />
      </label>
      <label>
        For <small>seconds</small>
        <input name="forS" type="number" min={1} max={86_400} value="300" required />
      </label>
      <label>
        Strength <small>1 is usual</small>
        <input name="strength" type="number" step="0.1" min={-5} max={5} value="1" required />
      </label>
      <div class="dialog-buttons">
        <button type="submit" class="button" name="clear" value="yes">
          Clear all
        </button>
        <button type="submit" class="button danger-line">
          Call up
        </button>
      </div>
    </form>
  );
}
