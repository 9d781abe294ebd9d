/** @jsxImportSource hono/jsx */
/** What people, and the program's own rules, did to trading, and what came of it. */
import { type Html, Time } from "../html.tsx";
import type { Model } from "../page-model.ts";
import { region } from "../region.tsx";

export const actions = region("actions", Actions);

/** What fits the overview; the API has all of them. */
const ROWS_MAX = 10;

/** Who did what to trading and what came of it: people, and the program's own rules. */
function Actions({ view }: Model): Html {
  const rows = view.interventions.slice(0, ROWS_MAX);
  if (rows.length === 0) return <p class="empty">Nobody has intervened yet.</p>;
  return (
    <ul class="feed">
      {rows.map((row) => (
        <li>
          <Time atMs={row.atMs} />
          <span>
            <strong>{row.by}</strong>: {row.action.replace("_", " ")} {row.symbol}
            {row.verdict === "executed" ? "" : ` (${row.verdict})`}
            {row.isAutomatic ? " (automatic)" : ""}
          </span>
          <span class="feed-detail">
            {row.outcome === "" ? row.reason : `${row.reason} · ${row.outcome}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
