/** @jsxImportSource hono/jsx */
/** The trail of what people did and tried: filtered, page by page, and as a file. */
import { z } from "zod";
import { momentOf, momentParam } from "../../src/monitor/log-params.ts";
import { oneOf, optional, textParam, wholeParam } from "../../src/monitor/params.ts";
import { Badge, type Column, cell, Empty, type Html, Table, Time } from "../html.tsx";
import { definePage, type PageProps } from "../page.tsx";
import type { Model, PageFrame, Sources, TrailView } from "../page-model.ts";
import { addressText } from "../region.tsx";

const KINDS = ["command", "sign-in", "refusal", "user", "setting", "other"] as const;
const PAGE_ROWS = 100;

export const AUDIT_PARAMS = z.object({
  kind: optional(oneOf(KINDS)),
  by: optional(textParam(64)),
  q: optional(textParam(100)),
  from: optional(momentParam()),
  until: optional(momentParam()),
  before: optional(wholeParam(1, Number.MAX_SAFE_INTEGER)),
});
type Params = z.infer<typeof AUDIT_PARAMS>;
type Props = PageProps<Params, readonly TrailView[] | null>;

export const audit = definePage({
  key: "audit",
  path: "/settings/audit",
  title: "Audit trail",
  nav: null,
  params: AUDIT_PARAMS,
  regions: [],
  load,
  filter: { delayMs: 400, fields: Fields },
  view: Rows,
});

/** What the trail is asked, from what the page was. */
export function trailQueryOf({ kind, by, q, from, until, before }: Params, nowMs: number) {
  const fromMs = from === undefined ? undefined : momentOf(from, nowMs);
  const untilMs = until === undefined ? undefined : momentOf(until, nowMs);
  return { kind, by, q, fromMs, untilMs, before, limit: PAGE_ROWS };
}

/** Null for who may not see it. */
function load({ trail }: Sources, params: Params, { nowMs }: Model, { viewer }: PageFrame) {
  return viewer.role === "viewer" ? null : trail.rows(trailQueryOf(params, nowMs));
}

function Fields({ params }: Props): Html {
  const { kind, by = "", q = "", from = "", until = "" } = params;
  return (
    <>
      <label>
        Kind
        <select name="kind">
          <option value="">all</option>
          {KINDS.map((name) => (
            <option value={name} selected={name === kind}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        By
        <input type="search" name="by" value={by} maxlength={64} size={10} />
      </label>
      <label>
        Contains
        <input type="search" name="q" value={q} maxlength={100} data-page-search />
      </label>
      <label>
        From
        <input name="from" value={from} maxlength={24} size={9} placeholder="-1d" />
      </label>
      <label>
        Until
        <input name="until" value={until} maxlength={24} size={9} placeholder="13:05:41" />
      </label>
    </>
  );
}

const COLUMNS: readonly Column[] = [
  { label: "Time, UTC" },
  { label: "By" },
  { label: "What" },
  { label: "Detail", from: "mid" },
  { label: "Outcome" },
  { label: "Address", from: "wide" },
  { label: "Session", num: true, from: "wide" },
];

function Rows({ params, data }: Props): Html {
  if (data === null) return <Empty>The audit trail is for operators and admins.</Empty>;
  const oldest = data.at(-1);
  const { before: _, ...filter } = params;
  const address = addressText(filter);
  return (
    <>
      <p class="hint">
        Rows are added, never changed; <code>scalper audit verify</code> reads the chain.{" "}
        <a href={`/settings/audit.csv?${address}`}>CSV</a> ·{" "}
        <a href={`/settings/audit.ndjson?${address}`}>NDJSON</a>
      </p>
      {data.length === 0 ? (
        <Empty>No row fits.</Empty>
      ) : (
        <Table label="Audit trail" columns={COLUMNS}>
          {data.map((row) => (
            <Row row={row} />
          ))}
        </Table>
      )}
      {oldest === undefined || data.length < PAGE_ROWS ? null : (
        <p>
          <a href={`/settings/audit?${addressText({ ...filter, before: oldest.id })}`}>
            Older rows
          </a>
        </p>
      )}
    </>
  );
}

function Row({ row }: { row: TrailView }) {
  const isDone = /^(done|executed)/.test(row.outcome);
  return (
    <tr id={`audit-${row.id}`}>
      <td>
        <Time atMs={row.atMs} withDate={true} />
      </td>
      <td>{row.by === "" ? "nobody" : row.by}</td>
      <td class="wrap">{row.what}</td>
      <td class={`wrap ${cell({ from: "mid" })}`}>{row.detail}</td>
      <td class="wrap">
        <Badge tone={isDone ? "good" : "bad"}>{row.outcome}</Badge>
      </td>
      <td class={cell({ from: "wide" })}>{row.address}</td>
      <td class={cell({ num: true, from: "wide" })}>{row.session === 0 ? "–" : row.session}</td>
    </tr>
  );
}
