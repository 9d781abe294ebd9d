/** @jsxImportSource hono/jsx */
/** What the risk gate refused and the numbers that decided. */
import type { DenyReason } from "../../src/domain/deny.ts";
import { grouped } from "../format.ts";
import { Empty, type Html, SideMark, SymbolLink, Time } from "../html.tsx";
import type { Model } from "../page-model.ts";
import { region } from "../region.tsx";

const ROWS_MAX = 8;

export const denials = region("denials", Denials);

function Denials({ view }: Model): Html {
  const rows = view.recentDenials.slice(0, ROWS_MAX);
  if (rows.length === 0) return <Empty>The risk gate has refused nothing.</Empty>;
  return (
    <ul class="feed">
      {rows.map((row) => (
        <li>
          <Time atMs={row.atMs} />
          <span>
            <SymbolLink symbol={row.symbol} /> <SideMark side={row.side} /> {row.purpose}
          </span>
          <span class="feed-detail">{denialText(row.reason)}</span>
        </li>
      ))}
    </ul>
  );
}

/** "book stale · age 3,412 ms · age max 3,000 ms": the code and the numbers that decided. */
export function denialText(reason: DenyReason): string {
  const { code, ...facts } = reason;
  const parts = Object.entries(facts).map(([name, value]) => factText(name, value));
  return [code.toLowerCase().replaceAll("_", " "), ...parts].join(" · ");
}

const UNITS: Readonly<Record<string, string>> = { Ms: " ms", Bps: " bps", Usdt: " USDT" };

/**
 * Moves the unit from the name to behind the number: "ageMsMax", 3000 becomes "age max 3,000 ms".
 */
function factText(name: string, value: unknown): string {
  if (typeof value !== "number") return `${spaced(name)} ${String(value)}`;
  const unit = /(Ms|Bps|Usdt)(?=Max$|$)/.exec(name)?.[1] ?? "";
  const number = grouped(String(Number(value.toFixed(4))));
  return `${spaced(name.replace(unit, ""))} ${number}${UNITS[unit] ?? ""}`;
}

function spaced(name: string): string {
  return name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).trim();
}
