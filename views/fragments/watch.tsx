/** @jsxImportSource hono/jsx */
/** The symbols we trade now, best score first. */
import type { SymbolAudit } from "../../src/monitor/view.ts";
import { fixed, grouped } from "../format.ts";
import { Change, type Column, cell, Empty, type Html, SymbolLink, Table } from "../html.tsx";
import type { Model } from "../page-model.ts";
import { region } from "../region.tsx";
import { V } from "../value.tsx";
import { BookBadge } from "./book.tsx";

/** The active set is a dozen or two; more than this belongs on the symbols page. */
const ROWS_MAX = 20;

const COLUMNS: readonly Column[] = [
  { label: "Symbol" },
  { label: "Last", num: true },
  { label: "24 h", num: true },
  { label: "Spread, bps", num: true, from: "mid" },
  { label: "Score", num: true, from: "wide" },
  { label: "Book" },
];

export const watch = region("watch", Watch);

function Watch({ view }: Model): Html {
  const rows = [...view.symbols.values()]
    .filter((row) => row.active)
    .sort((left, right) => right.score - left.score);
  if (rows.length === 0) return <Empty>No symbol is active yet.</Empty>;
  return (
    <Table label="Active symbols" columns={COLUMNS}>
      {rows.slice(0, ROWS_MAX).map((row) => (
        <WatchRow row={row} />
      ))}
    </Table>
  );
}

function WatchRow({ row }: { row: SymbolAudit }) {
  return (
    <tr id={`watch-${row.symbol}`}>
      <th scope="row">
        <SymbolLink symbol={row.symbol} />
      </th>
      <td class="r price" data-price={row.symbol}>
        <V id={`watch.${row.symbol}.last`}>{grouped(row.lastText)}</V>
      </td>
      <td class="r">
        <Change pct={row.change24hPct} v={`watch.${row.symbol}.change`} />
      </td>
      <td class={cell({ num: true, from: "mid" })}>
        <V id={`watch.${row.symbol}.spread`}>{fixed(row.spreadBps, 2)}</V>
      </td>
      <td class={cell({ num: true, from: "wide" })}>
        <V id={`watch.${row.symbol}.score`}>{fixed(row.score, 1)}</V>
      </td>
      <td>
        <BookBadge row={row} />
      </td>
    </tr>
  );
}
