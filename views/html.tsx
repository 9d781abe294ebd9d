/** @jsxImportSource hono/jsx */
/** Small pieces that every fragment uses, and the one way to turn a view into text. */
import type { Child } from "hono/jsx";
import type { HtmlEscapedString } from "hono/utils/html";
import { clockUtc, dateTimeUtc, fixed, isoUtc, NONE, signed } from "./format.ts";
import { V, type ValueTone, valueIn } from "./value.tsx";

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Views are synchronous; an asynchronous component would print "[object Promise]" here. */
export function render(html: Html): string {
  return String(html);
}

interface SignedProps {
  readonly value: number;
  readonly decimals?: number;
  readonly exact?: string;
  readonly unit?: string;
  /** Its id where it lives by itself: see value.tsx. */
  readonly v?: string | undefined;
}

/** Money or a difference with its sign; colour only repeats what the sign says, zero has none. */
export function Signed(props: SignedProps) {
  const { value, decimals = 2, exact, unit = "", v } = props;
  const text = `${signed(value, decimals)}${unit}`;
  const tone = toneOf(value, decimals);
  const title = exact === undefined || exact === "" ? undefined : `${exact} USDT`;
  if (v !== undefined) {
    return (
      <V id={v} tone={tone} title={title}>
        {text}
      </V>
    );
  }
  return (
    <span class={`num ${tone}`} title={title}>
      {text}
    </span>
  );
}

/** By the number that is shown: what rounds to zero is neither a gain nor a loss. */
function toneOf(value: number, decimals: number): ValueTone {
  const shown = Number(value.toFixed(decimals));
  return shown > 0 ? "up" : shown < 0 ? "down" : "flat";
}

/** Money that the ledger keeps: rounded with its sign, exact in the title. */
export function Money({ text, unit = "", v }: { text: string; unit?: string; v?: string }) {
  if (text !== "") return <Signed value={Number(text)} exact={text} unit={unit} v={v} />;
  if (v === undefined) return <span class="num flat">{NONE}</span>;
  return (
    <V id={v} tone="flat">
      {NONE}
    </V>
  );
}

/** A percentage with an arrow. */
export function Change({ pct, v }: { pct: number; v?: string }) {
  const tone = Number.isFinite(pct) ? toneOf(pct, 2) : "flat";
  const arrow = tone === "up" ? "▲" : tone === "down" ? "▼" : "·";
  const text = Number.isFinite(pct) ? `${signed(pct, 2)}%` : NONE;
  if (v !== undefined) {
    return (
      <V id={v} tone={tone}>
        {Number.isFinite(pct) ? `${arrow} ${text}` : text}
      </V>
    );
  }
  if (!Number.isFinite(pct)) return <span class="num flat">{NONE}</span>;
  return (
    <span class={`num ${tone}`}>
      <span class="arrow" aria-hidden="true">
        {arrow}
      </span>
      {text}
    </span>
  );
}

export function Time({ atMs, withDate = false }: { atMs: number; withDate?: boolean }) {
  return (
    <time class="num" datetime={isoUtc(atMs)} title={`${dateTimeUtc(atMs)} UTC`}>
      {withDate ? <span class="date">{dateTimeUtc(atMs).slice(0, 10)} </span> : null}
      {clockUtc(atMs)}
    </time>
  );
}

export type Tone = "good" | "warn" | "bad" | "info" | "mute";

/** A word on a tinted ground; the word alone must be enough. */
export function Badge(props: { tone: Tone; title?: string; children: Child }) {
  return (
    <span class={`badge ${props.tone}`} title={props.title}>
      {props.children}
    </span>
  );
}

/** Buy or sell: an arrow and a word. */
export function SideMark({ side }: { side: "buy" | "sell" | "long" | "short" | "flat" }) {
  const isUp = side === "buy" || side === "long";
  if (side === "flat") return <span class="flat">flat</span>;
  return (
    <span class={isUp ? "up" : "down"}>
      <span class="arrow" aria-hidden="true">
        {isUp ? "▲" : "▼"}
      </span>
      {side}
    </span>
  );
}

/** Where a name too long for its column may break: 1000000|BABYDOGE|USDT. */
const NAME_PARTS = /^(10+)?(.*?)(USDT)?$/;

export function SymbolLink({ symbol }: { symbol: string }) {
  const [, multiple = "", coin = "", quote = ""] = NAME_PARTS.exec(symbol) ?? [];
  return (
    <a class="symbol" href={`/symbols/${encodeURIComponent(symbol)}`}>
      {multiple}
      {multiple === "" ? null : <wbr />}
      {coin}
      <wbr />
      {quote}
    </a>
  );
}

interface MeterProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  /** Its id where it lives by itself: see value.tsx. */
  readonly v?: string;
}

/** How full something is; its own colour turns at 85 %, and the text beside it says the numbers. */
export function Meter({ label, value, max, v }: MeterProps) {
  const now = v === undefined ? { value } : valueIn(v, "value", String(value));
  return (
    <meter {...now} aria-label={label} min={0} max={max} high={max * 0.85} optimum={0}>
      {v === undefined ? `${fixed((100 * value) / max, 0)} %` : null}
    </meter>
  );
}

/** A titled box. `meta` stands at the right end of the title line. */
export function Card(props: { title: string; id?: string; meta?: Child; children: Child }) {
  return (
    <section class="card" id={props.id} aria-label={props.title}>
      <header class="card-head">
        <h2>{props.title}</h2>
        {props.meta === undefined ? null : <span class="card-meta">{props.meta}</span>}
      </header>
      {props.children}
    </section>
  );
}

/** Named values, one a line; `wide` puts two on a line where there is room. */
export function Facts(props: { rows: readonly (readonly [string, Child])[]; wide?: true }) {
  return (
    <dl class={props.wide ? "facts two" : "facts"}>
      {props.rows.map(([label, value]) => (
        <Fact label={label}>{value}</Fact>
      ))}
    </dl>
  );
}

/** One line of such a list. */
export function Fact({ label, children }: { label: string; children: Child }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd class="num">{children}</dd>
    </div>
  );
}

export interface Column {
  readonly label: string;
  /** Right-aligned tabular figures. */
  readonly num?: true;
  /** Shown only where the table has room: "wide" from 800 px, "mid" from 420 px of its own box. */
  readonly from?: "mid" | "wide";
}

/** The class of a column's cells. */
export function cell(column: { num?: true; from?: "mid" | "wide" }): string | undefined {
  const names = [column.num ? "r" : "", column.from ?? ""].filter((name) => name !== "");
  return names.length === 0 ? undefined : names.join(" ");
}

/** A table that scrolls inside its own box; `label` is its name for screen readers. */
export function Table(props: { label: string; columns: readonly Column[]; children: Child }) {
  return (
    <section class="scroll" aria-label={props.label} tabindex={0}>
      <table>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th scope="col" class={cell(column)}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </section>
  );
}

/** The line under a row that carries what a narrow table has no column for; hidden from 800 px. */
export function SecondLine(props: { id: string; columns: readonly Column[]; children: Child }) {
  return (
    <tr class="second" id={props.id}>
      <td colspan={props.columns.length}>{props.children}</td>
    </tr>
  );
}

/** What stands where rows would stand. */
export function Empty({ children }: { children: Child }) {
  return <p class="empty">{children}</p>;
}
