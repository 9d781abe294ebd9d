/** @jsxImportSource hono/jsx */
/**
 * Six tiles that answer in three seconds: is money made, how much is at stake, what does it do. A
 * tile shows its value, or that it is not known, and dims with its age when the engine is silent.
 */
import type { Child } from "hono/jsx";
import { denialText } from "../../src/blotter/deny-text.ts";
import { fixedToNumber } from "../../src/kernel/fixed.ts";
import { exposedOf, stopsHitOf } from "../../src/monitor/danger.ts";
import { doingNow } from "../../src/monitor/doing-now.ts";
import { netRealisedText } from "../../src/monitor/net-realised.ts";
import { NO_PARAMS } from "../../src/monitor/params.ts";
import { bridgeReport } from "../../src/pnl/bridge-report.ts";
import { periodOf } from "../../src/pnl/period.ts";
import type { MoneyReader } from "../../src/pnl/reading.ts";
import { duration, fixed, grouped, NONE, pnl, signed } from "../format.ts";
import type { Html } from "../html.tsx";
import { type Model, VIEW_AGE_MS_MAX } from "../page-model.ts";
import { regionOf } from "../region.tsx";
import { V, type ValueTone, valueIn } from "../value.tsx";
import { limitText, shareOf } from "./limits.tsx";
import { Sparkline } from "./sparkline.tsx";

export const kpis = regionOf<Record<never, never>, MoneyReader>({
  name: "kpis",
  params: NO_PARAMS,
  load: (sources) => sources.money,
  view: Kpis,
});

function Kpis(model: Model, money: MoneyReader): Html {
  const { view, nowMs } = model;
  const ageMs = nowMs - view.atMs;
  const isOld = view.seq > 0 && ageMs > VIEW_AGE_MS_MAX;
  return (
    <dl class={isOld ? "kpis old" : "kpis"}>
      <Today model={model} money={money} age={isOld ? ` · ${agoWords(ageMs)} old` : ""} />
      <Equity model={model} />
      <Hour model={model} money={money} />
      <Exposure model={model} />
      <Stops model={model} />
      <Doing model={model} />
    </dl>
  );
}

interface TileProps {
  /** Names it on a phone, where not all are shown first. */
  readonly name: string;
  readonly label: string;
  readonly children: Child;
}

function Tile({ name, label, children }: TileProps) {
  return (
    <div class={`kpi kpi-${name}`}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface OfModel {
  readonly model: Model;
}

interface FigureProps {
  readonly id: string;
  readonly text: string;
  readonly unit: string;
  readonly tone?: ValueTone | undefined;
  readonly title?: string;
}

/** The number that is looked at from afar, with its unit behind it. */
function Figure({ id, text, unit, tone, title }: FigureProps) {
  return (
    <span class="kpi-value">
      <V id={id} tone={tone} title={title}>
        {text}
      </V>
      <small> {unit}</small>
    </span>
  );
}

function Note({ id, text, tone }: { id: string; text: string; tone?: ValueTone | undefined }) {
  return (
    <span class="kpi-note">
      <V id={`tile.${id}`} tone={tone}>
        {text}
      </V>
    </span>
  );
}

interface OfMoney extends OfModel {
  readonly money: MoneyReader;
}

/** The number that the risk gate stops entries by, and its parts as they were booked. */
function Today({ model, money, age }: OfMoney & { age: string }) {
  const { account } = model.view;
  const net = 0 - account.dayLossUsdt;
  const isKnown = account.limits !== null;
  const equity = Number(account.equityText);
  const pct = equity > 0 ? ` · ${signed((100 * net) / equity, 2)} %` : "";
  const { text, tone } = pnl(net);
  return (
    <Tile name="today" label={`Today net${age}`}>
      <span class="kpi-value">
        <V id="today" tone={isKnown ? tone : "flat"} title={netTitle(account)}>
          {isKnown ? text : NONE}
        </V>
        <small> USDT</small>
        <small class="kpi-share">
          <V id="tile.today.pct">{pct}</V>
        </small>
      </span>
      <Note id="today.parts" text={isKnown ? partsOf(model, money) : NONE} />
    </Tile>
  );
}

/** The lines of the money bridge, drawn together so that they still add up to the day's net. */
function partsOf({ view, nowMs }: Model, money: MoneyReader): string {
  const period = periodOf("today", nowMs, money.day);
  const { sums, open } = bridgeReport(money, period, {
    nowMs,
    todayText: view.account.todayText,
  });
  const gross = sums.spread + sums.moved + sums.notKnown + sums.other;
  const parts: readonly (readonly [string, bigint])[] = [
    ["gross", gross],
    ["fees", sums.makerFees + sums.takerFees],
    ["funding", sums.funding],
  ];
  const words = parts.map(([name, amount]) => `${name} ${signed(fixedToNumber(amount), 2)}`);
  const last = open === null ? NONE : signed(fixedToNumber(open), 2);
  return [...words, `open ${last}`].join(" · ");
}

function netTitle(account: Model["view"]["account"]): string {
  const net = netRealisedText(account);
  return net === "" ? "" : `Net realised since this start ${signed(Number(net), 2)} USDT`;
}

function Equity({ model }: OfModel) {
  const { account, risk } = model.view;
  const isKnown = account.equityText !== "";
  const equity = Number(account.equityText);
  const fallUsdt = risk?.drawdownUsdt ?? 0;
  const words =
    isKnown && risk !== null
      ? `peak today ${fixed(equity + fallUsdt, 2)} · drawdown ${signed(0 - fallUsdt, 2)}`
      : NONE;
  return (
    <Tile name="equity" label="Equity · drawdown from peak">
      <Figure
        id="equity"
        text={isKnown ? fixed(equity, 2) : NONE}
        unit="USDT"
        title={isKnown ? `${grouped(account.equityText)} USDT` : NONE}
      />
      <Note id="equity.peak" text={words} />
      <span class="kpi-line">
        <Sparkline points={model.view.equity} />
      </span>
    </Tile>
  );
}

const HOUR_MS = 3_600_000;

/** What the round trips made that were closed within the hour, from the record. */
function Hour({ model: { nowMs }, money }: OfMoney) {
  const { trips, won, net, wholeNet, wholeValue } = money.closedSince(nowMs - HOUR_MS);
  const rate = trips === 0 ? { text: NONE, tone: "flat" as const } : pnl(fixedToNumber(net));
  const bps = (10_000 * fixedToNumber(wholeNet)) / fixedToNumber(wholeValue);
  const win = fixed((100 * won) / trips, 0);
  const words =
    trips === 0
      ? "no round trip closed"
      : `${fixed(trips, 0)} round trips · win ${win} % · net ${signed(bps, 1)} bps`;
  return (
    <Tile name="hour" label="Last hour · rate">
      <Figure id="tile.hour" text={rate.text} tone={rate.tone} unit="USDT/h" />
      <Note id="hour.trips" text={words} />
    </Tile>
  );
}

function Exposure({ model: { view } }: OfModel) {
  const { exposureUsdt, limits } = view.account;
  const { netUsdt, largest } = exposedOf(view);
  const of = limits === null ? "" : ` of ${limitText(limits.totalExposureUsdtMax)}`;
  const way = netUsdt >= 0.5 ? " long" : netUsdt <= -0.5 ? " short" : "";
  const most =
    largest === null || limits === null
      ? "nothing held"
      : `largest ${largest.symbol} ${fixed(largest.usdt, 0)} of ${limitText(limits.symbolExposureUsdtMax)}`;
  return (
    <Tile name="exposure" label="Exposure, USDT">
      <span class="kpi-value">
        <V id="exposure">{limits === null ? NONE : fixed(exposureUsdt, 0)}</V>
        <small>{of}</small>
      </span>
      <Bar id="exposure" used={exposureUsdt} max={limits?.totalExposureUsdtMax ?? 0} />
      <Note id="exposure.net" text={`net ${fixed(Math.abs(netUsdt), 0)}${way} · ${most}`} />
    </Tile>
  );
}

function Stops({ model: { view } }: OfModel) {
  const { dayLossUsdt, limits } = view.account;
  const hit = view.seq === 0 ? null : stopsHitOf(view);
  const lossUsdt = hit?.lossUsdt ?? 0;
  const max = limits?.dailyLossUsdtMax ?? 0;
  const bare = hit === null ? 0 : hit.positions - hit.covered;
  const held = hit === null ? NONE : `${hit.covered} of ${hit.positions} stops held`;
  return (
    <Tile name="stops" label="If every stop is hit now">
      <Figure
        id="tile.stops"
        text={hit === null ? NONE : signed(0 - lossUsdt, 2)}
        tone={hit === null || lossUsdt < 0.005 ? "flat" : undefined}
        unit="USDT"
        title="From the marks to the stops that the exchange holds, before fees and slippage"
      />
      <Bar id="stops" used={Math.max(0, dayLossUsdt) + Math.max(0, lossUsdt)} max={max} />
      <span class="kpi-note">
        {limits === null ? null : (
          <>
            today{" "}
            <V id="today.share" tone={toneOfUse(dayLossUsdt, max)}>
              {`${shareOf(dayLossUsdt, max)} of the loss limit ${limitText(max)}`}
            </V>
            {" · "}
          </>
        )}
        <V id="tile.stops.held" tone={bare > 0 ? "bad" : undefined}>
          {held}
        </V>
      </span>
    </Tile>
  );
}

/** What is used of a limit turns amber and then red. */
const WARN_SHARE = 0.6;
const BAD_SHARE = 0.8;

function toneOfUse(used: number, max: number): "warn" | "bad" | undefined {
  if (!(max > 0) || used >= BAD_SHARE * max) return max > 0 ? "bad" : undefined;
  return used >= WARN_SHARE * max ? "warn" : undefined;
}

/** How full a limit is; the words beside it say the numbers. */
function Bar({ id, used, max }: { id: string; used: number; max: number }) {
  const share = max > 0 ? Math.min(100, Math.max(0, (100 * used) / max)) : 0;
  return (
    <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" width="100" height="4" />
      <rect
        {...valueIn(`tile.${id}.bar`, "width", share.toFixed(1))}
        class={toneOfUse(used, max) ?? "good"}
        height="4"
      />
    </svg>
  );
}

function Doing({ model: { view, nowMs } }: OfModel) {
  const { quoting, holding, waiting, causes } = doingNow(view);
  const isKnown = view.seq > 0;
  const words = `Quoting ${quoting}, holding ${holding}, waiting ${waiting}`;
  const why = causes.map(([cause, many]) => `${many} ${cause}`).join(" · ");
  const [denial] = view.recentDenials;
  const refusal =
    denial === undefined
      ? "last refusal: none"
      : `last refusal ${agoWords(nowMs - denial.atMs)} ago: ${denial.symbol} ${denialText(denial.reason)}`;
  return (
    <Tile name="doing" label="What it does">
      <a class="kpi-words" href="/strategies">
        <V id="tile.doing">{isKnown ? words : NONE}</V>
      </a>
      <Note id="doing.why" text={why === "" ? "nothing waits" : `waiting: ${why}`} />
      <Note id="doing.refusal" text={refusal} />
    </Tile>
  );
}

function agoWords(ms: number): string {
  const whole = ms < 60_000 ? 1_000 : 60_000;
  return duration(Math.floor(Math.max(0, ms) / whole) * whole).replace(/ 0 s$/, "");
}
