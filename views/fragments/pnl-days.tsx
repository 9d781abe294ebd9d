/** @jsxImportSource hono/jsx */
/**
 * Net by day: bars of the range, the sum of them with how far it stood below its peak, and a
 * calendar of a year. Drawn in attributes only, so that no style is inline; each has its table.
 */
import { fixedToNumber } from "../../src/kernel/fixed.ts";
import { type Bridge, netOfBridge } from "../../src/pnl/money-lines.ts";
import { blotterHref } from "../blotter-link.ts";
import { fixed, signed } from "../format.ts";
import { Empty, type Html, Table } from "../html.tsx";
import { ExactMoney } from "./pnl-money.tsx";

/** A day that had executions. */
export interface DayMoney {
  readonly date: string;
  readonly bridge: Bridge;
}

const WIDTH = 720;
const HEIGHT = 140;
const netUsdt = ({ bridge }: DayMoney): number => fixedToNumber(netOfBridge(bridge));

interface DaysProps {
  readonly days: readonly DayMoney[];
  readonly symbol: string | undefined;
}

export function DayBars({ days, symbol }: DaysProps): Html {
  if (days.length === 0) return <Empty>No day with an execution in this time.</Empty>;
  const nets = days.map(netUsdt);
  const high = Math.max(0, ...nets);
  const span = high - Math.min(0, ...nets) || 1;
  const y = (value: number): number => ((high - value) / span) * HEIGHT;
  const step = WIDTH / days.length;
  const won = nets.filter((net) => net > 0).length;
  const sentence = `Net by day: ${won} of ${days.length} days above zero, best ${signed(Math.max(...nets), 2)}, worst ${signed(Math.min(...nets), 2)} USDT`;
  return (
    <>
      <svg
        class="bars"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={sentence}
      >
        <path class="axis" d={`M0 ${y(0).toFixed(1)}H${WIDTH}`} />
        {nets.map((net, at) => (
          <rect
            class={net > 0 ? "up" : "down"}
            x={(at * step + step * 0.1).toFixed(2)}
            width={(step * 0.8).toFixed(2)}
            y={Math.min(y(0), y(net)).toFixed(2)}
            height={Math.abs(y(net) - y(0)).toFixed(2)}
          >
            <title>{`${days[at]?.date ?? ""}: ${signed(net, 2)} USDT`}</title>
          </rect>
        ))}
      </svg>
      <DayTable days={days} symbol={symbol} />
    </>
  );
}

const DAY_COLUMNS = [
  { label: "Day" },
  { label: "Net, USDT", num: true },
  { label: "Fees", num: true, from: "mid" },
  { label: "Funding", num: true, from: "wide" },
  { label: "Trips", num: true },
  { label: "Won", num: true, from: "mid" },
  { label: "Maker", num: true, from: "wide" },
] as const;

function DayTable({ days, symbol }: DaysProps): Html {
  return (
    <details class="chart-twin" open={days.length <= 7}>
      <summary>as table</summary>
      <Table label="Net by day" columns={DAY_COLUMNS}>
        {days.toReversed().map(({ date, bridge }) => {
          const { sums, readings } = bridge;
          const id = `pnl.day.${date}`;
          return (
            <tr>
              <th scope="row">
                <a href={blotterHref({ symbol, fromDate: date, toDate: date })}>{date}</a>
              </th>
              <td class="r">
                <ExactMoney amount={netOfBridge(bridge)} v={`${id}.net`} />
              </td>
              <td class="r mid">
                <ExactMoney amount={sums.makerFees + sums.takerFees} v={`${id}.fees`} />
              </td>
              <td class="r wide">
                <ExactMoney amount={sums.funding} v={`${id}.funding`} />
              </td>
              <td class="r">{fixed(readings.trips, 0)}</td>
              <td class="r mid">{shareText(readings.won, readings.trips)}</td>
              <td class="r wide">{shareText(readings.makerValue, readings.value)}</td>
            </tr>
          );
        })}
      </Table>
    </details>
  );
}

/** "62 %", "–" of nothing. */
export function shareText(part: number, whole: number): string {
  return `${fixed((100 * part) / whole, 0)}${whole > 0 ? " %" : ""}`;
}

/** The sum over the days, and its distance from its peak. */
export function Drawdown({ days }: { days: readonly DayMoney[] }): Html {
  if (days.length < 2) return <Empty>Two days make a line.</Empty>;
  let sum = 0;
  let peak = 0;
  const points = days.map((day) => {
    sum += netUsdt(day);
    peak = Math.max(peak, sum);
    return { sum, below: peak - sum };
  });
  const deepest = Math.max(...points.map(({ below }) => below));
  const high = Math.max(...points.map((point) => point.sum + point.below));
  const span = high - Math.min(0, ...points.map((point) => point.sum)) || 1;
  const x = (at: number): string => ((at * WIDTH) / (points.length - 1)).toFixed(1);
  const y = (value: number): string => (((high - value) / span) * HEIGHT).toFixed(1);
  const line = points.map((point, at) => `${x(at)} ${y(point.sum)}`);
  const peaks = points.map((point, at) => `${x(at)} ${y(point.sum + point.below)}`);
  const sentence = `Net of the days added up: ${signed(sum, 2)} USDT, at most ${fixed(deepest, 2)} below its peak`;
  return (
    <>
      <svg
        class="bars"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={sentence}
      >
        <path class="axis" d={`M0 ${y(0)}H${WIDTH}`} />
        <path class="below" d={`M${peaks.join("L")}L${line.toReversed().join("L")}Z`} />
        <path class="sum" d={`M${line.join("L")}`} />
      </svg>
      <p class="note">{sentence}.</p>
    </>
  );
}

const CELL = 12;
const DAY_MS = 86_400_000;
/** Monday first. */
const weekdayOf = (atMs: number): number => (new Date(atMs).getUTCDay() + 6) % 7;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

interface CalendarProps {
  readonly days: readonly DayMoney[];
  /** The day of now, the last square. */
  readonly today: string;
  readonly symbol: string | undefined;
}

/**
 * A year of squares, a column a week: the stronger the more was made or lost. Its links are for a
 * pointer; a keyboard has the same ones in the table of days, and need not pass a year of them.
 */
export function Calendar({ days, today, symbol }: CalendarProps): Html {
  const byDate = new Map(days.map((day) => [day.date, day]));
  const most = Math.max(0, ...days.map((day) => Math.abs(netUsdt(day))));
  const lastMs = Date.parse(`${today}T00:00:00Z`);
  const firstMs = lastMs - (364 + weekdayOf(lastMs)) * DAY_MS;
  const weekOffset = weekdayOf(firstMs);
  const count = Math.round((lastMs - firstMs) / DAY_MS) + 1;
  const squares = Array.from({ length: count }, (_, at) => {
    const atMs = firstMs + at * DAY_MS;
    const date = new Date(atMs).toISOString().slice(0, 10);
    const column = Math.floor((at + weekOffset) / 7);
    return { date, column, row: weekdayOf(atMs), day: byDate.get(date) };
  });
  const columns = (squares.at(-1)?.column ?? 0) + 1;
  const net = days.reduce((sum, day) => sum + netUsdt(day), 0);
  const sentence = `The last year by day: ${days.length} days with executions, ${signed(net, 2)} USDT`;
  return (
    <section class="scroll" aria-label="Calendar" tabindex={0}>
      <svg class="calendar" viewBox={`0 0 ${columns * CELL} ${8 * CELL}`}>
        <title>{sentence}</title>
        {squares
          .filter(({ date }) => date.endsWith("-01"))
          .map(({ date, column }) => (
            <text x={column * CELL} y={CELL - 3}>
              {MONTHS[Number(date.slice(5, 7)) - 1] ?? ""}
            </text>
          ))}
        {squares.map(({ date, column, row, day }) => {
          const place = { x: column * CELL + 1, y: (row + 1) * CELL + 1 };
          if (day === undefined)
            return <rect class="none" {...place} width={CELL - 2} height={CELL - 2} />;
          return (
            <a
              tabindex={-1}
              href={blotterHref({ symbol, fromDate: date, toDate: date })}
              aria-label={`${date}: ${signed(netUsdt(day), 2)} USDT`}
            >
              <rect
                class={strengthOf(netUsdt(day), most)}
                {...place}
                width={CELL - 2}
                height={CELL - 2}
              >
                <title>{`${date}: ${signed(netUsdt(day), 2)} USDT`}</title>
              </rect>
            </a>
          );
        })}
      </svg>
    </section>
  );
}

/** "up s3": the colour says the sign and the strength how much, in four steps. */
export function strengthOf(value: number, most: number): string {
  if (value === 0 || most === 0) return "none";
  const step = Math.min(4, Math.max(1, Math.ceil((4 * Math.abs(value)) / most)));
  return `${value > 0 ? "up" : "down"} s${step}`;
}
