/** The hard limits, and how much of each is used. */
import type { Child } from "hono/jsx";
import { fixed, grouped } from "../format.ts";
import { Empty, type Html, Meter } from "../html.tsx";
import type { Model } from "../page-model.ts";

/** "33 %": the used share of a limit; a gain uses nothing of a loss limit. */
export function shareOf(used: number, max: number): string {
  if (!(max > 0)) return "100 %";
  return `${fixed(Math.max(0, (100 * used) / max), 0)} %`;
}

/** A limit as it was set, without decimals that nobody wrote. */
export function limitText(limitUsdt: number): string {
  return grouped(String(limitUsdt));
}

export function Limits({ view }: Model): Html {
  const { dayLossUsdt, exposureUsdt, limits } = view.account;
  if (limits === null) return <Empty>The engine has not reported its limits yet.</Empty>;
  return (
    <dl class="facts">
      <Used label="Loss today, USDT" used={dayLossUsdt} max={limits.dailyLossUsdtMax}>
        {fixed(Math.max(0, dayLossUsdt), 2)}
      </Used>
      <Used label="Exposure, USDT" used={exposureUsdt} max={limits.totalExposureUsdtMax}>
        {fixed(exposureUsdt, 0)}
      </Used>
      <Fact label="Exposure to one symbol, USDT">
        at most {limitText(limits.symbolExposureUsdtMax)}
      </Fact>
      <Fact label="One order, USDT">at most {limitText(limits.orderNotionalUsdtMax)}</Fact>
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

function Fact({ label, children }: { label: string; children: Child }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd class="num">{children}</dd>
    </div>
  );
}
