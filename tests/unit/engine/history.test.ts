/** Interventions, incidents and the equity curve, as the engine tells them. */

import { describe, expect, test } from "bun:test";
import type { Intervention } from "../../../src/engine/audit.ts";
import { EQUITY_EVERY_MS } from "../../../src/engine/schedule.ts";
import { parseFixed } from "../../../src/kernel/fixed.ts";
import { DEFAULT_LIMITS } from "../../../src/risk/limits.ts";
import { entriesOf } from "../../support/audit-ticks.ts";
import { commandOf } from "../../support/commands.ts";
import { given } from "../../support/given.ts";
import { Tape } from "./tape.ts";

const BOOK = "book A 1000x9000 1001x9000";
const OPEN = "report #1 new\nreport #2 new";
const LONG = `${OPEN}\nexec #1 100 1000\nposition A 100 992\nreport #2 cancelled\nreport #3 new`;

const told = (tape: Tape): Intervention[] =>
  entriesOf(tape.ticks, "intervention").map(({ intervention }) => intervention);

const story = (tape: Tape): string[] =>
  told(tape).map(({ id, action, cause, outcome }) => `${id} ${action} ${cause}: ${outcome}`);

describe("interventions", () => {
  test("a command is told before anything that it asks for is done", () => {
    const tape = new Tape().ready();
    tape.play(`${LONG}\nwait 500`);
    const before = tape.effects.length;
    tape.play("operator cancel_all");
    const kinds = tape.effects.slice(before).map(({ kind }) => kind);
    expect(kinds[0]).toBe("audit");
    expect(kinds).toContain("cancel_all");
    expect(told(tape)).toMatchObject([
      { action: "cancel_all", by: "ann", reason: "test", isAutomatic: false, isDone: false },
    ]);
    expect(told(tape)[0]?.outcome).toStartWith("asked to cancel 1 order");
    tape.play("wait 30\nreport #3 cancelled");
    const goesOn = "trading goes on: entries may return in 5 s";
    expect(told(tape).at(-1)).toMatchObject({
      isDone: true,
      outcome: `1 order ended after 30 ms; ${goesOn}`,
    });
  });

  test("halt and resume say what became of trading", () => {
    const tape = new Tape().ready();
    tape.play("operator halt\noperator halt\noperator resume");
    expect(story(tape)).toEqual([
      "t-1 halt operator: entries stopped",
      "t-2 halt operator: was halted already: halted by ann: test",
      "t-3 resume operator: trading is on",
    ]);
  });

  test("a flatten is told from its start to its proof, under one id", () => {
    const tape = new Tape().ready();
    tape.play(`${LONG}\nwait 500\noperator flatten\nreport #3 cancelled\nwait 40`);
    tape.play("report o#4 filled 100\nexec o#4 100 999\nwait 10\nsnapshot");
    expect(story(tape)).toEqual([
      "t-1 flatten operator: 1 order and 1 position left",
      "t-1 flatten operator: 0 orders and 1 position left",
      "t-1 flatten operator: nothing left here, to be proved",
      expect.stringMatching(
        /^t-1 flatten operator: proved flat after 50 ms: read at 2026-\S+Z by the venue's clock, it held 0 positions and 0 orders that could open one$/,
      ),
    ]);
    const last = told(tape).at(-1);
    expect(last?.isDone).toBe(true);
    expect((last?.outcomeAtMs ?? 0) - (last?.atMs ?? 0)).toBe(50);
    tape.play(`wait 2000\n${BOOK}`);
    expect(told(tape)).toHaveLength(4);
  });

  test("a resume gives a flatten up, and says so", () => {
    const tape = new Tape().ready();
    tape.play(`${LONG}\nwait 500\noperator flatten\noperator resume`);
    expect(story(tape).slice(1)).toEqual([
      "t-1 flatten operator: given up: resumed by ann",
      "t-2 resume operator: trading is on",
    ]);
  });

  test("a lost day is an intervention of the program's own", () => {
    const limits = { ...DEFAULT_LIMITS, dailyLossUsdtMax: 1 };
    const tape = new Tape({ limits }).ready();
    tape.play(`${LONG}\nticker A 98.5\nwait 1100\n${BOOK}`);
    expect(told(tape)).toMatchObject([
      {
        action: "halt",
        cause: "daily_loss",
        by: "scalper",
        isAutomatic: true,
        reason: "lost 1.50 USDT since 00:00 UTC, the limit is 1",
      },
    ]);
  });

  test("so is a position that nobody can explain", () => {
    const tape = new Tape({ autoTrade: false }).ready();
    tape.play("operator resume\nposition A 70 992\nwait 2600");
    tape.play(`${BOOK}\nsnapshot position:A:70:992`);
    expect(story(tape).at(-1)).toStartWith("t-2 halt difference: entries stopped");
    expect(told(tape).at(-1)?.reason).toContain("the position of A was not what our fills say");
  });

  test("what the program commands is not a person's, whatever its name", () => {
    const tape = new Tape().ready();
    const by = "scalper";
    tape.send(commandOf("resume", { by, reason: "a person called so" }));
    tape.send({ kind: "record_status", up: false, detail: "disk full" });
    tape.send({ kind: "leave", reason: "stopping: SIGTERM" });
    const rows = told(tape).map(({ by: who, cause, isAutomatic, outcome }) => [
      who,
      cause,
      isAutomatic,
      outcome,
    ]);
    expect(rows).toEqual([
      ["scalper", "operator", false, "trading is on"],
      ["scalper", "record", true, "entries stopped"],
      ["scalper", "stopping", true, "asked to cancel 2 orders"],
    ]);
  });
});

describe("incidents", () => {
  const incidents = (tape: Tape) => entriesOf(tape.ticks, "incident").map((one) => one.incident);

  test("connecting is none; a feed that is lost and comes back is one, with cause and length", () => {
    const tape = new Tape().ready();
    expect(incidents(tape)).toEqual([]);
    tape.play("feed market down\nwait 700\nfeed market up\nfeed market up");
    const [began, ended] = incidents(tape);
    expect(incidents(tape)).toHaveLength(2);
    expect(began).toMatchObject({ service: "market-feed", severity: "down", untilMs: null });
    expect(began?.cause).toBe("test");
    expect(ended).toEqual({ ...began, untilMs: (began?.fromMs ?? 0) + 700 } as never);
  });

  const health = (tape: Tape, before: "ok" | "degraded" | "down", status: typeof before) =>
    tape.send({ kind: "service_status", service: "storage", before, status, detail: status });

  test("the health check's words are told once each: worse is told, better but ill is not", () => {
    const tape = new Tape().ready();
    health(tape, "ok", "degraded");
    health(tape, "degraded", "down");
    health(tape, "down", "degraded");
    health(tape, "degraded", "ok");
    expect(incidents(tape).map(({ id, severity, untilMs }) => [id, severity, untilMs])).toEqual([
      ["t-1", "degraded", null],
      ["t-1", "down", null],
      ["t-1", "down", tape.atMs],
    ]);
  });

  test("what was never well cannot fall ill", () => {
    const tape = new Tape().ready();
    health(tape, "down", "degraded");
    health(tape, "degraded", "ok");
    expect(incidents(tape)).toEqual([]);
  });

  test("a feed lasts as an incident until the health check agrees that it is well", () => {
    const tape = new Tape().ready();
    const silent = { kind: "service_status", service: "market-feed", detail: "silent" } as const;
    tape.play("feed market down");
    tape.send({ ...silent, before: "ok", status: "down" });
    tape.play("feed market up");
    expect(incidents(tape)).toHaveLength(1);
    tape.send({ ...silent, before: "down", status: "ok" });
    expect(incidents(tape).map(({ untilMs }) => untilMs)).toEqual([null, tape.atMs]);
  });
});

describe("the equity curve", () => {
  test("is a point every ten seconds, once the account is known", () => {
    const tape = new Tape({ autoTrade: false });
    tape.account.walletUsdt = "";
    tape.ready();
    tape.play(`wait ${3 * EQUITY_EVERY_MS}`);
    expect(entriesOf(tape.ticks, "equity")).toEqual([]);
    tape.play(`wallet 1000.25\nwait ${6 * EQUITY_EVERY_MS}`);
    const points = entriesOf(tape.ticks, "equity").map(({ point }) => point);
    expect(points.length).toBeWithin(6, 8);
    expect(points.at(-1)).toMatchObject({ equityText: "1000.25", unrealisedText: "0" });
    const slots = points.map(({ atMs }) => Math.floor(atMs / EQUITY_EVERY_MS));
    expect(slots).toEqual(slots.map((_, index) => (slots[0] ?? 0) + index));
  });

  test("follows the marks between two wallets of the venue", () => {
    const tape = new Tape({ autoTrade: false }).ready();
    tape.play("exec - 100 1000 buy A\nposition A 100 992\nticker A 98.5");
    tape.play(`wait ${2 * EQUITY_EVERY_MS}`);
    const point = entriesOf(tape.ticks, "equity").at(-1)?.point;
    const { walletBalance, equity } = given(tape.state.wallet);
    const unrealised = parseFixed(given(point).unrealisedText) ?? 0n;
    expect(unrealised).toBeLessThan(0n);
    expect(parseFixed(given(point).equityText)).toBe(walletBalance + unrealised);
    expect(parseFixed(given(point).equityText)).not.toBe(equity);
  });
});
