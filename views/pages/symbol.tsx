import type { Instrument } from "../../src/domain/instrument.ts";
import { UNIVERSE_EVERY_MS } from "../../src/engine/schedule.ts";
import { toText } from "../../src/kernel/decimal.ts";
import { fixedToText } from "../../src/kernel/fixed.ts";
import type { SymbolProfile } from "../../src/universe/profile.ts";
import { compact, dateTimeUtc, duration, fixed, grouped } from "../format.ts";
import { Card, Empty, type Html, Signed } from "../html.tsx";
import { Layout } from "../layout.tsx";
import type { Model, PageFrame } from "../page-model.ts";
import { Region } from "../regions.tsx";

interface SymbolProps {
  readonly frame: PageFrame;
  readonly model: Model;
  readonly instrument: Instrument;
}

/** One symbol: the market now, our position and orders in it, its rules, what we know of it. */
export function SymbolPage({ frame, model, instrument }: SymbolProps): Html {
  const profile = model.view.profiles.get(model.symbol);
  return (
    <Layout title={model.symbol} frame={frame} model={model}>
      <div class="columns">
        <div class="column-main">
          <Card title="Market now" id="market-now">
            <Region name="symbol-now" model={model} />
          </Card>
          <Card title="Live orders">
            <Region name="orders" model={model} />
          </Card>
          <Card
            title="Latest executions"
            meta={<a href={`/trades?symbol=${encodeURIComponent(model.symbol)}`}>all of them</a>}
          >
            <Region name="fills" model={model} />
          </Card>
        </div>
        <div class="column-side">
          <Card title="Position" id="position">
            <Region name="symbol-position" model={model} />
          </Card>
          <Card title="Contract">
            <Contract instrument={instrument} />
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
    </Layout>
  );
}

function Facts({ rows }: { rows: readonly (readonly [string, Html | string])[] }) {
  return (
    <dl class="facts">
      {rows.map(([label, value]) => (
        <div>
          <dt>{label}</dt>
          <dd class="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Contract({ instrument }: { instrument: Instrument }) {
  const { price, qty } = instrument;
  const steps = (count: number): string => grouped(toText(qty, count));
  return (
    <Facts
      rows={[
        ["Status", instrument.status],
        ["Base / quote", `${instrument.baseCoin} / ${instrument.quoteCoin}`],
        ["Tick size", price.unitText],
        ["Quantity step", qty.unitText],
        ["Smallest order", steps(instrument.qtyStepsMin)],
        ["Smallest value", `${fixedToText(instrument.notionalMin)} USDT`],
        ["Largest limit order", steps(instrument.limitQtyStepsMax)],
        ["Largest market order", steps(instrument.marketQtyStepsMax)],
        ["Leverage up to", `${fixed(instrument.leverageMax, 0)} ×`],
        ["Funding every", `${fixed(instrument.fundingIntervalMin / 60, 0)} h`],
        ["Listed (UTC)", dateTimeUtc(instrument.launchAtMs)],
      ]}
    />
  );
}

/**
 * One look on every universe tick that finds the book live; how far apart the looks were is lost.
 */
function samplesText(samples: number): string {
  const each = duration(UNIVERSE_EVERY_MS);
  return `${fixed(samples, 0)}, ${duration(samples * UNIVERSE_EVERY_MS)} at ${each} each`;
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
