/** The account in six figures. */
import type { Child } from "hono/jsx";
import { compact, duration, fixed, grouped, NONE, signed } from "../format.ts";
import { type Html, Signed } from "../html.tsx";
import type { Model } from "../model.ts";
import { Sparkline } from "./sparkline.tsx";

function Kpi(props: { label: string; value: Child; note?: Child; title?: string }) {
  return (
    <div class="kpi">
      <dt>{props.label}</dt>
      <dd title={props.title}>
        <span class="kpi-value">{props.value}</span>
        {props.note === undefined ? null : <span class="kpi-note">{props.note}</span>}
      </dd>
    </div>
  );
}

export function Kpis({ view, equity, nowMs }: Model): Html {
  const { account, counters } = view;
  const exact = (text: string): string => (text === "" ? NONE : `${grouped(text)} USDT`);
  const net = Number(account.realisedText) - Number(account.feesText) - Number(account.fundingText);
  const open = [...view.positions.values()].filter((row) => row.side !== "flat").length;
  const marketAgeMs = counters.marketAgeMs + Math.max(0, nowMs - view.atMs);
  return (
    <dl class="kpis">
      <Kpi
        label="Equity, USDT"
        title={exact(account.equityText)}
        value={account.equityText === "" ? NONE : fixed(Number(account.equityText), 2)}
        note={<Sparkline points={equity} />}
      />
      <Kpi
        label="Unrealised P&L, USDT"
        value={<Signed value={Number(account.unrealisedText)} exact={account.unrealisedText} />}
        note={`${open} open ${open === 1 ? "position" : "positions"}`}
      />
      <Kpi
        label="Net realised P&L, USDT"
        title={`realised ${account.realisedText}, fees ${account.feesText}, funding ${account.fundingText}`}
        value={<Signed value={net} />}
        note={`fees ${fixed(Number(account.feesText), 2)} · funding ${signed(
          -Number(account.fundingText),
          2,
        )}`}
      />
      <Kpi
        label="Exposure, USDT"
        value={fixed(account.exposureUsdt, 2)}
        note={
          Number(account.equityText) > 0
            ? `${fixed((100 * account.exposureUsdt) / Number(account.equityText), 1)} % of equity`
            : NONE
        }
      />
      <Kpi
        label="Open orders"
        value={fixed(view.openOrders.size, 0)}
        note={`${fixed(account.fillCount, 0)} fills`}
      />
      <Kpi
        label="Market data"
        value={view.seq === 0 ? NONE : duration(marketAgeMs)}
        note={`${counters.booksLive} books live · ${compact(counters.events)} events`}
      />
    </dl>
  );
}
