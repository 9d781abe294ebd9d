/** @jsxImportSource hono/jsx */
/**
 * The risk limits: what each is, how much of it is used, where it comes from, and a form for it.
 */
import { useOf } from "../../src/monitor/limit-use.ts";
import { NO_PARAMS } from "../../src/monitor/params.ts";
import { RECENT_MAX } from "../../src/monitor/view.ts";
import { LIMIT_NAMES, LIMIT_TERMS, type LimitName } from "../../src/risk/limit-terms.ts";
import { duration, fixed } from "../format.ts";
import { danger, exposure, refusalsByGate } from "../fragments/danger.tsx";
import { limitText, shareOf } from "../fragments/limits.tsx";
import { positions } from "../fragments/positions.tsx";
import { Card, type Column, cell, Empty, type Html, Meter, Table } from "../html.tsx";
import { definePage, nothing, type PageProps } from "../page.tsx";
import type { Model } from "../page-model.ts";
import { region } from "../region.tsx";

const now = region("risk-limits", Limits);

export const risk = definePage({
  key: "risk",
  path: "/risk",
  title: "Risk",
  nav: "Risk",
  params: NO_PARAMS,
  regions: [now, positions, danger, exposure, refusalsByGate],
  load: nothing,
  view: Page,
});

function Page({ model, frame }: PageProps<unknown, null>): Html {
  return (
    <div class="columns">
      <div class="column-main">
        <Card title="Risk limits" meta="nothing trades beyond them">
          {now.place(model)}
        </Card>
        <Card title="Positions and their stops">{positions.place(model)}</Card>
      </div>
      <div class="column-side">
        <Card title="How it can hurt">{danger.place(model)}</Card>
        <Card title="Exposure by symbol">{exposure.place(model)}</Card>
        <Card title="Refusals by gate" meta={`of the last ${RECENT_MAX}`}>
          {refusalsByGate.place(model)}
        </Card>
        <Card title="Change limits">
          <ChangeForm csrfToken={frame.csrfToken} set={model.view.risk?.set ?? null} />
        </Card>
      </div>
    </div>
  );
}

const COLUMNS: readonly Column[] = [
  { label: "Limit" },
  { label: "Set to", num: true },
  { label: "Holds now", num: true },
  { label: "Used", num: true },
];

const NUMBER = cell({ num: true });

function Limits({ view }: Model): Html {
  const { risk: row } = view;
  if (row === null) return <Empty>The engine has not reported its limits yet.</Empty>;
  return (
    <Table label="Risk limits" columns={COLUMNS}>
      {LIMIT_NAMES.map((name) => {
        const { title, unit } = LIMIT_TERMS[name];
        const used = useOf(name, view);
        return (
          <tr>
            <td class="wrap">{unit === "ms" ? title : `${title}, ${unit}`}</td>
            <td class={NUMBER}>{valueText(name, row.set[name])}</td>
            <td class={NUMBER}>{valueText(name, Number(row.holds[name].toFixed(2)))}</td>
            <td class={NUMBER}>
              {used === null ? "" : <Use title={title} used={used} max={row.holds[name]} />}
            </td>
          </tr>
        );
      })}
    </Table>
  );
}

/** A length of time as people say it, everything else in its unit. */
function valueText(name: LimitName, value: number): string {
  return LIMIT_TERMS[name].unit === "ms" ? duration(value) : limitText(value);
}

function Use({ title, used, max }: { title: string; used: number; max: number }): Html {
  return (
    <span class="nowrap">
      <Meter label={`${title}, share of the limit`} value={Math.max(0, used)} max={max} />{" "}
      {fixed(used, 2)} · {shareOf(used, max)}
    </span>
  );
}

type SetLimits = Readonly<Record<LimitName, number>>;

interface ChangeProps {
  readonly csrfToken: string;
  /** What is set as the page is made; null before the engine reported. */
  readonly set: SetLimits | null;
}

/**
 * Works without scripts, folded until wanted. An empty field leaves its limit; what loosens wants
 * the tick.
 */
function ChangeForm({ csrfToken, set }: ChangeProps): Html {
  const htmx = { "hx-post": "/limits", "hx-target": "#notice", "hx-swap": "innerHTML" };
  return (
    <form class="stack" method="post" action="/limits" {...htmx}>
      <input type="hidden" name="csrf" value={csrfToken} />
      <details class="limit-fields">
        <summary>Limits, a line each</summary>
        <p class="hint">Grey: as set. An empty field leaves its limit as it is.</p>
        {LIMIT_NAMES.filter((name) => LIMIT_TERMS[name].isFixed !== true).map((name) => (
          <LimitField name={name} set={set} />
        ))}
      </details>
      <label>
        Reason <small>(kept in the audit trail)</small>
        <input name="reason" maxlength={200} autocomplete="off" placeholder="optional" />
      </label>
      <label>
        <input type="checkbox" name="confirmed" value="yes" /> I want what loosens
      </label>
      <div class="dialog-buttons">
        <button type="submit" class="button" name="preview" value="yes">
          Preview
        </button>
        <button type="submit" class="button danger-line">
          Change
        </button>
      </div>
    </form>
  );
}

function LimitField({ name, set }: { name: LimitName; set: SetLimits | null }): Html {
  const { title, unit, min, max } = LIMIT_TERMS[name];
  const placeholder = set === null ? undefined : String(set[name]);
  const range = { min, max, step: "any", placeholder };
  return (
    <label>
      <span>
        {title}, {unit}
      </span>
      <input name={name} type="number" autocomplete="off" {...range} />
    </label>
  );
}
