/** @jsxImportSource hono/jsx */
/** What we hold, what it earns, and where the exchange-held stop is. */
import { netRealisedText } from "../../src/monitor/net-realised.ts";
import type { PositionAudit } from "../../src/monitor/view.ts";
import { averagePrice, fixed, grouped } from "../format.ts";
import {
  Badge,
  type Column,
  cell,
  Empty,
  type Html,
  Money,
  SecondLine,
  SideMark,
  SymbolLink,
  Table,
} from "../html.tsx";
import type { Model } from "../page-model.ts";
import { region } from "../region.tsx";
import { V } from "../value.tsx";
import { SymbolStopLink } from "./stop-bar.tsx";

const COLUMNS: readonly Column[] = [
  { label: "Symbol" },
  { label: "Position" },
  { label: "Entry", num: true, from: "wide" },
  { label: "Mark", num: true, from: "wide" },
  { label: "Stop", num: true },
  { label: "Value, USDT", num: true, from: "wide" },
  { label: "Unrealised", num: true },
  { label: "Net realised", num: true, from: "wide" },
];

export const positions = region("positions", Positions);

function Positions({ view }: Model): Html {
  const open = [...view.positions.values()].filter((row) => row.side !== "flat");
  if (open.length === 0) return <Empty>No open position.</Empty>;
  return (
    <Table label="Open positions" columns={COLUMNS}>
      {open.map((row) => (
        <PositionRow row={row} tickDecimals={view.instruments.get(row.symbol)?.price.decimals} />
      ))}
    </Table>
  );
}

interface RowProps {
  readonly row: PositionAudit;
  readonly tickDecimals: number | undefined;
}

function PositionRow({ row, tickDecimals }: RowProps) {
  const entry = averagePrice(row.entryPriceText, tickDecimals);
  return (
    <>
      <tr id={`position-${row.symbol}`}>
        <th scope="row">
          <SymbolLink symbol={row.symbol} /> <SymbolStopLink symbol={row.symbol} />
        </th>
        <td>
          <SideMark side={row.side} /> {grouped(row.qtyText)}
        </td>
        <td class={cell({ num: true, from: "wide" })} title={row.entryPriceText}>
          {entry}
        </td>
        <td class={cell({ num: true, from: "wide" })}>
          <V id={`position.${row.symbol}.mark`}>{grouped(row.markText)}</V>
        </td>
        <td class="r">
          {row.stopLossText === "" ? (
            <Badge tone="bad" title="The exchange holds no stop for this position">
              no stop
            </Badge>
          ) : (
            grouped(row.stopLossText)
          )}
        </td>
        <td class={cell({ num: true, from: "wide" })}>
          <V id={`position.${row.symbol}.value`}>{fixed(Number(row.notionalText), 2)}</V>
        </td>
        <td class="r">
          <Money text={row.unrealisedText} v={`position.${row.symbol}.open`} />
        </td>
        <td
          class={cell({ num: true, from: "wide" })}
          title={`realised ${row.realisedText}, fees ${row.feesText}, funding ${row.fundingText} USDT`}
        >
          <Money text={netRealisedText(row)} />
        </td>
      </tr>
      <SecondLine id={`more-position-${row.symbol}`} columns={COLUMNS}>
        entry {entry} · mark <V id={`position.${row.symbol}.mark`}>{grouped(row.markText)}</V> ·
        value <V id={`position.${row.symbol}.value`}>{fixed(Number(row.notionalText), 2)}</V>
      </SecondLine>
    </>
  );
}
