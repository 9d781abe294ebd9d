/** @jsxImportSource hono/jsx */
/** One symbol: the market now, our position and orders in it, its rules, what we know of it. */
import { z } from "zod";
import type { Instrument } from "../../src/domain/instrument.ts";
import { toText } from "../../src/kernel/decimal.ts";
import { fixedToText } from "../../src/kernel/fixed.ts";
import { symbolParam } from "../../src/monitor/params.ts";
import { PROFILE_SAMPLE_MS } from "../../src/monitor/view.ts";
import { periodOf } from "../../src/pnl/period.ts";
import type { MoneyReader, RoundTripRow } from "../../src/pnl/reading.ts";
import type { SymbolProfile } from "../../src/universe/profile.ts";
import { blotterHref } from "../blotter-link.ts";
import { compact, dateTimeUtc, duration, fixed, grouped, NONE } from "../format.ts";
import { candles } from "../fragments/candles.tsx";
import { fills } from "../fragments/executions.tsx";
import { features } from "../fragments/features.tsx";
import { ladder } from "../fragments/ladder.tsx";
import { orders } from "../fragments/orders.tsx";
import { publicTape } from "../fragments/public-tape.tsx";
import { NetByHour, RoundTrips } from "../fragments/symbol-money.tsx";
import { symbolNow, symbolPosition } from "../fragments/symbol-now.tsx";
import { SymbolWordsCard, symbolStanding } from "../fragments/symbol-standing.tsx";
import { Card, Empty, Facts, type Html, Signed } from "../html.tsx";
import { definePage, NotThere, type PageProps } from "../page.tsx";
import type { Model, Sources } from "../page-model.ts";

const PARAMS = z.object({ symbol: symbolParam() });
type Params = z.infer<typeof PARAMS>;

interface Loaded {
  readonly instrument: Instrument;
  readonly profile: SymbolProfile | undefined;
  readonly sources: Sources;
  readonly trips: readonly RoundTripRow[];
  readonly hours: ReturnType<MoneyReader["hours"]>;
}

const TRIPS_SHOWN = 12;

export const symbol = definePage({
  key: "symbol",
  path: "/symbols/:symbol",
  title: (params) => params.symbol,
  nav: null,
  params: PARAMS,
  example: { symbol: "BTCUSDT" },
  hasCharts: true,
  regions: [
    candles,
    ladder,
    publicTape,
    features,
    symbolNow,
    symbolPosition,
    orders,
    fills,
    symbolStanding,
  ],
  load,
  view: OneSymbol,
});

function load(sources: Sources, { symbol }: Params, { view, nowMs }: Model): Loaded {
  const instrument = view.instruments.get(symbol);
  if (instrument === undefined) {
    throw new NotThere("Unknown symbol", `No instrument is called ${symbol}.`);
  }
  const { money } = sources;
  return {
    instrument,
    profile: view.profiles.get(symbol),
    sources,
    trips: money.roundTrips({ symbol, limit: TRIPS_SHOWN }),
    hours: money.hours({ ...periodOf("30d", nowMs, money.day), symbol }),
  };
}

function OneSymbol({ frame, model, params, data }: PageProps<Params, Loaded>): Html {
  const { instrument, profile, sources, trips, hours } = data;
  const readings = { sources, model };
  const row = model.view.symbols.get(params.symbol);
  const all = blotterHref({ symbol: params.symbol });
  return (
    <div class="columns">
      <div class="column-main">
        <Card title="Candles" id="candles">
          {candles.elementOf(readings, params)}
        </Card>
        <Card title="Market now" id="market-now">
          {symbolNow.place(model, params.symbol)}
        </Card>
        <Card title="Round trips" meta={<a href={all}>all of them</a>}>
          <RoundTrips trips={trips} tickDecimals={instrument.price.decimals} />
        </Card>
        <Card title="Live orders">{orders.place(model, params.symbol)}</Card>
        <Card title="Latest executions" meta={<a href={all}>all of them</a>}>
          {fills.place(model, params.symbol)}
        </Card>
        <Card title="Features now">{features.elementOf(readings, params)}</Card>
      </div>
      <div class="column-side">
        <Card title="Position" id="position">
          {symbolPosition.place(model, params.symbol)}
        </Card>
        <Card title="Why traded, why not" id="standing">
          {symbolStanding.place(model, params.symbol)}
        </Card>
        {row === undefined ? null : <SymbolWordsCard frame={frame} row={row} />}
        <Card title="Depth" id="depth">
          {ladder.elementOf(readings, params)}
        </Card>
        <Card title="Tape">{publicTape.elementOf(readings, params)}</Card>
        <Card title="Net by hour">
          <NetByHour cells={hours} />
        </Card>
        <Card title="Contract">
          <Contract instrument={instrument} nowMs={model.nowMs} />
        </Card>
        <Card title="Profile">
          {profile === undefined || profile.samples === 0 ? (
            <Empty>Not watched long enough for statistics.</Empty>
          ) : (
            <Profile profile={profile} />
          )}
        </Card>
      </div>
    </div>
  );
}

/** The terms of a linear perpetual, margined and settled in USDT. */
function Contract({ instrument, nowMs }: { instrument: Instrument; nowMs: number }) {
  const { price, qty, deliveryAtMs, priceLimitShare } = instrument;
  const perDay = 1_440 / instrument.fundingIntervalMin;
  const steps = (count: number): string => grouped(toText(qty, count));
  return (
    <Facts
      rows={[
        ["Kind", "linear perpetual, margin and profit in USDT"],
        ["Status", instrument.status],
        ["Base / quote", `${instrument.baseCoin} / ${instrument.quoteCoin}`],
        ["Tick size", price.unitText],
        ["Quantity step", qty.unitText],
        ["Smallest order", steps(instrument.qtyStepsMin)],
        ["Smallest value", `${fixedToText(instrument.notionalMin)} USDT`],
        ["Largest limit order", steps(instrument.limitQtyStepsMax)],
        ["Largest market order", steps(instrument.marketQtyStepsMax)],
        ["Leverage up to", `${fixed(instrument.leverageMax, 0)} ×`],
        ["Limit price at most", priceLimitText(priceLimitShare)],
        [
          "Funding every",
          `${fixed(instrument.fundingIntervalMin / 60, 0)} h, ${fixed(perDay, 0)} a day`,
        ],
        [
          "Ends (UTC)",
          deliveryAtMs === undefined
            ? "never, as far as announced"
            : `${dateTimeUtc(deliveryAtMs)}, in ${duration(deliveryAtMs - nowMs)}`,
        ],
        ["Listed (UTC)", dateTimeUtc(instrument.launchAtMs)],
      ]}
    />
  );
}

function priceLimitText(share: number | undefined): string {
  return share === undefined ? NONE : `${fixed(share * 100, 2)} % from the mark`;
}

/**
 * One look on every universe tick that finds the book live; how far apart the looks were is lost.
 */
function samplesText(samples: number): string {
  const each = duration(PROFILE_SAMPLE_MS);
  return `${fixed(samples, 0)}, ${duration(samples * PROFILE_SAMPLE_MS)} at ${each} each`;
}

function Profile({ profile }: { profile: SymbolProfile }) {
  return (
    <Facts
      rows={[
        ["Samples", samplesText(profile.samples)],
        ["Spread", `${fixed(profile.spreadBps, 2)} bps`],
        ["Volatility, 1 min", `${fixed(profile.volatilityBps1m, 1)} bps`],
        ["Trades a minute", fixed(profile.tradesPerMin, 1)],
        ["Depth at the top", `${compact(profile.topDepthUsdt)} USDT`],
        ["Our fills", `${fixed(profile.fills, 0)}, ${fixed(profile.makerFills, 0)} as maker`],
        ["Our net P&L", Signed({ value: profile.netPnlUsdt, unit: " USDT" })],
        ["Updated (UTC)", dateTimeUtc(profile.updatedAtMs)],
      ]}
    />
  );
}
