/**
 * Order-flow imbalance at the touch a second (Cont, Kukanov, Stoikov, J. Fin. Econometrics 2014),
 * fading with a half-life of about 7 s: queues that grow on the bid and shrink on the ask push up.
 */
import { partOf, type Touch } from "./feature.ts";

const WEIGHT = 0.1;

export const orderFlow = partOf({
  gives: [{ name: "orderFlow", unit: "steps/s", version: 1, warmUp: { of: "sample", count: 1 } }],
  needs: [],
  bind(columns) {
    const orderFlow = columns.give("orderFlow");
    const faded = columns.keep("faded");
    const flowNow = columns.keep("flowNow");
    return {
      onBook(id, now, before) {
        if (before.bidTicks > 0) flowNow[id] = (flowNow[id] ?? 0) + flowOf(now, before);
      },
      sample(id, seconds) {
        const keep = (1 - WEIGHT) ** seconds;
        const flow = (flowNow[id] ?? 0) / seconds;
        faded[id] = (faded[id] ?? 0) * keep + flow * (1 - keep);
        orderFlow[id] = faded[id] ?? 0;
        flowNow[id] = 0;
      },
    };
  },
});

/**
 * e = q_b·[P_b ≥ P_b'] − q_b'·[P_b ≤ P_b'] − q_a·[P_a ≤ P_a'] + q_a'·[P_a ≥ P_a'], in steps, primes
 * before.
 */
function flowOf(now: Touch, before: Touch): number {
  let flow = 0;
  if (now.bidTicks >= before.bidTicks) flow += now.bidSteps;
  if (now.bidTicks <= before.bidTicks) flow -= before.bidSteps;
  if (now.askTicks <= before.askTicks) flow -= now.askSteps;
  if (now.askTicks >= before.askTicks) flow += before.askSteps;
  return flow;
}
