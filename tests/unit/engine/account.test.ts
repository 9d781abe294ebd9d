/** Whose account it is: known before anything of it is believed, and never another one. */
import { describe, expect, test } from "bun:test";
import { tradingOf } from "../../../src/engine/control.ts";
import { emptyView, project } from "../../../src/monitor/project.ts";
import { entriesOf } from "../../support/audit-ticks.ts";
import { Tape } from "./tape.ts";

const other = (tape: Tape) => tape.send({ kind: "account_identity", accountId: "2" });

describe("the account", () => {
  test("is named in what is told of it", () => {
    const tape = new Tape().ready();
    tape.play("wait 300");
    expect(entriesOf(tape.ticks, "account").at(-1)?.account.accountKey).toBe("test:1");
  });

  test("no snapshot is applied before the record of the account is open", () => {
    const tape = new Tape({ autoTrade: false });
    tape.send({ kind: "account_snapshot", ...NOTHING, requestedAtMs: tape.atMs });
    expect(tape.state.control.recovered).toBe(false);
    expect(tape.state.control.reconcileAtMs).toBe(0);
  });

  test("told again it changes nothing", () => {
    const tape = new Tape().ready();
    tape.send({ kind: "account_identity", accountId: "1" });
    expect(tradingOf(tape.state).state).toBe("on");
  });

  test("another one halts for good: nothing is placed, and none of its news is ours", () => {
    const tape = new Tape().ready();
    tape.play("exec #1 100 1000\nposition A 100 992");
    const { fees } = tape.state.ledger;
    const { wallet } = tape.state;
    const answer = other(tape);
    expect(answer.some((effect) => effect.kind === "log" && effect.level === "error")).toBe(true);
    expect(tradingOf(tape.state)).toMatchObject({ state: "halted" });
    expect(tradingOf(tape.state).reason).toContain("account 2");
    const halts = entriesOf(tape.ticks, "intervention").map(({ intervention }) => intervention);
    expect(halts.at(-1)).toMatchObject({ action: "halt", cause: "account" });
    tape.play("exec - 100 1000 sell A\nsnapshot position:A:-500\nwallet 5");
    expect(tape.state.ledger.stepsOf(0 as never)).toBe(100);
    expect(tape.state.ledger.fees).toBe(fees);
    expect(tape.state.wallet).toBe(wallet);
    const sent = tape.play("operator resume\nbook A 900x9000 901x9000\nwait 5000").join();
    expect(sent).not.toContain("submit");
    expect(sent).not.toContain("protect");
    expect(tradingOf(tape.state).state).toBe("halted");
    // Health and pages hear of it: the one is red, the others show nothing of it as ours.
    expect(tape.ticks.at(-1)?.trading.otherAccount).toContain("account 2");
    const view = tape.ticks.reduce(project, emptyView(0));
    expect([view.positions.size, view.openOrders.size]).toEqual([0, 0]);
  });

  test("an older wallet does not take the place of a newer one", () => {
    const tape = new Tape().ready();
    tape.play("wallet 900");
    const { wallet } = tape.state;
    if (wallet === null) throw new Error("no wallet");
    const late = { ...wallet, equity: 1n, available: 1n, venueAtMs: wallet.venueAtMs - 1 };
    tape.send(late);
    expect(tape.state.wallet).toBe(wallet);
    const next = { ...late, venueAtMs: wallet.venueAtMs };
    tape.send(next);
    expect(tape.state.wallet).toBe(next);
  });

  test("what a person says before the account is known outweighs what was said before", () => {
    const past = { haltedBefore: "halted by ada before the restart: lunch" };
    const tape = new Tape({ autoTrade: false, ...past });
    tape.play("operator resume");
    tape.ready();
    expect(tradingOf(tape.state).state).toBe("on");
  });
});

const NOTHING = {
  cause: "test",
  openOrders: [],
  positions: [],
  executions: [],
  unreadable: [],
  venueCounts: { openPositions: 0, openingOrders: 0 },
  requestedVenueAtMs: 0,
  wallet: null,
};
