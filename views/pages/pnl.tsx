/** @jsxImportSource hono/jsx */
/** Where money comes from: by day, symbol and hour, line by line, over a range of days. */
import { z } from "zod";
import { fixedToNumber, fixedToText } from "../../src/kernel/fixed.ts";
import { oneOf, optional, symbolParam } from "../../src/monitor/params.ts";
import { type BridgeReport, bridgeReport } from "../../src/pnl/bridge-report.ts";
import { type Bridge, netOfBridge } from "../../src/pnl/money-lines.ts";
import { periodOf, RANGES } from "../../src/pnl/period.ts";
import type { BpsBin, MoneyGroup, MoneyReader } from "../../src/pnl/reading.ts";
import { blotterHref } from "../blotter-link.ts";
import { fixed } from "../format.ts";
import { BridgeLines } from "../fragments/money-bridge.tsx";
import { Calendar, DayBars, type DayMoney, Drawdown, shareText } from "../fragments/pnl-days.tsx";
import { ExactMoney } from "../fragments/pnl-money.tsx";
import { Distribution, type WeekHour, WeekHours } from "../fragments/pnl-shapes.tsx";
import { Card, Empty, Facts, type Html, SymbolLink, Table } from "../html.tsx";
import { definePage, type PageProps } from "../page.tsx";
import type { Model, Sources } from "../page-model.ts";

const LABELS: Readonly<Record<(typeof RANGES)[number], string>> = {
  today: "today",
  "7d": "7 days",
  "30d": "30 days",
  "90d": "90 days",
  "12m": "12 months",
  all: "all",
};
/** Basis points of a bar, and how far the bars reach. */
const BINS = { widthBps: 2, reachBps: 40 };

const PARAMS = z.object({
  range: oneOf(RANGES).default("30d"),
  symbol: optional(symbolParam()),
});
type Params = z.infer<typeof PARAMS>;

interface Loaded {
  readonly report: BridgeReport;
  readonly days: readonly DayMoney[];
  readonly year: readonly DayMoney[];
  readonly symbols: readonly MoneyGroup<string>[];
  readonly hours: readonly WeekHour[];
  readonly bins: readonly BpsBin[];
  readonly today: string;
  readonly fromDate: string | undefined;
}

export const pnl = definePage({
  key: "pnl",
  path: "/pnl",
  title: "Profit and loss",
  nav: "P&L",
  params: PARAMS,
  regions: [],
  load,
  filter: { delayMs: 300, fields: Fields },
  view: Pnl,
});

function load({ money }: Sources, { range, symbol }: Params, { view, nowMs }: Model): Loaded {
  const period = periodOf(range, nowMs, money.day);
  const query = { ...period, symbol };
  const year = { ...periodOf("12m", nowMs, money.day), symbol };
  const { todayText } = view.account;
  return {
    report: bridgeReport(money, query, { nowMs, todayText }),
    days: daysOf(money, money.days(query)),
    year: daysOf(money, money.days(year)),
    symbols: money.symbols(query),
    hours: weekHoursOf(money, money.hours(query)),
    bins: money.distribution(query, BINS.widthBps, BINS.reachBps),
    today: money.day(nowMs).date,
    fromDate: period.fromMs === 0 ? undefined : money.day(period.fromMs).date,
  };
}

const daysOf = ({ day }: MoneyReader, groups: readonly MoneyGroup<number>[]): DayMoney[] =>
  groups.map(({ key, bridge }) => ({ date: day(key).date, bridge }));

function weekHoursOf({ day }: MoneyReader, cells: ReturnType<MoneyReader["hours"]>): WeekHour[] {
  const weekdays = new Map<number, number>();
  const sums = new Map<string, WeekHour>();
  for (const { dayStartsAtMs, hour, net } of cells) {
    const weekday = weekdays.get(dayStartsAtMs) ?? weekdayOf(day(dayStartsAtMs).date);
    weekdays.set(dayStartsAtMs, weekday);
    const key = `${weekday} ${hour}`;
    sums.set(key, { weekday, hour, net: (sums.get(key)?.net ?? 0n) + net });
  }
  return [...sums.values()];
}

/** Of a date such as "2026-11-21"; 0 is Monday. */
const weekdayOf = (date: string): number => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;

function Fields({ params }: PageProps<Params, Loaded>): Html {
  return (
    <>
      <label>
        Time
        <select name="range">
          {RANGES.map((range) => (
            <option value={range} selected={range === params.range}>
              {LABELS[range]}
            </option>
          ))}
        </select>
      </label>
      <label>
        Symbol
        <input
          type="search"
          name="symbol"
          value={params.symbol ?? ""}
          maxlength={40}
          placeholder="all, or e.g. BTCUSDT"
          autocapitalize="characters"
        />
      </label>
    </>
  );
}

function Pnl({ params, data }: PageProps<Params, Loaded>): Html {
  const { symbol } = params;
  const { report, days, year, today } = data;
  return (
    <div class="grid">
      <div class="span-8">
        <Card title="Net by day">
          <DayBars days={days} symbol={symbol} />
        </Card>
        <Card title="Added up, and below its peak">
          <Drawdown days={days} />
        </Card>
        <Card title="Twelve months">
          <Calendar days={year} today={today} symbol={symbol} />
        </Card>
        <Card title="By symbol">
          <BySymbol data={data} />
        </Card>
        <Card title="By hour and weekday, USDT">
          <WeekHours cells={data.hours} />
        </Card>
      </div>
      <div class="span-4">
        <Card title={`Where the money went, ${LABELS[params.range]}`}>
          <BridgeLines report={report} id="pnl.bridge" />
        </Card>
        <Card title="How it was traded">
          <Traded report={report} />
        </Card>
        <Card title="Round trips in net basis points">
          <Distribution bins={data.bins} {...BINS} />
        </Card>
      </div>
    </div>
  );
}

function Traded({ report }: { report: BridgeReport }): Html {
  const { readings, sums } = report;
  const { value, makerValue, knownValue, edge, trips, won } = readings;
  const fees = sums.makerFees + sums.takerFees;
  const perValue = (usdt: number, of: number): string =>
    of === 0 ? "–" : `${fixed((usdt / of) * 10_000, 2)} bps`;
  return (
    <Facts
      rows={[
        ["Booked, net", ExactMoney({ amount: report.booked, v: "pnl.booked" })],
        ["Round trips", fixed(trips, 0)],
        ["Won", shareText(won, trips)],
        ["Executions", fixed(readings.fills, 0)],
        ["Traded, USDT", fixed(value, 2)],
        ["Maker share of it", shareText(makerValue, value)],
        ["Better than the middle at fills", perValue(edge, knownValue)],
        ["Fees", ExactMoney({ amount: fees, v: "pnl.fees" })],
        ["Fees on what was traded", perValue(-fixedToNumber(fees), value)],
        ["Funding", ExactMoney({ amount: sums.funding, v: "pnl.funding" })],
      ]}
    />
  );
}

const COLUMNS = [
  { label: "Symbol" },
  { label: "Net, USDT", num: true },
  { label: "bps", num: true, from: "mid" },
  { label: "Fees", num: true, from: "wide" },
  { label: "Funding", num: true, from: "wide" },
  { label: "Trips", num: true, from: "mid" },
  { label: "Won", num: true, from: "wide" },
  { label: "Maker", num: true, from: "wide" },
  { label: "Executions" },
] as const;

function BySymbol({ data: { symbols, fromDate, today } }: { data: Loaded }): Html {
  if (symbols.length === 0) return <Empty>No execution in this time.</Empty>;
  return (
    <Table label="Net by symbol" columns={COLUMNS}>
      {symbols.map(({ key: symbol, bridge }) => (
        <SymbolRow
          symbol={symbol}
          bridge={bridge}
          href={blotterHref({
            symbol,
            fromDate,
            toDate: fromDate === undefined ? undefined : today,
          })}
        />
      ))}
    </Table>
  );
}

interface SymbolRowProps {
  readonly symbol: string;
  readonly bridge: Bridge;
  readonly href: string;
}

function SymbolRow({ symbol, bridge, href }: SymbolRowProps): Html {
  const { sums, readings } = bridge;
  const net = netOfBridge(bridge);
  const id = `pnl.symbol.${symbol}`;
  const bps = (fixedToNumber(net) / readings.value) * 10_000;
  return (
    <tr>
      <th scope="row">
        <SymbolLink symbol={symbol} />
      </th>
      <td class="r">
        <ExactMoney amount={net} v={`${id}.net`} />
      </td>
      <td class="r mid" title={`${fixedToText(net)} USDT on ${readings.value} USDT traded`}>
        {fixed(bps, 2)}
      </td>
      <td class="r wide">
        <ExactMoney amount={sums.makerFees + sums.takerFees} v={`${id}.fees`} />
      </td>
      <td class="r wide">
        <ExactMoney amount={sums.funding} v={`${id}.funding`} />
      </td>
      <td class="r mid">{fixed(readings.trips, 0)}</td>
      <td class="r wide">{shareText(readings.won, readings.trips)}</td>
      <td class="r wide">{shareText(readings.makerValue, readings.value)}</td>
      <td>
        <a href={href}>{fixed(readings.fills, 0)}</a>
      </td>
    </tr>
  );
}
