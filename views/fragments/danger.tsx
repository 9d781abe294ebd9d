/** @jsxImportSource hono/jsx */
/** How it can hurt: what is exposed which way, what the stops would cost, what was refused. */
import { gateText } from "../../src/blotter/deny-text.ts";
import { exposedOf, lossToStop, openPositions, stopsHitOf } from "../../src/monitor/danger.ts";
import type { PositionAudit } from "../../src/monitor/view.ts";
import { fixed, grouped, NONE, signed } from "../format.ts";
import {
  Badge,
  type Column,
  cell,
  Empty,
  Facts,
  type Html,
  SideMark,
  SymbolLink,
  Table,
} from "../html.tsx";
import type { Model } from "../page-model.ts";
import { region } from "../region.tsx";
import { V } from "../value.tsx";
import { limitText, shareOf } from "./limits.tsx";

export const danger = region("danger", Danger);
export const exposure = region("exposure", Exposure);
export const refusalsByGate = region("refusals-by-gate", RefusalsByGate);

function Danger({ view }: Model): Html {
  const { account, risk } = view;
  const hit = view.seq === 0 ? null : stopsHitOf(view);
  const { longUsdt, shortUsdt, netUsdt } = exposedOf(view);
  const equity = Number(account.equityText);
  const margin = risk?.marginUsedUsdt ?? Number.NaN;
  const lossMax = account.limits?.dailyLossUsdtMax ?? Number.NaN;
  const dayLoss = Math.max(0, account.dayLossUsdt) + Math.max(0, hit?.lossUsdt ?? 0);
  const text = (name: string, words: string) => <V id={`danger.${name}`}>{words}</V>;
  return (
    <Facts
      rows={[
        [
          "If every stop is hit now, USDT",
          text("stops", hit === null ? NONE : signed(0 - hit.lossUsdt, 2)),
        ],
        [
          "The day would then have lost",
          text("day", `${fixed(dayLoss, 2)}, ${shareOf(dayLoss, lossMax)} of ${fixed(lossMax, 0)}`),
        ],
        [
          "Positions with a stop at the venue",
          text("held", hit === null ? NONE : `${hit.covered} of ${hit.positions}`),
        ],
        ["Long, USDT", text("long", fixed(longUsdt, 0))],
        ["Short, USDT", text("short", fixed(shortUsdt, 0))],
        ["Net, USDT", text("net", signed(netUsdt, 0))],
        [
          "Margin used, USDT",
          text("margin", `${fixed(margin, 2)}, ${fixed((100 * margin) / equity, 1)} % of equity`),
        ],
      ]}
    />
  );
}

const COLUMNS: readonly Column[] = [
  { label: "Symbol" },
  { label: "Side" },
  { label: "Value, USDT", num: true },
  { label: "Of the limit", num: true, from: "mid" },
  { label: "Stop", num: true, from: "wide" },
  { label: "Loss at the stop, USDT", num: true },
];

function Exposure({ view }: Model): Html {
  const open = openPositions(view);
  if (open.length === 0) return <Empty>Nothing is held.</Empty>;
  const max = view.account.limits?.symbolExposureUsdtMax ?? Number.NaN;
  return (
    <Table label="Exposure by symbol and side" columns={COLUMNS}>
      {open.map((row) => (
        <ExposureRow row={row} max={max} />
      ))}
    </Table>
  );
}

function ExposureRow({ row, max }: { row: PositionAudit; max: number }) {
  const { symbol, side, stopLossText } = row;
  const usdt = Math.abs(Number(row.notionalText));
  const loss = stopLossText === "" ? null : lossToStop(row);
  const id = (name: string) => `exposure.${symbol}.${name}`;
  return (
    <tr id={`exposure-${symbol}`}>
      <th scope="row">
        <SymbolLink symbol={symbol} />
      </th>
      <td>
        <SideMark side={side} />
      </td>
      <td class="r">
        <V id={id("value")}>{fixed(usdt, 2)}</V>
      </td>
      <td class={cell({ num: true, from: "mid" })}>
        <V id={id("share")}>{`${shareOf(usdt, max)} of ${limitText(max)}`}</V>
      </td>
      <td class={cell({ num: true, from: "wide" })}>{grouped(stopLossText)}</td>
      <td class="r">
        {stopLossText === "" ? (
          <Badge tone="bad">no stop</Badge>
        ) : (
          <V id={id("loss")}>{loss === null ? NONE : signed(0 - loss, 2)}</V>
        )}
      </td>
    </tr>
  );
}

/** Of the refusals that the view still has. */
function RefusalsByGate({ view }: Model): Html {
  const counts = new Map<string, number>();
  for (const { reason } of view.recentDenials) {
    counts.set(reason.code, (counts.get(reason.code) ?? 0) + 1);
  }
  if (counts.size === 0) return <Empty>The risk gate has refused nothing.</Empty>;
  const rows = [...counts].sort(
    ([one, many], [other, more]) => more - many || (one < other ? -1 : 1),
  );
  return <Facts rows={rows.map(([code, many]) => [gateText(code), fixed(many, 0)] as const)} />;
}
