import { describe, expect, test } from "bun:test";
import { DEFAULT_LIMITS } from "../../../src/risk/limits.ts";
import { entriesOf } from "../../support/audit-ticks.ts";
import { Tape } from "./tape.ts";

const BOOK = "book A 1000x9000 1001x9000";

const denialsOf = (tape: Tape) =>
  entriesOf(tape.ticks, "denial").map(({ denial }) => denial.reason);
const submitsOf = (tape: Tape) => tape.effects.filter((effect) => effect.kind === "submit");

function tapeWith(account: Partial<Tape["account"]>, autoTrade = true): Tape {
  const tape = new Tape({ autoTrade });
  Object.assign(tape.account, account);
  return tape;
}

describe("margin", () => {
  test("a wallet of 20 USDT quotes 100 once and not twice", () => {
    const pct = { orderEquityPctMax: 1_000, symbolEquityPctMax: 1_000, totalEquityPctMax: 1_000 };
    const tape = new Tape({ limits: { ...DEFAULT_LIMITS, ...pct } });
    tape.account.walletUsdt = "20";
    tape.ready();
    expect(submitsOf(tape)).toHaveLength(1);
    const [denial] = denialsOf(tape);
    expect(denial).toMatchObject({ code: "MARGIN_UNAVAILABLE" });
    if (denial?.code !== "MARGIN_UNAVAILABLE") throw new Error("no denial");
    // 99 USDT at 10 times and the fees; 80 % of 20 USDT less the 10 that the first quote takes.
    expect(denial.needUsdt).toBeCloseTo(10.02, 1);
    expect(denial.availableUsdt).toBeCloseTo(6, 1);
  });

  test("limits are shares of equity too, and the smaller of the two wins", () => {
    const tape = tapeWith({ walletUsdt: "200" }).ready();
    expect(submitsOf(tape)).toHaveLength(0);
    const [denial] = denialsOf(tape);
    expect(denial).toMatchObject({ code: "ORDER_NOTIONAL_ABOVE_MAX", maxUsdt: 50 });
  });

  test("without a wallet nothing is entered, and the reason says so", () => {
    const tape = tapeWith({ walletUsdt: "" }).ready();
    expect(submitsOf(tape)).toHaveLength(0);
    expect(denialsOf(tape)).toEqual([{ code: "TERMS_UNKNOWN", missing: "wallet" }]);
  });
});

describe("leverage and modes", () => {
  test("leverage is read and set once trading is armed, and not before", () => {
    const tape = tapeWith({}, false).ready();
    const settles = () => tape.effects.filter(({ kind }) => kind === "settle_terms");
    expect(tape.effects.some(({ kind }) => kind === "load_account_terms")).toBe(true);
    expect(settles()).toHaveLength(0);
    tape.play(`operator resume\nwait 1000`);
    expect(settles()).toEqual([{ kind: "settle_terms", symbolId: 0, leverageMax: 10 } as never]);
  });

  test("a leverage that could not be lowered is denied with both numbers", () => {
    const tape = tapeWith({ leverage: 25 }).ready();
    expect(submitsOf(tape)).toHaveLength(0);
    expect(denialsOf(tape)).toEqual([
      { code: "LEVERAGE_ABOVE_MAX", leverage: 25, leverageMax: 10 },
    ]);
  });

  test("arming is refused in portfolio margin, with what was found and wanted", () => {
    const tape = tapeWith({ marginMode: "portfolio" }, false).ready();
    tape.play(`operator resume\n${BOOK}\nwait 2000`);
    expect(tape.state.control.armed).toBe(false);
    expect(submitsOf(tape)).toHaveLength(0);
    const said = entriesOf(tape.ticks, "intervention").at(-1)?.intervention;
    expect(said?.outcome).toBe("the account's margin mode is portfolio, wanted cross or isolated");
  });

  test("a margin mode that turns wrong while trading halts it", () => {
    const tape = tapeWith({}).ready();
    tape.send({ kind: "account_terms", marginMode: "portfolio", fault: "" });
    expect(tape.state.control.armed).toBe(false);
    expect(entriesOf(tape.ticks, "intervention").at(-1)?.intervention.cause).toBe("risk");
  });

  test("an answer that does not come denies after its time, and is asked for again", () => {
    const tape = tapeWith({ marginMode: null }).ready();
    const asks = () => tape.effects.filter(({ kind }) => kind === "load_account_terms");
    expect([denialsOf(tape), asks().length]).toEqual([[], 1]);
    tape.play(`wait 6000\n${BOOK}`);
    const reason = { code: "TERMS_UNKNOWN", missing: "leverage and position mode" };
    expect(denialsOf(tape)).toEqual([reason] as never);
    expect([submitsOf(tape).length, asks().length]).toEqual([0, 2]);
  });
});
