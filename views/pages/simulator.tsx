/** @jsxImportSource hono/jsx */
/**
 * What the embedded exchange does now, and buttons that call weather up or break it: a crash to see
 * the stops work, a cut line to see what is done about it. Only the simulated market hears of it.
 */
import { NO_PARAMS } from "../../src/monitor/params.ts";
import { type FaultState, SIM_FAULTS } from "../../src/monitor/sim-faults.ts";
import {
  SCENARIO_KINDS,
  type ScenarioKind,
  type ScenarioState,
} from "../../src/monitor/weather.ts";
import { duration, fixed } from "../format.ts";
import { Card, type Column, cell, Empty, type Html, Table } from "../html.tsx";
import { definePage, definePolled, type PageProps } from "../page.tsx";
import type { PageFrame } from "../page-model.ts";

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

const faulty = definePolled({
  name: "faults",
  everySec: 5,
  load: (sources) => sources.faults.now(),
  view: Faulty,
});

interface Loaded {
  readonly weather: ScenarioState | null;
  readonly faults: FaultState | null;
}

export const simulator = definePage({
  key: "simulator",
  path: "/simulator",
  title: "Simulator",
  nav: "Simulator",
  onlyIn: "SIM",
  params: NO_PARAMS,
  regions: [],
  polled: [running, faulty],
  load: ({ scenario, faults }): Promise<Loaded> =>
    Promise.all([scenario.now(), faults.now()]).then(([weather, now]) => ({
      weather,
      faults: now,
    })),
  view: Page,
});

function Page({ data, frame }: PageProps<unknown, Loaded>): Html {
  return (
    <div class="columns">
      <div class="column-main">
        <Card title="Weather now" meta="of the embedded exchange">
          {running.place(data.weather)}
        </Card>
        <Card title="Faults now" meta={<AllOff frame={frame} />}>
          {faulty.place(data.faults)}
        </Card>
        {data.faults === null ? null : (
          <Card title="Break it on purpose">
            <FaultButtons frame={frame} state={data.faults} />
          </Card>
        )}
      </div>
      {data.weather === null ? null : (
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

const FAULT_COLUMNS: readonly Column[] = [
  { label: "Fault" },
  { label: "On what" },
  { label: "Struck", num: true },
];

function Faulty(state: FaultState | null): Html {
  if (state === null)
    return <Empty>This run has no embedded exchange, or it does not answer.</Empty>;
  const { faults, seed, framesPerSecond, clients, upMs } = state;
  return (
    <>
      {faults.length === 0 ? (
        <Empty>Nothing is broken on purpose.</Empty>
      ) : (
        <Table label="Faults" columns={FAULT_COLUMNS}>
          {faults.map(({ id, kind, detail, struck }) => (
            <tr id={`fault-${id}`}>
              <th scope="row">{kind}</th>
              <td class="wrap">{detail}</td>
              <td class={NUMBER}>{fixed(struck, 0)}</td>
            </tr>
          ))}
        </Table>
      )}
      <p class="hint">
        Seed “{seed}”, in real time, {fixed(framesPerSecond, 0)} frames/s to {fixed(clients, 0)}{" "}
        sockets, up {duration(Math.floor(upMs / 1_000) * 1_000)}.
      </p>
    </>
  );
}

function AllOff({ frame }: { frame: PageFrame }) {
  return (
    <form method="post" action="/simulator/faults" class="inline">
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <button type="submit" class="button small" name="remove" value="all">
        All off
      </button>
    </form>
  );
}

/** A switch for what lasts, a button for what strikes once; work without scripts. */
function FaultButtons({ frame, state }: { frame: PageFrame; state: FaultState }) {
  return (
    <form method="post" action="/simulator/faults" class="fault-buttons">
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      {SIM_FAULTS.map(({ name, label, isMomentary }) => {
        const live = state.faults.find((fault) => fault.name === name);
        return (
          <button
            type="submit"
            class="button small"
            name={live === undefined ? "name" : "remove"}
            value={live === undefined ? name : String(live.id)}
            aria-pressed={isMomentary ? undefined : live === undefined ? "false" : "true"}
          >
            {label}
          </button>
        );
      })}
    </form>
  );
}

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
