/** @jsxImportSource hono/jsx */
/** The hard limits, and how much of each is used. */
import type { Child } from "hono/jsx";
import { fixed, grouped } from "../format.ts";
import { Empty, Fact, type Html, Meter } from "../html.tsx";
import type { Model } from "../page-model.ts";
import { region } from "../region.tsx";

/** "33 %": the used share of a limit; a gain uses nothing of a loss limit. */
export function shareOf(used: number, max: number): string {
  if (!(max > 0)) return "100 %";
  return `${fixed(Math.max(0, (100 * used) / max), 0)} %`;
}

/** A limit as it was set, without decimals that nobody wrote. */
export function limitText(limitUsdt: number): string {
  return grouped(String(limitUsdt));
}

export const limits = region("limits", Limits);

function Limits({ view }: Model): Html {
  const { dayLossUsdt, exposureUsdt, limits: hard } = view.account;
  if (hard === null) return <Empty>The engine has not reported its limits yet.</Empty>;
  return (
    <dl class="facts">
      <Used label="Loss today, USDT" used={dayLossUsdt} max={hard.dailyLossUsdtMax}>
        {fixed(Math.max(0, dayLossUsdt), 2)}
      </Used>
      <Used label="Exposure, USDT" used={exposureUsdt} max={hard.totalExposureUsdtMax}>
        {fixed(exposureUsdt, 0)}
      </Used>
      <Fact label="Exposure to one symbol, USDT">
        at most {limitText(hard.symbolExposureUsdtMax)}
      </Fact>
      <Fact label="One order, USDT">at most {limitText(hard.orderNotionalUsdtMax)}</Fact>
    </dl>
  );
}

function Used(props: { label: string; used: number; max: number; children: Child }) {
  const { label, used, max } = props;
  return (
    <Fact label={label}>
      <Meter label={`${label}, share of the limit`} value={Math.max(0, used)} max={max} />{" "}
      <span class="nowrap">
        {props.children} of {limitText(max)} · {shareOf(used, max)}
      </span>
    </Fact>
  );
}
