/** @jsxImportSource hono/jsx */
/** Where the money went: from what the spread earned to what is left, line by line. */
import { fixedToNumber, fixedToText } from "../../src/kernel/fixed.ts";
import { NO_PARAMS } from "../../src/monitor/params.ts";
import { type BridgeReport, bridgeReport } from "../../src/pnl/bridge-report.ts";
import type { Bridge } from "../../src/pnl/money-lines.ts";
import { periodOf } from "../../src/pnl/period.ts";
import type { MoneyReader } from "../../src/pnl/reading.ts";
import { fixed, NONE, signed } from "../format.ts";
import { Empty, type Html, Signed } from "../html.tsx";
import type { Model } from "../page-model.ts";
import { regionOf } from "../region.tsx";
import { V } from "../value.tsx";

/** Of the day so far, for the first screen. */
export const moneyBridge = regionOf<Record<never, never>, MoneyReader>({
  name: "money-bridge",
  params: NO_PARAMS,
  load: (sources) => sources.money,
  view: Today,
});

function Today({ view, nowMs }: Model, money: MoneyReader): Html {
  const period = periodOf("today", nowMs, money.day);
  const report = bridgeReport(money, period, { nowMs, todayText: view.account.todayText });
  return <BridgeLines report={report} id="bridge" />;
}

interface LinesProps {
  readonly report: BridgeReport;
  /** Before the names of its values. */
  readonly id: string;
}

interface Line {
  readonly name: string;
  readonly label: string;
  /** Null where it is not known. */
  readonly amount: bigint | null;
  readonly about: string;
}

/** In the order of the sum; what was paid is negative. */
function linesOf({ sums, open }: BridgeReport): readonly Line[] {
  return [
    {
      name: "spread",
      label: "Spread earned",
      amount: sums.spread,
      about: "Entry and exit of what was closed, against the middle of the market at each fill",
    },
    {
      name: "moved",
      label: "Market moved while held",
      amount: sums.moved,
      about: "What the middle moved between entry and exit; the adverse move is inside it",
    },
    {
      name: "not-known",
      label: "Not known how",
      amount: sums.notKnown,
      about: "Profit of closes whose entry or exit had no middle: no live book, or a restart",
    },
    { name: "maker-fees", label: "Maker fees", amount: sums.makerFees, about: "Paid is negative" },
    { name: "taker-fees", label: "Taker fees", amount: sums.takerFees, about: "Paid is negative" },
    { name: "funding", label: "Funding", amount: sums.funding, about: "Paid is negative" },
    {
      name: "other",
      label: "Forced and taken over",
      amount: sums.other,
      about: "Liquidation, deleveraging, settlement and sizes taken over, with their fees",
    },
    {
      name: "open",
      label: "Open positions",
      amount: open,
      about: "How much the value of what is open changed; – where it is not known",
    },
  ];
}

/** A line that is zero and rarely is not takes no room. */
const RARE = new Set(["not-known", "other"]);

export function BridgeLines({ report, id }: LinesProps): Html {
  const lines = linesOf(report);
  if (report.readings.fills === 0 && report.booked === 0n && (report.open ?? 0n) === 0n) {
    return <Empty>No execution in this time.</Empty>;
  }
  const shown = lines.filter(({ name, amount }) => !RARE.has(name) || amount !== 0n);
  return (
    <>
      <dl class="facts bridge">
        {shown.map(({ name, label, amount, about }) => (
          <div>
            <dt title={about}>{label}</dt>
            <dd class="num">
              <Amount amount={amount} v={`${id}.${name}`} />
            </dd>
          </div>
        ))}
        <div class="bridge-net">
          <dt>{report.open === null ? "Net of what was booked" : "Net"}</dt>
          <dd class="num">
            <Amount amount={report.net} v={`${id}.net`} />
          </dd>
        </div>
      </dl>
      <AfterFills bridge={report} id={id} />
      {report.isBehind ? (
        <p class="note">Older executions are still being counted: these are not all.</p>
      ) : null}
    </>
  );
}

function Amount({ amount, v }: { amount: bigint | null; v: string }): Html {
  if (amount === null) {
    return (
      <V id={v} tone="flat">
        {NONE}
      </V>
    );
  }
  return <Signed value={fixedToNumber(amount)} exact={fixedToText(amount)} v={v} />;
}

/** How the middle moved after our fills, against us when negative: a reading beside the sum. */
function AfterFills({ bridge, id }: { bridge: Bridge; id: string }): Html {
  const { readings } = bridge;
  const rows = [
    ["1s", "1 s", readings.move1s, readings.value1s],
    ["5s", "5 s", readings.move5s, readings.value5s],
    ["30s", "30 s", readings.move30s, readings.value30s],
  ] as const;
  return (
    <p class="note">
      {"After fills the market moved "}
      {rows.map(([name, label, usdt, value], at) => (
        <>
          {at === 0 ? "" : " · "}
          {label}{" "}
          <V id={`${id}.after-${name}`} title={`${usdt} USDT on ${value} USDT traded`}>
            {value === 0 ? NONE : `${signed((usdt / value) * 10_000, 2)} bps`}
          </V>
        </>
      ))}
      {`; known of ${fixed(readings.knownFills, 0)} of ${fixed(readings.fills, 0)} fills.`}
    </p>
  );
}
