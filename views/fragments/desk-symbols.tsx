/** @jsxImportSource hono/jsx */
/**
 * One row for each symbol that is watched: what is held, what it makes, and what the program does
 * there and why. Rows stand by name; a symbol that leaves keeps its row for ten seconds, and places
 * that are free are kept free, so that nothing below moves.
 */

import { denialText } from "../../src/blotter/deny-text.ts";
import { type DeskSlot, netOfMinute } from "../../src/monitor/desk-slots.ts";
import type { PositionAudit, SymbolAudit } from "../../src/monitor/view.ts";
import { grouped, pnl, withMinus } from "../format.ts";
import { Badge, type Column, cell, type Html, SideMark, SymbolLink, Table } from "../html.tsx";
import type { Model } from "../page-model.ts";
import { region } from "../region.tsx";
import { V, valueIn } from "../value.tsx";
import { BookBadge } from "./book.tsx";

const COLUMNS: readonly Column[] = [
  { label: "Symbol" },
  { label: "Position" },
  { label: "Qty", num: true },
  { label: "Open P&L", num: true },
  { label: "1 min", num: true, from: "wide" },
  { label: "Net today", num: true },
  { label: "60 s", from: "mid" },
  { label: "Doing, and why" },
  { label: "Stop it" },
];

/** Places that are kept before the engine has said how many symbols it trades. */
const PLACES_DEFAULT = 8;
/** For those that are no longer active and still held, or have just left. */
const PLACES_LEAVING = 2;

export const deskSymbols = region("desk-symbols", DeskSymbols, "desk-symbols");

function DeskSymbols(model: Model): Html {
  const { slots, universe } = model.view;
  const places = (universe.parameters?.activeMax ?? PLACES_DEFAULT) + PLACES_LEAVING;
  const free = Math.max(0, places - slots.length);
  return (
    <Table label="Symbols and positions" columns={COLUMNS}>
      {slots.map((slot) => (
        <Row slot={slot} model={model} />
      ))}
      {Array.from({ length: free }, (_, at) => (
        <tr class="free">
          <td colspan={COLUMNS.length}>
            {at === 0 && slots.length === 0 ? "No symbol is watched yet." : ""}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Row({ slot, model }: { slot: DeskSlot; model: Model }) {
  const { symbol, doing } = slot;
  const position = model.view.positions.get(symbol);
  const held = position === undefined || position.side === "flat" ? null : position;
  const name = slot.leftAtMs === null ? doing.doing : "left";
  return (
    <tr id={`slot-${symbol}`} class={name} data-row={symbol}>
      <th scope="row">
        <SymbolLink symbol={symbol} /> <Book row={model.view.symbols.get(symbol)} />
      </th>
      <td class="held-side">
        <SideMark side={held?.side ?? "flat"} />{" "}
        {held !== null && held.stopLossText === "" ? (
          <Badge tone="bad" title="The exchange holds no stop for this position">
            no stop
          </Badge>
        ) : null}
      </td>
      <td class="r held-qty">
        <Text v={`${symbol}.qty`} text={held === null ? "" : grouped(held.qtyText)} />
      </td>
      <td class="r held-open">
        <Pnl v={`${symbol}.open`} value={openOf(held)} />
      </td>
      <td class={`${cell({ num: true, from: "wide" })}`}>
        <Pnl v={`${symbol}.minute`} value={held === null ? null : netOfMinute(slot)} />
      </td>
      <td class="r made">
        <Pnl v={`${symbol}.today`} value={doing.netTodayUsdt} />
      </td>
      <td class={cell({ from: "mid" })}>
        <Minute slot={slot} />
      </td>
      <td class="why">
        <Text v={`${symbol}.why`} text={withMinus(whyOf(slot, model))} />
      </td>
      <td class="acts">
        <Act symbol={symbol} action="close_symbol" label="Close" />
        {doing.doing === "paused" || doing.doing === "closing" ? (
          <Act symbol={symbol} action="resume_symbol" label="Resume" />
        ) : (
          <Act symbol={symbol} action="pause_symbol" label="Pause" />
        )}
        <Act symbol={symbol} action="" label="⋯" />
      </td>
    </tr>
  );
}

/** Only where the book is not what one may trade on. */
function Book({ row }: { row: SymbolAudit | undefined }) {
  return row === undefined || row.bookState === "live" ? null : <BookBadge row={row} />;
}

function openOf(held: PositionAudit | null): number | null {
  return held === null || held.unrealisedText === "" ? null : Number(held.unrealisedText);
}

function Text({ v, text }: { v: string; text: string }) {
  return <V id={`slots.${v}`}>{text}</V>;
}

/** Nothing where nothing is held: a row of dashes would be read again and again. */
function Pnl({ v, value }: { v: string; value: number | null }) {
  const { text, tone } = value === null ? { text: "", tone: "flat" as const } : pnl(value);
  return (
    <V id={`slots.${v}`} tone={tone}>
      {text}
    </V>
  );
}

/** A refusal that is younger than this is the reason why nothing is quoted. */
const REFUSAL_MS = 12_000;

function whyOf({ symbol, doing, leftAtMs }: DeskSlot, { view, nowMs }: Model): string {
  if (leftAtMs !== null) return leftWords(symbol, view);
  if (doing.cause !== "between orders") return doing.why;
  const denial = view.recentDenials.find((row) => row.symbol === symbol);
  const isYoung = denial !== undefined && nowMs - denial.atMs < REFUSAL_MS;
  return isYoung ? `refused: ${denialText(denial.reason)}` : doing.why;
}

function leftWords(symbol: string, { symbols, universe }: Model["view"]): string {
  const score = symbols.get(symbol)?.score ?? Number.NaN;
  const least = universe.parameters?.leaveScore ?? Number.NaN;
  return score < least ? `left: score ${score.toFixed(0)} < ${least}` : "left the active set";
}

/** A link, as live messages carry no button; without scripts it leads to the symbol's page. */
function Act({ symbol, action, label }: { symbol: string; action: string; label: string }) {
  return (
    <a
      class={action === "" ? "button tiny act-all" : "button tiny act"}
      href={`/symbols/${encodeURIComponent(symbol)}`}
      data-symbol={symbol}
      data-action={action === "" ? undefined : action}
      aria-label={action === "" ? `Close or pause ${symbol}` : `${label} ${symbol}`}
    >
      {label}
    </a>
  );
}

const LINE = { width: 68, height: 16 };
/** A point every so many seconds: the line is told of when it has one more, not every second. */
const LINE_EVERY_S = 3;

/** The price of the last minute; the words beside it say what matters. */
function Minute({ slot: { symbol, marks } }: { slot: DeskSlot }) {
  const mids = marks
    .filter(({ atMs, mid }) => Math.floor(atMs / 1_000) % LINE_EVERY_S === 0 && mid > 0)
    .map(({ mid }) => mid);
  const low = Math.min(...mids);
  const span = Math.max(...mids) - low || 1;
  const wide = 60 / LINE_EVERY_S;
  const points = mids.map((mid, at) => {
    const x = ((at + wide - mids.length + 1) * LINE.width) / wide;
    return `${Math.round(x)},${Math.round(LINE.height - 1 - ((mid - low) / span) * (LINE.height - 2))}`;
  });
  return (
    <svg class="minute" viewBox={`0 0 ${LINE.width} ${LINE.height}`} aria-hidden="true">
      <polyline {...valueIn(`slots.${symbol}.line`, "points", points.join(" "))} />
    </svg>
  );
}
