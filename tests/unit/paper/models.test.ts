/** The same market and orders under other models, chosen by argument. */
import { describe, expect, test } from "bun:test";
import { feeScheduleOf } from "../../../src/domain/fees.ts";
import { asTicks } from "../../../src/domain/units.ts";
import { must } from "../../../src/kernel/assert.ts";
import { flatFees } from "../../../src/paper/models/fee.ts";
import { DEFAULT_MODELS, type PaperModels } from "../../../src/paper/models/paper-models.ts";
import { proportionalQueue, type QueueModel } from "../../../src/paper/models/queue.ts";
import type { FundingModel } from "../../../src/paper/models/settlement.ts";
import { world } from "./world.ts";

const DUE_MS = 2_000;

function traded(models: Partial<PaperModels>): string[] {
  const { book, ticker, submit, trade, tape, exchange } = world({ models });
  book("999x8 998x4", "1001x4 1002x9");
  const rates = { fundingRate: "0.0001", nextFundingTime: String(DUE_MS) };
  ticker({ lastPrice: "100", markPrice: "100", ...rates }, true);
  submit("a", "buy", { priceTicks: asTicks(999) });
  trade("sell", 999, 10);
  exchange.tick(DUE_MS);
  return tape();
}

describe("models by argument", () => {
  test("the defaults: a place behind eight, the published fee, funding once", () => {
    expect(traded({})).toEqual([
      "a buy 2 @ 999 maker fee 0.00003996",
      "a partially_filled 2/5",
      "position 2 @ 99.9",
      "funding buy 2 @ 1000 taker fee 0.00002",
    ]);
    expect(traded(DEFAULT_MODELS)).toEqual(traded({}));
  });

  test("a queue in which everybody is first fills at once", () => {
    const first: QueueModel = {
      ...proportionalQueue,
      join: (_levelSteps, venueAtMs) => proportionalQueue.join(0, venueAtMs),
    };
    expect(traded({ queue: first })[0]).toBe("a buy 5 @ 999 maker fee 0.0000999");
  });

  test("another schedule, here with a rebate", () => {
    const fees = feeScheduleOf({ maker: "-0.0001", taker: "0.0004" });
    expect(traded({ fee: flatFees(must(fees, "decimals")) })[0]).toBe(
      "a buy 2 @ 999 maker fee -0.00001998",
    );
  });

  test("a market without funding", () => {
    const none: FundingModel = { isDue: () => false, payment: () => 0n };
    expect(traded({ funding: none }).at(-1)).toBe("position 2 @ 99.9");
  });
});
