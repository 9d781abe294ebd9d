/** The venue's log of the settlement coin: what is in it besides our executions, and how much. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { fixedToText } from "../../../src/kernel/fixed.ts";
import { connect, type UnderTest } from "../../support/bybit-under-test.ts";
import { CONTRACT_MS_MAX } from "../../support/patience.ts";
import { ok, refusal, StubExchange, until } from "../../support/stub-exchange.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const PATH = "/v5/account/transaction-log";
const DAY_MS = 86_400_000;

let stub: StubExchange;
let tested: UnderTest;

beforeEach(async () => {
  stub = new StubExchange().start();
  tested = connect(stub, { tradeSocket: false });
  await tested.started;
});
afterEach(async () => {
  await tested.venue.stop();
  await stub.stop();
});

/** A line as the venue writes it: our execution unless it says otherwise. */
function line(id: string, atMs: number, more: object = {}): object {
  return {
    id,
    symbol: "BTCUSDT",
    category: "linear",
    currency: "USDT",
    type: "TRADE",
    tradeId: `trade-${id}`,
    change: "-0.0190872",
    cashFlow: "0",
    funding: "",
    fee: "0.01908720",
    cashBalance: "5086.56192602",
    transactionTime: String(atMs),
    ...more,
  };
}

const apart = { symbol: "", category: "", tradeId: "" };

async function loaded(sinceVenueAtMs: number) {
  const before = tested.of("cash_log").length;
  tested.venue.loadCashLog(sinceVenueAtMs);
  await until(() => tested.of("cash_log").length > before, "the log was told");
  const log = tested.of("cash_log").at(-1);
  return {
    lines: log?.lines.map(({ kind, type, change }) => `${kind} ${type} ${fixedToText(change)}`),
    fault: log?.fault,
  };
}

describe("the log of the coin's cash", () => {
  test("lists what no execution of ours tells, oldest first, over all pages", async () => {
    const nowMs = Date.now();
    const pages: Record<string, object[]> = {
      first: [
        line("6", nowMs - 100, { type: "SETTLEMENT", funding: "-0.1", change: "-0.1" }),
        line("5", nowMs - 200, { ...apart, type: "TRANSFER_OUT", change: "-500" }),
        line("4", nowMs - 300, { ...apart, type: "INTEREST", change: "-0.25" }),
      ],
      second: [
        line("3", nowMs - 400, { category: "spot", change: "-20" }),
        line("2", nowMs - 500, { symbol: "NOPEUSDT", change: "3" }),
        line("1", nowMs - 600, { ...apart, currency: "BTC", type: "TRANSFER_IN", change: "1" }),
        line("0", nowMs - 700, { ...apart, type: "A_KIND_OF_NEXT_YEAR", change: "7" }),
      ],
    };
    stub.answers.set(PATH, ({ query }) =>
      query.cursor === undefined
        ? ok({ list: pages.first, nextPageCursor: "page%3D2" })
        : ok({ list: pages.second, nextPageCursor: "" }),
    );
    expect(await loaded(nowMs - 10_000)).toEqual({
      lines: [
        "other A_KIND_OF_NEXT_YEAR 7",
        "other TRADE 3",
        "other TRADE -20",
        "other INTEREST -0.25",
        "transfer TRANSFER_OUT -500",
      ],
      fault: "",
    });
    const [asked] = stub.asked(PATH);
    expect(asked?.query).toMatchObject({ accountType: "UNIFIED", currency: "USDT", limit: "50" });
    expect(asked?.query.category).toBeUndefined();
    expect(asked?.query.startTime).toBe(String(nowMs - 10_000));
  });

  test("a long time is asked for in windows that a query holds", async () => {
    const sinceMs = Date.now() - 10 * DAY_MS;
    stub.answers.set(PATH, () => ok({ list: [], nextPageCursor: "" }));
    expect(await loaded(sinceMs)).toEqual({ lines: [], fault: "" });
    const [first, second, ...more] = stub.asked(PATH).map(({ query }) => query);
    expect(more).toEqual([]);
    expect(Number(first?.endTime) - Number(first?.startTime)).toBeLessThan(7 * DAY_MS);
    expect(Number(second?.startTime)).toBe(Number(first?.endTime) + 1);
    expect(second?.endTime).toBeUndefined();
  });

  test.each([
    ["a change that is no number", { change: "many" }],
    ["no change", { change: "" }],
    ["no time", { transactionTime: "" }],
  ])("%s: the others are listed, and the answer says that one is missing", async (_what, bad) => {
    const nowMs = Date.now();
    const list = [
      line("2", nowMs, bad),
      line("1", nowMs, { ...apart, type: "BONUS", change: "1" }),
    ];
    stub.answers.set(PATH, () => ok({ list, nextPageCursor: "" }));
    const { lines, fault } = await loaded(nowMs - 1_000);
    expect(lines).toEqual(["other BONUS 1"]);
    expect(fault).toContain("cannot use a line of the transaction log");
  });

  test("a refusal is an answer that is not whole", async () => {
    stub.answers.set(PATH, () => refusal(10_005, "Permission denied"));
    const { lines, fault } = await loaded(Date.now() - 1_000);
    expect(lines).toEqual([]);
    expect(fault).toContain("Permission denied");
  });
});
