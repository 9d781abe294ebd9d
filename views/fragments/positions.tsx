/** What we hold, what it earns, and where the exchange-held stop is. */
import type { PositionAudit } from "../../src/monitor/view.ts";
import { fixed, grouped, NONE } from "../format.ts";
import {
  Badge,
  type Column,
  cell,
  Empty,
  type Html,
  SecondLine,
  SideMark,
  Signed,
  SymbolLink,
  Table,
} from "../html.tsx";
import type { Model } from "../page-model.ts";
import { region } from "../region.tsx";

const COLUMNS: readonly Column[] = [
  { label: "Symbol" },
  { label: "Position" },
  { label: "Entry", num: true, from: "wide" },
  { label: "Mark", num: true, from: "wide" },
  { label: "Stop", num: true },
  { label: "Value, USDT", num: true, from: "wide" },
  { label: "Unrealised", num: true },
  { label: "Realised", num: true, from: "wide" },
];

export const positions = region("positions", Positions);

function Positions({ view }: Model): Html {
  const open = [...view.positions.values()].filter((row) => row.side !== "flat");
  if (open.length === 0) return <Empty>No open position.</Empty>;
  return (
    <Table label="Open positions" columns={COLUMNS}>
      {open.map((row) => (
        <PositionRow row={row} />
      ))}
    </Table>
  );
}

function PositionRow({ row }: { row: PositionAudit }) {
  return (
    <>
      <tr id={`position-${row.symbol}`}>
        <th scope="row">
          <SymbolLink symbol={row.symbol} />
        </th>
        <td>
          <SideMark side={row.side} /> {grouped(row.qtyText)}
        </td>
        <td class={cell({ num: true, from: "wide" })}>{grouped(row.entryPriceText)}</td>
        <td class={cell({ num: true, from: "wide" })}>{grouped(row.markText)}</td>
        <td class="r">
          {row.stopLossText === "" ? (
            <Badge tone="bad" title="The exchange holds no stop for this position">
              no stop
            </Badge>
          ) : (
            grouped(row.stopLossText)
          )}
        </td>
        <td class={cell({ num: true, from: "wide" })}>{fixed(row.notionalUsdt, 2)}</td>
        <td class="r">
          <Signed value={row.unrealisedUsdt} exact={String(row.unrealisedUsdt)} />
        </td>
        <td
          class={cell({ num: true, from: "wide" })}
          title={`fees ${row.feesUsdt}, funding ${row.fundingUsdt} USDT`}
        >
          {Number.isFinite(row.realisedUsdt) ? <Signed value={row.realisedUsdt} /> : NONE}
        </td>
      </tr>
      <SecondLine id={`more-position-${row.symbol}`} columns={COLUMNS}>
        entry {grouped(row.entryPriceText)} · mark {grouped(row.markText)} · value{" "}
        {fixed(row.notionalUsdt, 2)}
      </SecondLine>
    </>
  );
}
