/** @jsxImportSource hono/jsx */
/** What the risk gate refused and the numbers that decided. */
import { denialText } from "../../src/blotter/deny-text.ts";
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
