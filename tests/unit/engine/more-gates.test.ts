import { describe, expect, test } from "bun:test";
import type { SymbolId } from "../../../src/domain/units.ts";
import { correlatedWith } from "../../../src/engine/returns-keeping.ts";
import { DEFAULT_LIMITS } from "../../../src/risk/limits.ts";
import { entriesOf } from "../../support/audit-ticks.ts";
import { tickerOf } from "../../support/frames.ts";
import { instrumentOf, START_MS, Tape } from "./tape.ts";

const A = 0 as SymbolId;
const B = 1 as SymbolId;
const BOOK = "book A 1000x9000 1001x9000";

const denialsOf = (tape: Tape) =>
  entriesOf(tape.ticks, "denial").map(({ denial }) => denial.reason);

/** The next settlement in so many ms, at a rate that longs pay. */
function funding(tape: Tape, leftMs: number, rate: string): void {
  const fields = {
    markPrice: "100.05",
    lastPrice: "100.0",
    turnover24h: "30000000",
    fundingRate: rate,
    nextFundingTime: String(tape.atMs + leftMs),
  };
  tape.send({ ...tickerOf(true, fields, instrumentOf(A)), venueAtMs: tape.atMs });
}

describe("before a settlement", () => {
  test("the side that pays too much is not entered, and what rests there goes", () => {
    const tape = new Tape().ready();
    tape.play("report #1 new\nreport #2 new");
    funding(tape, 60_000, "0.0010");
    expect(tape.play(`wait 1700\n${BOOK}`)).toContain("cancel #1");
    const [denial] = denialsOf(tape);
    expect(denial).toMatchObject({ code: "FUNDING_TOO_DEAR" });
    if (denial?.code !== "FUNDING_TOO_DEAR") throw new Error("no denial");
    expect([denial.costBps, Math.round(denial.allowedBps)]).toEqual([10, 5]);
    expect(tape.state.orders.live(A).some(({ intent }) => intent.side === "sell")).toBe(true);
  });

  test("a long time before one nothing is refused for it", () => {
    const tape = new Tape().ready();
    funding(tape, 3_600_000, "0.0010");
    tape.play(`wait 1700\n${BOOK}`);
    expect(denialsOf(tape)).toEqual([]);
  });
});

describe("a contract that ends", () => {
  const ending = (leftMs: number) => [instrumentOf(A, { deliveryAtMs: START_MS + leftMs })];

  test("is not entered in its last two days", () => {
    const tape = new Tape().ready();
    tape.play("report #1 new\nreport #2 new");
    tape.send({ kind: "instruments", instruments: ending(47 * 3_600_000) });
    expect(tape.play(`wait 200\n${BOOK}`)).toEqual(
      expect.arrayContaining(["cancel #1", "cancel #2", "denied DELISTING"]),
    );
  });

  test("is left at market before its last day", () => {
    const tape = Tape.halted().ready();
    tape.play("exec - 100 1000 buy A\nposition A 100 992");
    expect(tape.play(`wait 1000\n${BOOK}`).filter((line) => line.includes("market"))).toEqual([]);
    tape.send({ kind: "instruments", instruments: ending(23 * 3_600_000) });
    expect(tape.play(`wait 1000\n${BOOK}`).join()).toContain("A sell 100 market exit ioc");
  });
});

describe("liquidation", () => {
  test("the venue's price of it closes the way in while it is near", () => {
    const tape = new Tape().ready();
    tape.send({
      kind: "position_report",
      symbolId: A,
      positionSteps: 0,
      entryPriceText: "",
      stopLossTicks: null,
      liquidationText: "",
      venueAtMs: 1,
    });
    expect(tape.state.terms.liquidation.size).toBe(0);
    const held = { entryPriceText: "100", stopLossTicks: null, venueAtMs: 2 } as const;
    tape.send({
      kind: "position_report",
      symbolId: A,
      positionSteps: 100,
      liquidationText: "97.25",
      ...held,
    });
    expect(tape.state.terms.liquidation.get(A)).toBe(972.5);
  });
});

describe("losses while one source is silent", () => {
  test("the worse of mark and book counts, and the book alone when the ticker is old", () => {
    const tape = Tape.halted().ready();
    tape.play("exec - 100 1000 buy A\nposition A 100 300\nticker A 100.05\nwait 1000");
    const loss = () => Math.round(tape.state.dayLossUsdt) + 0;
    expect(loss()).toBe(0);
    // Half of it is gone on the book, and the ticker does not say so.
    tape.play("book A 499x9000 501x9000\nwait 1000");
    expect(loss()).toBe(50);
    tape.play("ticker A 90\nbook A 1000x9000 1001x9000\nwait 1000");
    expect(loss()).toBe(10);
  });
});

describe("symbols that move together", () => {
  test("count as one bet until their returns say otherwise", () => {
    const tape = new Tape({}, 2).ready();
    tape.play("report #1 new\nreport #2 new\nreport #3 new\nreport #4 new");
    const { buy, sell } = correlatedWith(tape.state, A);
    expect([Math.round(buy.usdt), Math.round(sell.usdt), buy.symbols]).toEqual([200, 198, 2]);
    const apart = Array.from({ length: 30 }, (_, at) => Math.sin(at));
    const other = Array.from({ length: 30 }, (_, at) => Math.cos(at));
    tape.state.returns.series.set(A, { lastTicks: 1, returns: apart });
    tape.state.returns.series.set(B, { lastTicks: 1, returns: other });
    expect(correlatedWith(tape.state, A).buy.symbols).toBe(1);
    tape.state.returns.series.set(B, { lastTicks: 1, returns: apart.map((value) => -value) });
    const against = correlatedWith(tape.state, A);
    // A rise of the one is a fall of the other: its sells stand with our buys.
    expect([Math.round(against.buy.usdt), against.buy.symbols]).toEqual([199, 2]);
  });

  test("prices are sampled once a minute, and a gap begins a new series", () => {
    const tape = new Tape().ready();
    for (let minute = 0; minute < 3; minute++) tape.play(`wait 60000\n${BOOK}`);
    expect(tape.state.returns.series.get(A)?.returns.length).toBeGreaterThanOrEqual(2);
    tape.atMs += 300_000;
    tape.play("wait 1000");
    expect(tape.state.returns.series.get(A)?.returns ?? []).toEqual([]);
  });

  test("above their limit nothing is added on that side", () => {
    const limits = { ...DEFAULT_LIMITS, correlatedExposureUsdtMax: 150 };
    const tape = new Tape({ limits }, 2).ready();
    expect(denialsOf(tape)[0]).toMatchObject({
      code: "CORRELATED_EXPOSURE_ABOVE_MAX",
      maxUsdt: 150,
    });
  });
});
