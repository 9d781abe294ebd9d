/**
 * Order-flow imbalance at the touch a second (Cont, Kukanov, Stoikov, J. Fin. Econometrics 2014),
 * fading with a half-life of about 7 s: queues that grow on the bid and shrink on the ask push up.
 */
import { partOf } from "./feature.ts";

export const orderFlow = partOf({
  gives: [{ name: "orderFlow", unit: "steps/s", version: 1, warmUp: { of: "sample", count: 1 } }],
  needs: [],
  bind(columns) {
    const orderFlow = columns.give("orderFlow");
    const { flowSteps } = columns.totals;
    const faded = columns.keep("faded");
    const counted = columns.keep("counted");
    return {
      sample(id, { seconds, flowKeep: keep }) {
        const total = flowSteps[id] ?? 0;
        const flow = (total - (counted[id] ?? 0)) / seconds;
        counted[id] = total;
        faded[id] = (faded[id] ?? 0) * keep + flow * (1 - keep);
        orderFlow[id] = faded[id] ?? 0;
      },
    };
  },
});
