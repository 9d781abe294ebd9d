import { describe, expect, test } from "bun:test";
import { clientOrderIdOf } from "../../../src/domain/order.ts";
import { asClientOrderId } from "../../../src/domain/units.ts";
import { ClientIds, SYSTEM_NAMES } from "../../../src/orders/client-id.ts";
import { STRATEGIES } from "../../../src/strategy/registry.ts";

/** The venue takes at most this many characters (bybit/v5/order/create-order, orderLinkId). */
const CLIENT_ID_LENGTH_MAX = 36;
const REGISTERED = STRATEGIES.map(({ name }) => name);
const ids = new ClientIds(REGISTERED);

test("every id we make is read back and fits the venue", () => {
  for (const name of [...REGISTERED, ...SYSTEM_NAMES]) {
    const clientId = clientOrderIdOf("run_0123456789-ABCDE", name, 36 ** 5 - 1);
    expect(ids.nameIn(clientId)).toBe(name);
    expect(clientId.length).toBeLessThanOrEqual(CLIENT_ID_LENGTH_MAX);
  }
});

test.each(["", "by-hand", "x-maker-", "-maker-1", "abc-taker-1", "x-maker-1é", "9f1c-web-12"])(
  "%p is a stranger's",
  (clientId) => expect(ids.nameIn(asClientOrderId(clientId))).toBeNull(),
);

describe("names", () => {
  test.each(["x", "Maker", "two words", "a-b", "ninechars"])("%p cannot stand in an id", (name) => {
    expect(() => new ClientIds([name])).toThrow("two to eight letters");
  });

  test.each([
    ["two strategies", ["maker", "maker"]],
    ["a strategy and the operator", ["operator"]],
  ] as const)("%s cannot share one", (_who, names) => {
    expect(() => new ClientIds(names)).toThrow("share a name");
  });
});
