/** @jsxImportSource hono/jsx */
/** What one symbol made: its closed round trips, and its net by hour of the day. */
import { fixedToNumber } from "../../src/kernel/fixed.ts";
import type { RoundTripRow } from "../../src/pnl/reading.ts";
import { averagePrice, duration, fixed, grouped, NONE, signed, withMinus } from "../format.ts";
import { type Column, cell, Empty, type Html, SideMark, Table, Time } from "../html.tsx";
import { ExactMoney } from "./pnl-money.tsx";

const COLUMNS: readonly Column[] = [
  { label: "Closed (UTC)" },
  { label: "Side" },
  { label: "Quantity", num: true, from: "wide" },
  { label: "Entry", num: true, from: "wide" },
  { label: "Exit", num: true, from: "wide" },
  { label: "Held", num: true, from: "mid" },
  { label: "Net, bps", num: true },
  { label: "Net, USDT", num: true },
  { label: "Why out", from: "mid" },
];

interface TripsProps {
  readonly trips: readonly RoundTripRow[];
  /** Decimals of the symbol's prices. */
  readonly tickDecimals: number;
}

export function RoundTrips({ trips, tickDecimals }: TripsProps): Html {
  if (trips.length === 0) return <Empty>No round trip was closed here yet.</Empty>;
  return (
    <Table label="Round trips" columns={COLUMNS}>
      {trips.map((trip) => (
        <tr id={`trip-${trip.id}`} title={`in: ${withMinus(trip.entryReason) || NONE}`}>
          <td class="when">
            <Time atMs={trip.closedAtMs} />
          </td>
          <td>
            <SideMark side={trip.side === "buy" ? "long" : "short"} />
          </td>
          <td class={cell({ num: true, from: "wide" })}>{grouped(trip.qtyText)}</td>
          <td class={cell({ num: true, from: "wide" })} title={trip.entryPriceText}>
            {averagePrice(trip.entryPriceText, tickDecimals)}
          </td>
          <td class={cell({ num: true, from: "wide" })} title={trip.exitPriceText}>
            {averagePrice(trip.exitPriceText, tickDecimals)}
          </td>
          <td class={cell({ num: true, from: "mid" })}>
            {duration(trip.closedAtMs - trip.openedAtMs)}
          </td>
          <td class="r">{trip.netBps === null ? NONE : signed(trip.netBps, 1)}</td>
          <td class="r">
            <ExactMoney amount={trip.net} v={`trip.${trip.id}`} />
          </td>
          <td class={cell({ from: "mid" })}>{withMinus(trip.exitReason || trip.exitKind)}</td>
        </tr>
      ))}
    </Table>
  );
}

const HOURS = 24;
const WIDTH = 480;
const HEIGHT = 84;

interface HourNet {
  /** Whole hours since the trading day began. */
  readonly hour: number;
  readonly net: bigint;
}

/** Bars over the hours of the trading day, all days together. */
export function NetByHour({ cells }: { cells: readonly HourNet[] }): Html {
  if (cells.length === 0) return <Empty>No execution in the last 30 days.</Empty>;
  const sums = Array.from({ length: HOURS }, () => 0);
  for (const { hour, net } of cells) {
    const at = Math.min(hour, HOURS - 1);
    sums[at] = (sums[at] ?? 0) + fixedToNumber(net);
  }
  const most = Math.max(...sums.map(Math.abs)) || 1;
  const step = WIDTH / HOURS;
  const middle = HEIGHT / 2;
  const worst = sums.indexOf(Math.min(...sums));
  const best = sums.indexOf(Math.max(...sums));
  const at = (hour: number) => `${String(hour).padStart(2, "0")}:00`;
  const sentence =
    `Net by hour of the day over 30 days: best ${signed(sums[best] ?? 0, 2)} USDT from ` +
    `${at(best)}, worst ${signed(sums[worst] ?? 0, 2)} from ${at(worst)}`;
  return (
    <>
      <svg
        class="hours"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={sentence}
      >
        <line x1="0" x2={WIDTH} y1={middle} y2={middle} />
        {sums.map((net, hour) => {
          const height = (Math.abs(net) / most) * (middle - 2);
          return (
            <rect
              class={net >= 0 ? "up" : "down"}
              x={(hour * step + 2).toFixed(1)}
              width={(step - 4).toFixed(1)}
              y={(net >= 0 ? middle - height : middle).toFixed(1)}
              height={height.toFixed(1)}
            />
          );
        })}
      </svg>
      <p class="hint">{sentence}</p>
      <details class="chart-twin">
        <summary>as table</summary>
        <Table label="Net by hour" columns={[{ label: "Hour" }, { label: "Net, USDT", num: true }]}>
          {sums.map((net, hour) => (
            <tr>
              <td>{at(hour)}</td>
              <td class="r">{net === 0 ? fixed(0, 2) : signed(net, 4)}</td>
            </tr>
          ))}
        </Table>
      </details>
    </>
  );
}
