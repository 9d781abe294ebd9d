/** @jsxImportSource hono/jsx */
/** Closed round trips: what each made, why it was entered and left, and the way to its fills. */
import type { Instrument } from "../../src/domain/instrument.ts";
import { fixedToNumber, fixedToText } from "../../src/kernel/fixed.ts";
import type { RoundTripRow } from "../../src/pnl/reading.ts";
import { averagePrice, duration, fixed, grouped, NONE } from "../format.ts";
import {
  type Column,
  cell,
  type Html,
  SecondLine,
  SideMark,
  Signed,
  SymbolLink,
  Table,
  Time,
} from "../html.tsx";
import { blotterPath } from "./blotter-filter.tsx";
import { Why } from "./blotter-rows.tsx";

const COLUMNS: readonly Column[] = [
  { label: "Closed (UTC)" },
  { label: "Symbol" },
  { label: "Side" },
  { label: "Quantity", num: true, from: "wide" },
  { label: "Entry", num: true, from: "wide" },
  { label: "Exit", num: true, from: "wide" },
  { label: "Held", num: true, from: "wide" },
  { label: "Net, USDT", num: true },
  { label: "bps", num: true, from: "mid" },
  { label: "Fills", num: true, from: "wide" },
  { label: "Entered because", from: "wide" },
  { label: "Left because", from: "wide" },
];

interface TableProps {
  readonly rows: readonly RoundTripRow[];
  /** For the decimals of prices; a symbol that left the venue is not among them. */
  readonly instruments: ReadonlyMap<string, Instrument>;
}

export function TripTable({ rows, instruments }: TableProps): Html {
  return (
    <Table label="Round trips" columns={COLUMNS}>
      {rows.map((trip) => (
        <TripLine trip={trip} tickDecimals={instruments.get(trip.symbol)?.price.decimals} />
      ))}
    </Table>
  );
}

/** Executions carry the venue's time, and trips ours. */
const CLOCKS_APART_MS = 2_000;

/** Its executions: of the symbol, while it lasted. */
function fillsPath({ symbol, openedAtMs, closedAtMs }: RoundTripRow): string {
  const from = new Date(openedAtMs - CLOCKS_APART_MS).toISOString();
  const to = new Date(closedAtMs + CLOCKS_APART_MS).toISOString();
  return blotterPath("fills", `sym:${symbol} from:${from} to:${to}`);
}

interface LineProps {
  readonly trip: RoundTripRow;
  readonly tickDecimals: number | undefined;
}

function TripLine({ trip, tickDecimals }: LineProps): Html {
  const entry = averagePrice(trip.entryPriceText, tickDecimals);
  const exit = averagePrice(trip.exitPriceText, tickDecimals);
  const num = cell({ num: true, from: "wide" });
  const held = duration(trip.closedAtMs - trip.openedAtMs);
  const entered = <Why clientId={trip.entryClientId} purpose="" reason={trip.entryReason} />;
  const exitWord = trip.exitKind === "trade" ? "" : trip.exitKind;
  const left = <Why clientId={trip.exitClientId} purpose={exitWord} reason={trip.exitReason} />;
  return (
    <>
      <tr id={`trip-${trip.id}`}>
        <td class="when">
          <Time atMs={trip.closedAtMs} withDate={true} />
        </td>
        <th scope="row">
          <SymbolLink symbol={trip.symbol} />
        </th>
        <td>
          <SideMark side={trip.side === "buy" ? "long" : "short"} />
        </td>
        <td class={num}>{grouped(trip.qtyText)}</td>
        <td class={num} title={trip.entryPriceText}>
          {entry}
        </td>
        <td class={num} title={trip.exitPriceText}>
          {exit}
        </td>
        <td class={num}>{held}</td>
        <td class="r">
          <Signed value={fixedToNumber(trip.net)} decimals={4} exact={netText(trip)} />
        </td>
        <td class={cell({ num: true, from: "mid" })}>
          {trip.netBps === null ? NONE : <Signed value={trip.netBps} decimals={1} />}
        </td>
        <td class={num}>
          <a href={fillsPath(trip)}>{fixed(trip.fills, 0)}</a>
        </td>
        <td class="wide why">{entered}</td>
        <td class="wide why">{left}</td>
      </tr>
      <SecondLine id={`trip-more-${trip.id}`} columns={COLUMNS}>
        {grouped(trip.qtyText)} from {entry} to {exit} in {held} ·{" "}
        <a href={fillsPath(trip)}>{trip.fills} fills</a> · {entered} · {left}
      </SecondLine>
    </>
  );
}

function netText({ gross, fees, funding, net }: RoundTripRow): string {
  const [realised, paid, funded] = [gross, fees, funding].map((part) => fixedToText(part));
  return `${fixedToText(net)} = realised ${realised} − fees ${paid} − funding ${funded}`;
}
