/** @jsxImportSource hono/jsx */
/**
 * What a tab says while nobody looks at it: money of the day and whether it trades, in its title
 * and in the colour of its icon. The page keeps it as a hidden value; a hidden tab asks for it.
 */
import { tradingNow } from "../../src/monitor/trading-now.ts";
import { NONE, signed } from "../format.ts";
import type { Html } from "../html.tsx";
import type { Model } from "../page-model.ts";
import { region } from "../region.tsx";
import { V } from "../value.tsx";

interface TabState {
  /** Before the page's own name: "−1.50 ● 8", "■ HALTED". */
  readonly text: string;
  readonly tone: "good" | "warn" | "bad";
}

export const tab = region("tab", Tab);

function Tab(model: Model): Html {
  const { text, tone } = tabOf(model);
  return (
    <span hidden>
      <V id="tab" tone={tone}>
        {text}
      </V>
      <V id="run">{model.run.runId}</V>
    </span>
  );
}

export function tabOf({ view, nowMs }: Pick<Model, "view" | "nowMs">): TabState {
  const { tone, icon } = tradingNow(view, nowMs);
  if (view.trading.state === "halted") return { text: `${icon} HALTED`, tone };
  if (view.trading.state === "starting") return { text: `${icon} STARTING`, tone };
  const { dayLossUsdt, limits } = view.account;
  const net = limits === null ? NONE : signed(0 - dayLossUsdt, 2);
  return { text: `${net} ${icon} ${view.universe.active.length}`, tone };
}
