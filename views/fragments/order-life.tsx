/** @jsxImportSource hono/jsx */
/** The life of an order on a time line: what happened, when, and how long after it was wanted. */
import type { LifeStep, OrderStory, StepKind } from "../../src/blotter/rows.ts";
import { type Fixed, fixedToText } from "../../src/kernel/fixed.ts";
import { netOfFill } from "../../src/portfolio/fill.ts";
import { dateTimeUtc, duration, grouped, isoUtc } from "../format.ts";
import { Empty, type Html } from "../html.tsx";

/** What each step is called. */
const WORDS: Readonly<Record<StepKind, string>> = {
  wanted: "Wanted",
  sent: "Passed all gates, sent",
  acknowledged: "Acknowledged",
  open: "Works at the venue",
  filled: "Filled",
  move_asked: "Asked to move",
  moved: "Moved",
  cancel_asked: "Asked to cancel",
  silent: "No answer: asking",
  ended: "Ended",
  rejected: "Rejected",
  failed: "Failed",
};

const TONES: Readonly<Partial<Record<StepKind, string>>> = {
  filled: "good",
  rejected: "bad",
  failed: "bad",
  silent: "warn",
  cancel_asked: "info",
};

export function OrderLife({ story }: { story: OrderStory }): Html {
  const { steps, order } = story;
  if (steps.length === 0) {
    return <Empty>Nothing is kept of its steps: it is from before they were.</Empty>;
  }
  return (
    <ol class="life">
      {steps.map((step) => (
        <Step step={step} sinceMs={order.createdAtMs} />
      ))}
    </ol>
  );
}

function Step({ step, sinceMs }: { step: LifeStep; sinceMs: number }): Html {
  const { atMs, kind, text } = step;
  const after = atMs - sinceMs;
  return (
    <li class={TONES[kind] ?? "mute"}>
      <time class="num" datetime={isoUtc(atMs)} title={`${dateTimeUtc(atMs)} UTC`}>
        {clockMs(atMs)}
      </time>
      <span class="num life-after">{after <= 0 ? "" : `+${afterText(after)}`}</span>
      <span>
        <strong>{WORDS[kind]}</strong>
        {text === "" ? null : <span class="life-text"> {text}</span>}
      </span>
    </li>
  );
}

/** To the ms at first, as that is how long an answer takes. */
function afterText(ms: number): string {
  return ms >= 1_000 && ms < 60_000 ? `${(ms / 1_000).toFixed(2)} s` : duration(ms);
}

/** "13:05:41.093". */
function clockMs(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 23);
}

/** What its executions came to. */
export function moneyOf({ fills }: OrderStory): { readonly fees: Fixed; readonly net: Fixed } {
  const sum = (parts: readonly Fixed[]): Fixed => parts.reduce((total, part) => total + part, 0n);
  return { fees: sum(fills.map(({ fee }) => fee)), net: sum(fills.map(netOfFill)) };
}

/** "0.0123 USDT": exact money for a list of facts. */
export const usdt = (amount: Fixed): string => `${grouped(fixedToText(amount))} USDT`;
