/** @jsxImportSource hono/jsx */
/** The account in seven figures, and how close it is to its limits. */
import type { Child } from "hono/jsx";
import { netRealisedText } from "../../src/monitor/net-realised.ts";
import type { AccountAudit, LimitsAudit } from "../../src/monitor/view.ts";
import { duration, fixed, grouped, NONE, signed } from "../format.ts";
import { type Html, Money, Signed } from "../html.tsx";
import type { Model } from "../page-model.ts";
import { region } from "../region.tsx";
import { V } from "../value.tsx";
import { limitText, shareOf } from "./limits.tsx";
import { Sparkline } from "./sparkline.tsx";

interface KpiProps {
  readonly label: string;
  readonly value: Child;
  readonly note?: Child;
  readonly title?: string;
  readonly class?: string;
}

function Kpi(props: KpiProps) {
  return (
    <div class={props.class === undefined ? "kpi" : `kpi ${props.class}`}>
      <dt>{props.label}</dt>
      <dd title={props.title}>
        <span class="kpi-value">{props.value}</span>
        {props.note === undefined ? null : <span class="kpi-note">{props.note}</span>}
      </dd>
    </div>
  );
}

export const kpis = region("kpis", Kpis);

function Kpis({ view }: Model): Html {
  const { account, counters } = view;
  const open = [...view.positions.values()].filter((row) => row.side !== "flat").length;
  return (
    <dl class="kpis">
      <Kpi
        class="broad"
        label="Equity, USDT"
        value={
          <V
            id="equity"
            title={account.equityText === "" ? NONE : `${grouped(account.equityText)} USDT`}
          >
            {account.equityText === "" ? NONE : fixed(Number(account.equityText), 2)}
          </V>
        }
        note={<Sparkline points={view.equity} />}
      />
      <Today account={account} />
      <Kpi
        label="Unrealised P&L, USDT"
        value={<Money text={account.unrealisedText} v="unrealised" />}
        note={`${open} open ${open === 1 ? "position" : "positions"}`}
      />
      <NetRealised account={account} />
      <Exposure account={account} />
      <Kpi
        label="Open orders"
        value={fixed(view.openOrders.size, 0)}
        note={`${fixed(account.fillCount, 0)} fills`}
      />
      <Kpi
        label="Market data"
        title="Age of the newest market message when the engine last reported"
        value={<V id="market-age">{view.seq === 0 ? NONE : duration(counters.marketAgeMs)}</V>}
        note={booksText(counters)}
      />
    </dl>
  );
}

interface AccountProps {
  readonly account: AccountAudit;
}

/** The number the risk gate stops entries by. */
function Today({ account }: AccountProps) {
  const { dayLossUsdt, limits } = account;
  return (
    <Kpi
      label="Today, USDT"
      title="Net since the day began in the set time zone: open positions, fees, funding and what earlier runs on this account made included"
      value={limits === null ? NONE : <Signed value={0 - dayLossUsdt} v="today" />}
      note={limits === null ? NONE : <LossShare lossUsdt={dayLossUsdt} limits={limits} />}
    />
  );
}

/** From here on the number takes the colour of a loss. */
const LOSS_SHARE_WARN = 0.8;

function LossShare(props: { lossUsdt: number; limits: LimitsAudit }) {
  const { lossUsdt, limits } = props;
  const { dailyLossUsdtMax } = limits;
  const isNear = lossUsdt >= LOSS_SHARE_WARN * dailyLossUsdtMax;
  return (
    <V id="today-share" tone={isNear ? "down" : undefined}>
      {`${shareOf(lossUsdt, dailyLossUsdtMax)} of the loss limit ${limitText(dailyLossUsdtMax)}`}
    </V>
  );
}

function NetRealised({ account }: AccountProps) {
  const { realisedText, feesText, fundingText } = account;
  return (
    <Kpi
      label="Net realised since this start"
      title={`realised ${realisedText}, fees ${feesText}, funding ${fundingText} USDT`}
      value={<Money text={netRealisedText(account)} />}
      note={`fees ${fixed(Number(feesText), 2)} · funding ${signed(-Number(fundingText), 2)}`}
    />
  );
}

function Exposure({ account }: AccountProps) {
  const { equityText, exposureUsdt, limits } = account;
  const equityUsdt = Number(equityText);
  return (
    <Kpi
      label="Exposure, USDT"
      title="Positions and working entries"
      value={
        <>
          <V id="exposure">{fixed(exposureUsdt, 0)}</V>
          {limits === null ? null : <small> of {limitText(limits.totalExposureUsdtMax)}</small>}
        </>
      }
      note={
        <V id="exposure-share">
          {equityUsdt > 0 ? `${fixed((100 * exposureUsdt) / equityUsdt, 1)} % of equity` : NONE}
        </V>
      }
    />
  );
}

function booksText({ booksLive, booksQuarantined }: Model["view"]["counters"]): string {
  const live = `${fixed(booksLive, 0)} books live`;
  return booksQuarantined === 0 ? live : `${live}, ${fixed(booksQuarantined, 0)} in quarantine`;
}
