/** What the risk gate refused and the numbers that decided. */
import type { DenyReason } from "../../src/domain/deny.ts";
import { Empty, type Html, SideMark, SymbolLink, Time } from "../html.tsx";
import type { Model } from "../model.ts";

const ROWS_MAX = 8;

export function Denials({ view }: Model): Html {
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

/** "BOOK_STALE, age 3412 ms, max 3000 ms": the code and its numbers, no prose to mistranslate. */
export function denialText(reason: DenyReason): string {
  const { code, ...numbers } = reason;
  const parts = Object.entries(numbers).map(([name, value]) => `${spaced(name)} ${shown(value)}`);
  return [code.toLowerCase().replaceAll("_", " "), ...parts].join(" · ");
}

function shown(value: unknown): string {
  return typeof value === "number" ? String(Number(value.toFixed(4))) : String(value);
}

function spaced(name: string): string {
  return name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
}
