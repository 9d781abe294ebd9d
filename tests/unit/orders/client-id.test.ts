import { describe, expect, test } from "bun:test";
import { clientOrderIdOf } from "../../../src/domain/order.ts";
import { asClientOrderId } from "../../../src/domain/units.ts";
import { ClientIds, type Origin, SYSTEM_NAMES } from "../../../src/orders/client-id.ts";
import { isOfInstallation, isWrittenBy } from "../../../src/orders/id-origin.ts";
import { STRATEGIES } from "../../../src/strategy/registry.ts";

/** The venue takes at most this many characters (bybit/v5/order/create-order, orderLinkId). */
const CLIENT_ID_LENGTH_MAX = 36;
const REGISTERED = STRATEGIES.map(({ name }) => name);
const ORIGIN: Origin = {
  installation: "k3f9a2xq",
  runId: "mf0abc12",
  earlierRuns: new Set(["mezzzzzz", "mf000000", "abc", "x"]),
};
const ids = new ClientIds(REGISTERED, ORIGIN);

test("every id we make is read back and fits the venue", () => {
  for (const name of [...REGISTERED, ...SYSTEM_NAMES]) {
    const clientId = clientOrderIdOf(ids.prefix, name, 36 ** 5 - 1);
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
    expect(() => new ClientIds([name], ORIGIN)).toThrow("two to eight letters");
  });

  test.each([
    ["two strategies", ["maker", "maker"]],
    ["a strategy and the operator", ["operator"]],
  ] as const)("%s cannot share one", (_who, names) => {
    expect(() => new ClientIds(names, ORIGIN)).toThrow("share a name");
  });
});

describe("whose order an id is", () => {
  test.each([
    ["of this run", "k3f9a2xq_mf0abc12-maker-1", "maker", null],
    ["of an earlier run of ours", "k3f9a2xq_mf000000-maker-1z", "maker", null],
    ["of an earlier run, before installations had names", "mezzzzzz-operator-3", "operator", null],
    ["that only looks like an earlier run's", "y-maker-1", null, null],
    ["of another installation", "zzzz1111_mf0abc12-maker-1", null, "zzzz1111"],
    [
      "of a copy of our data, in a run that we never made",
      "k3f9a2xq_mf0zzzzz-maker-1",
      null,
      "k3f9a2xq",
    ],
    ["of nobody that trades", "zzzz1111_mf0abc12-taker-1", null, null],
  ])("%s", (_what, id, name, engine) => {
    expect(ids.nameIn(asClientOrderId(id))).toBe(name);
    expect(ids.engineIn(asClientOrderId(id))).toBe(engine);
  });

  test("what was taken over is ours", () => {
    const heir = new ClientIds(REGISTERED, ORIGIN);
    const left = asClientOrderId("zzzz1111_mf0abc12-maker-1");
    heir.takeOver("zzzz1111");
    expect([heir.nameIn(left), heir.engineIn(left)]).toEqual(["maker", null]);
  });
});

describe("who wrote an id, for who cleans up after an engine", () => {
  const by = { installation: "k3f9a2xq", runIdMax: "mf0abc12" };
  test.each([
    ["of the run", "k3f9a2xq_mf0abc12-maker-1", true, true],
    ["of an earlier one", "k3f9a2xq_mf0abc11-maker-1", true, true],
    ["of one that began since", "k3f9a2xq_mf0abc13-maker-1", false, true],
    ["of another installation", "zzzz1111_mf0abc12-maker-1", false, false],
    ["of the old form", "mf0abc12-maker-1", false, false],
    ["by hand", "by-hand", false, false],
  ])("%s", (_what, id, isWritten, isInstalled) => {
    expect(isWrittenBy(id, by)).toBe(isWritten);
    expect(isOfInstallation(id, by.installation)).toBe(isInstalled);
  });
});
