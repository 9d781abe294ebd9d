/** @jsxImportSource hono/jsx */
/** When money is made: by hour and weekday; and how: round trips by basis points. */
import { fixedToNumber } from "../../src/kernel/fixed.ts";
import type { BpsBin } from "../../src/pnl/reading.ts";
import { fixed, signed } from "../format.ts";
import { Empty, type Html, Table } from "../html.tsx";
import { strengthOf } from "./pnl-days.tsx";
import { ExactMoney } from "./pnl-money.tsx";

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** Net of one hour of one weekday, over all weeks. */
export interface WeekHour {
  /** 0 is Monday. */
  readonly weekday: number;
  readonly hour: number;
  readonly net: bigint;
}

export function WeekHours({ cells }: { cells: readonly WeekHour[] }): Html {
  if (cells.length === 0) return <Empty>No execution in this time.</Empty>;
  const most = Math.max(...cells.map(({ net }) => Math.abs(fixedToNumber(net))));
  const at = new Map(cells.map((cell) => [`${cell.weekday} ${cell.hour}`, cell]));
  return (
    <section class="scroll" aria-label="Net by hour and weekday" tabindex={0}>
      <table class="week-hours">
        <thead>
          <tr>
            <th scope="col">Hour</th>
            {WEEKDAYS.map((name) => (
              <th scope="col" class="r">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {HOURS.filter((hour) => cells.some((cell) => cell.hour === hour)).map((hour) => (
            <tr>
              <th scope="row">{`${String(hour).padStart(2, "0")}:00`}</th>
              {WEEKDAYS.map((_, weekday) => {
                const cell = at.get(`${weekday} ${hour}`);
                if (cell === undefined) return <td class="r" />;
                return (
                  <td class={`r ${strengthOf(fixedToNumber(cell.net), most)}`}>
                    <ExactMoney amount={cell.net} v={`pnl.hour.${weekday}-${hour}`} />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const WIDTH = 480;
const HEIGHT = 120;

interface DistributionProps {
  readonly bins: readonly BpsBin[];
  readonly widthBps: number;
  readonly reachBps: number;
}

/** The outermost bars take what lies beyond them. */
export function Distribution({ bins, widthBps, reachBps }: DistributionProps): Html {
  const all = bins.reduce((sum, { trips }) => sum + trips, 0);
  if (all === 0) return <Empty>No round trip in this time.</Empty>;
  const most = Math.max(...bins.map(({ trips }) => trips));
  const step = (WIDTH * widthBps) / (2 * reachBps);
  const won = bins.reduce((sum, bin) => sum + (bin.fromBps >= 0 ? bin.trips : 0), 0);
  const sentence = `${fixed(all, 0)} round trips by net basis points: ${fixed((100 * won) / all, 0)} % at zero or above`;
  return (
    <>
      <svg
        class="bars"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={sentence}
      >
        <path class="axis" d={`M${WIDTH / 2} 0V${HEIGHT}`} />
        {bins.map(({ fromBps, trips }) => (
          <rect
            class={fromBps >= 0 ? "up" : "down"}
            x={(((fromBps + reachBps) / widthBps) * step + 0.5).toFixed(2)}
            width={(step - 1).toFixed(2)}
            y={(HEIGHT - (trips / most) * HEIGHT).toFixed(2)}
            height={((trips / most) * HEIGHT).toFixed(2)}
          >
            <title>{`${signed(fromBps, 0)} to ${signed(fromBps + widthBps, 0)} bps: ${trips}`}</title>
          </rect>
        ))}
      </svg>
      <p class="note">{`${sentence}; from −${reachBps} to +${reachBps} bps.`}</p>
      <details class="chart-twin">
        <summary>as table</summary>
        <Table
          label="Round trips by basis points"
          columns={[{ label: "From, bps" }, { label: "Trips", num: true }]}
        >
          {bins.map(({ fromBps, trips }) => (
            <tr>
              <th scope="row">{signed(fromBps, 0)}</th>
              <td class="r">{fixed(trips, 0)}</td>
            </tr>
          ))}
        </Table>
      </details>
    </>
  );
}
