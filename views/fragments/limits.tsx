/** The hard limits, and how much of each is used. */
import type { Child } from "hono/jsx";
import { fixed } from "../format.ts";
import { Empty, type Html, Meter, Signed } from "../html.tsx";
import type { Model } from "../model.ts";

/** "33 %": the used share of a limit; a gain uses nothing of a loss limit. */
export function shareOf(used: number, max: number): string {
  if (!(max > 0)) return "100 %";
  return `${fixed(Math.max(0, (100 * used) / max), 0)} %`;
}

export function Limits({ view }: Model): Html {
  const { dayLossUsdt, exposureUsdt, limits } = view.account;
  if (limits === null) return <Empty>The engine has not reported its limits yet.</Empty>;
  return (
    <dl class="facts">
      <Used label="Today’s loss" used={dayLossUsdt} max={limits.dailyLossUsdtMax}>
        <Signed value={0 - dayLossUsdt} /> of −{fixed(limits.dailyLossUsdtMax, 2)} USDT
      </Used>
      <Used label="Exposure, all symbols" used={exposureUsdt} max={limits.totalExposureUsdtMax}>
        {fixed(exposureUsdt, 2)} of {fixed(limits.totalExposureUsdtMax, 2)} USDT
      </Used>
      <Fact label="Exposure, one symbol">
        at most {fixed(limits.symbolExposureUsdtMax, 2)} USDT
      </Fact>
      <Fact label="One order">at most {fixed(limits.orderNotionalUsdtMax, 2)} USDT</Fact>
    </dl>
  );
}

function Used(props: { label: string; used: number; max: number; children: Child }) {
  const { label, used, max } = props;
  return (
    <Fact label={label}>
      <Meter label={`${label}, share of the limit`} value={Math.max(0, used)} max={max} />{" "}
      {props.children} · {shareOf(used, max)}
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
