/** @jsxImportSource hono/jsx */
/** One symbol of the list, in one of three sets of columns, and what may be done with it. */
import type { Bar } from "../../src/domain/bar.ts";
import type { SymbolSort } from "../../src/monitor/symbols-query.ts";
import type { SymbolAudit } from "../../src/monitor/view.ts";
import { AXES, AXIS_NAMES, type Axes } from "../../src/universe/axes.ts";
import { compact, duration, fixed, grouped, NONE } from "../format.ts";
import { Badge, Change, cell, type Html, SymbolLink } from "../html.tsx";
import { V, valueIn } from "../value.tsx";
import { BookBadge } from "./book.tsx";
import { ScoreBar } from "./score-bar.tsx";

interface RowProps {
  readonly row: SymbolAudit;
  readonly isPaused: boolean;
  readonly nowMs: number;
  /** Of the last minute, oldest first; empty where nobody follows it by the second. */
  readonly minute: readonly Bar[];
}

interface SymbolColumn {
  readonly label: string;
  readonly sort?: SymbolSort;
  readonly num?: true;
  readonly from?: "mid" | "wide";
  readonly view: (props: RowProps) => Html | string;
}
export type ColumnSet = readonly SymbolColumn[];

const NAME: SymbolColumn = { label: "Symbol", sort: "symbol", view: Name };
const CATEGORY: SymbolColumn = {
  label: "Category",
  sort: "category",
  from: "wide",
  view: ({ row }) => row.category,
};
const SCORE: SymbolColumn = {
  label: "Score",
  sort: "score",
  num: true,
  view: ({ row }) => V({ id: `${row.symbol}.score`, children: fixed(row.score, 1) }),
};
const LAST: SymbolColumn = {
  label: "Last",
  num: true,
  view: ({ row }) => (
    <span class="price" data-price={row.symbol}>
      <V id={`${row.symbol}.last`}>{grouped(row.lastText)}</V>
    </span>
  ),
};
const MINUTE: SymbolColumn = { label: "60 s", from: "mid", view: Minute };
const CHANGE: SymbolColumn = {
  label: "24 h",
  sort: "change",
  num: true,
  view: ({ row }) => Change({ pct: row.change24hPct, v: `${row.symbol}.change` }),
};
const TURNOVER: SymbolColumn = {
  label: "Turnover 24 h, USDT",
  sort: "turnover",
  num: true,
  from: "mid",
  view: ({ row }) => V({ id: `${row.symbol}.turnover`, children: compact(row.turnover24hUsdt) }),
};
const SPREAD: SymbolColumn = {
  label: "Spread, bps",
  sort: "spread",
  num: true,
  from: "wide",
  view: ({ row }) => V({ id: `${row.symbol}.spread`, children: fixed(row.spreadBps, 2) }),
};
const VOLATILITY: SymbolColumn = {
  label: "Volatility 1 s, bps",
  sort: "volatility",
  num: true,
  from: "wide",
  view: ({ row }) => V({ id: `${row.symbol}.volatility`, children: fixed(row.volatilityBps, 1) }),
};
const FUNDING: SymbolColumn = {
  label: "Funding",
  sort: "funding",
  num: true,
  from: "wide",
  view: ({ row: { symbol, fundingRateText } }) =>
    V({
      id: `${symbol}.funding`,
      children: fundingRateText === "" ? NONE : `${fixed(Number(fundingRateText) * 100, 4)}%`,
    }),
};
const BOOK: SymbolColumn = { label: "Book", from: "mid", view: ({ row }) => BookBadge({ row }) };
const PARTS: SymbolColumn = {
  label: "Caught and paid, bps",
  from: "mid",
  view: ({ row }) => ScoreBar({ score: row.scoreParts }),
};
const WHY: SymbolColumn = { label: "Why in, why out", from: "mid", view: Why };
const VERBS: SymbolColumn = { label: "Do", view: Verbs };

const classColumn = (name: keyof Axes): SymbolColumn => ({
  label: AXES[name].title,
  from: name === "liquidity" || name === "volatility" ? "mid" : "wide",
  view: ({ row }) => Class({ row, name }),
});

/** Sets of columns by what one asks: why is it traded, how is its market, what kind is it. */
export const COLUMN_SETS = {
  why: [NAME, SCORE, PARTS, WHY, LAST, MINUTE, CHANGE, TURNOVER, SPREAD, VERBS],
  market: [NAME, CATEGORY, SCORE, LAST, CHANGE, TURNOVER, SPREAD, VOLATILITY, FUNDING, BOOK, VERBS],
  classes: [NAME, SCORE, ...AXIS_NAMES.map(classColumn), VERBS],
} as const satisfies Readonly<Record<string, ColumnSet>>;
export const SET_NAMES = ["why", "market", "classes"] as const;
export const DEFAULT_SET = "why";

export function SymbolRow(props: RowProps & { readonly columns: ColumnSet }): Html {
  const { symbol } = props.row;
  const [head, ...others] = props.columns;
  return (
    <tr id={`symbol-${symbol}`} data-symbol={symbol}>
      <th scope="row">{head?.view(props)}</th>
      {others.map((column) => (
        <td class={cell(column)}>{column.view(props)}</td>
      ))}
    </tr>
  );
}

function Name({ row, isPaused }: RowProps) {
  const { pin, block, note } = row.words;
  return (
    <>
      <SymbolLink symbol={row.symbol} />
      {row.active ? (
        <span class="dot" title="Quoted by a strategy now">
          <span aria-hidden="true">●</span>
          <span class="sr">active</span>
        </span>
      ) : null}
      {pin === null ? null : (
        <Badge tone="info" title={`by ${pin.by}: ${pin.reason}`}>
          pinned
        </Badge>
      )}
      {block === null ? null : (
        <Badge tone="bad" title={`by ${block.by}: ${block.reason}`}>
          blocked
        </Badge>
      )}
      {isPaused ? <Badge tone="warn">paused</Badge> : null}
      {note === "" ? null : (
        <Badge tone="mute" title={note}>
          note
        </Badge>
      )}
    </>
  );
}

const LINE = { width: 68, height: 16 };
/** A point every so many seconds: the line is told of when it has one more, not every second. */
const POINT_MS = 3_000;
const MINUTE_MS = 60_000;

/** The closes of the last minute; the price beside it says the number. */
function Minute({ row, minute }: RowProps) {
  const points = minute.filter(({ startAtMs }) => startAtMs % POINT_MS === 0);
  const last = points.at(-1);
  if (last === undefined) return "";
  const closes = points.map(({ closeTicks }) => closeTicks);
  const low = Math.min(...closes);
  const span = Math.max(...closes) - low || 1;
  const text = points.map(({ startAtMs, closeTicks }) => {
    const x = LINE.width * (1 - (last.startAtMs - startAtMs) / MINUTE_MS);
    const y = LINE.height - 1 - ((closeTicks - low) / span) * (LINE.height - 2);
    return `${Math.round(x)},${Math.round(y)}`;
  });
  return (
    <svg class="minute" viewBox={`0 0 ${LINE.width} ${LINE.height}`} aria-hidden="true">
      <polyline {...valueIn(`${row.symbol}.line`, "points", text.join(" "))} />
    </svg>
  );
}

function Why({ row, nowMs }: RowProps) {
  const { place, why, stayUntilMs } = row.standing;
  const leftMs = row.active ? stayUntilMs - nowMs : 0;
  return (
    <span class="why">
      {place > 0 ? <Badge tone="info">{`next ${place}`}</Badge> : null}
      <V id={`${row.symbol}.why`}>
        {leftMs > 0 ? `${why}; stays ${duration(Math.ceil(leftMs / 1_000) * 1_000)} more` : why}
      </V>
    </span>
  );
}

function Class({ row, name }: { row: SymbolAudit; name: keyof Axes }) {
  const { axes, symbol } = row;
  if (axes === null) return <span class="flat">{NONE}</span>;
  const { value, number } = axes[name];
  const { unit, rule } = AXES[name];
  return (
    <span title={rule}>
      {value} <V id={`${symbol}.${name}`}>{numberText(number)}</V> <span class="unit">{unit}</span>
    </span>
  );
}

const numberText = (number: number): string =>
  Math.abs(number) >= 1_000 ? compact(number) : fixed(number, Math.abs(number) < 10 ? 2 : 0);

/**
 * Links, as live messages carry no button: each opens the dialog about the symbol with its choice
 * ready, and without scripts leads to the symbol's page, where the same are forms.
 */
function Verbs({ row, isPaused }: RowProps) {
  const { pin, block } = row.words;
  return (
    <span class="verbs">
      <Verb row={row} verb="pause" action={isPaused ? "resume" : "pause"} />
      <Verb row={row} verb="pin" action={pin === null ? "pin" : "unpin"} />
      <Verb row={row} verb="block" action={block === null ? "block" : "unblock"} />
    </span>
  );
}

function Verb({ row, verb, action }: { row: SymbolAudit; verb: string; action: string }) {
  const label = action.charAt(0).toUpperCase() + action.slice(1);
  return (
    <a
      class="button tiny act"
      href={`/symbols/${encodeURIComponent(row.symbol)}#standing`}
      data-symbol={row.symbol}
      data-verb={verb}
      data-action={`${action}_symbol`}
      aria-label={`${label} ${row.symbol}`}
    >
      {label}
    </a>
  );
}
