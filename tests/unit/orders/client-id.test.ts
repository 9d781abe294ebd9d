import { expect, test } from "bun:test";
import { clientOrderIdOf } from "../../../src/domain/order.ts";
import { asClientOrderId } from "../../../src/domain/units.ts";
import { CLIENT_ID_LENGTH_MAX, STRATEGY_NAMES, strategyIn } from "../../../src/orders/client-id.ts";

test("every id we make is read back and fits the venue", () => {
  for (const strategy of STRATEGY_NAMES) {
    const clientId = clientOrderIdOf("run_0123456789-ABCDE", strategy, 36 ** 5 - 1);
    expect(strategyIn(clientId)).toBe(strategy);
    expect(clientId.length).toBeLessThanOrEqual(CLIENT_ID_LENGTH_MAX);
  }
});

test.each(["", "by-hand", "x-maker-", "-maker-1", "abc-taker-1", "x-maker-1é", "9f1c-web-12"])(
  "%p is a stranger's",
  (clientId) => expect(strategyIn(asClientOrderId(clientId))).toBeNull(),
);
