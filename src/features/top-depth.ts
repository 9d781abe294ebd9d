/** Average value of the two best queues in USDT, fading with a half-life of about 7 s from 0. */
import { toNumber } from "../kernel/decimal.ts";
import { partOf } from "./feature.ts";

export const topDepth = partOf({
  gives: [{ name: "topDepthUsdt", unit: "usdt", version: 1, warmUp: { of: "sample", count: 1 } }],
  needs: ["bidSteps", "askSteps", "midTicks"],
  bind(columns) {
    const topDepthUsdt = columns.give("topDepthUsdt");
    const bidSteps = columns.read("bidSteps");
    const askSteps = columns.read("askSteps");
    const midTicks = columns.read("midTicks");
    const depths = columns.keep("depth");
    /** Value of one step at one tick. */
    const unitUsdt = columns.keep("unitUsdt");
    return {
      onInstrument({ id, price, qty }) {
        unitUsdt[id] = toNumber(price, 1) * toNumber(qty, 1);
      },
      sample(id, { flowKeep: keep }) {
        const mid = midTicks[id] ?? Number.NaN;
        if (!(mid > 0)) return;
        const steps = ((bidSteps[id] ?? 0) + (askSteps[id] ?? 0)) / 2;
        const topUsdt = steps * mid * (unitUsdt[id] ?? 0);
        depths[id] = (depths[id] ?? 0) * keep + topUsdt * (1 - keep);
        topDepthUsdt[id] = depths[id] ?? 0;
      },
    };
  },
});
