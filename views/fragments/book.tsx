/** @jsxImportSource hono/jsx */
/** Whether a symbol's order book can be believed. */
import type { SymbolAudit } from "../../src/monitor/view.ts";
import { duration } from "../format.ts";
import { Badge, type Html, type Tone } from "../html.tsx";

const TONE: Readonly<Record<SymbolAudit["bookState"], Tone>> = {
  live: "good",
  stale: "warn",
  quarantined: "bad",
  none: "mute",
};

export function BookBadge({ row }: { row: SymbolAudit }): Html {
  const title = row.bookFault === "" ? `Order book: ${row.bookState}` : row.bookFault;
  return (
    <Badge tone={TONE[row.bookState]} title={title}>
      {row.bookState === "none" ? "no book" : row.bookState}
    </Badge>
  );
}

/** The last comparison with the venue's own book. */
export function BookAuditText({ row, nowMs }: { row: SymbolAudit; nowMs: number }): Html {
  if (row.bookAudit === null) return <span class="flat">not compared yet</span>;
  const { matched, atMs, detail } = row.bookAudit;
  return (
    <span title={detail}>
      <Badge tone={matched ? "good" : "bad"}>{matched ? "matched" : "differed"}</Badge>{" "}
      {duration(Math.floor((nowMs - atMs) / 1000) * 1000)} ago
    </span>
  );
}
