/** Another engine on the account: it is noticed, left alone, and taken over when it is dead. */
import { describe, expect, test } from "bun:test";
import type { SymbolId } from "../../../src/domain/units.ts";
import { TAKE_OVER_SILENCE_MS } from "../../../src/engine/neighbour.ts";
import type { EngineOptions } from "../../../src/engine/state-parts.ts";
import { DEFAULT_PROTECTION } from "../../../src/risk/protection.ts";
import { entriesOf } from "../../support/audit-ticks.ts";
import { Tape } from "./tape.ts";

const B = 1 as SymbolId;
const OTHER = "zzzz1111_mf0abc12-maker-7";
const SECOND: Partial<EngineOptions> = { installation: "k3f9a2xq", runId: "mf0abc12" };

/** Up and trading by itself, with this as the first snapshot. */
function second(snapshot: string, options: Partial<EngineOptions> = {}): Tape {
  const tape = new Tape({ ...SECOND, ...options }, 2);
  tape.play("instruments\nfeed market up\nfeed private up\nfeed rest up");
  tape.play(`snapshot ${snapshot}`);
  for (const waitMs of [0, 1_000, 1_500]) {
    tape.play(`wait ${waitMs}\nticker A 100.05\nticker B 100.05`);
    tape.play("book A 1000x9000 1001x9000\nbook B 1000x9000 1001x9000");
  }
  return tape;
}

const kinds = (tape: Tape, wanted: readonly string[]) =>
  tape.effects.flatMap(({ kind }) => (wanted.includes(kind) ? [kind] : []));
const ORDERS = ["submit", "cancel", "cancel_all", "cancel_orphan", "protect"];

describe("an engine that finds another one at work", () => {
  test("halts, says what it saw, and touches nothing of the other's", () => {
    const tape = second(`order:${OTHER} position:A:100 exec:${OTHER}:100:1000`);
    tape.wait(DEFAULT_PROTECTION.ownerlessHoldMsMax + 5_000);
    expect(kinds(tape, ORDERS)).toEqual([]);
    expect(tape.state.control.armed).toBe(false);
    expect(tape.state.control.haltReason).toContain("installation zzzz1111");
    expect(tape.state.control.haltReason).toContain(`${OTHER} on A`);
  });

  test("a resume is taken back as long as the other one is there", () => {
    const tape = second(`order:${OTHER}`);
    tape.play("operator resume");
    expect(tape.state.control.armed).toBe(false);
    tape.play("book A 1000x9000 1001x9000\nwait 500\nbook B 1000x9000 1001x9000");
    expect(kinds(tape, ["submit"])).toEqual([]);
  });

  test("gone for a while with nothing left, it is forgotten and trading may be resumed", () => {
    const tape = second(`order:${OTHER}`);
    tape.play(`snapshot later:${TAKE_OVER_SILENCE_MS + 1_000}\noperator resume`);
    expect(tape.state.neighbours.size).toBe(0);
    expect(tape.state.control.armed).toBe(true);
  });
});

describe("an engine that another one joins", () => {
  test("stops entering at the first sign, takes its own orders back one by one", () => {
    const tape = second("");
    expect(kinds(tape, ["submit"]).length).toBeGreaterThan(0);
    for (const { clientId } of [...tape.state.orders.all()]) tape.play(`report ${clientId} new`);
    const at = tape.effects.length;
    tape.play(`report ${OTHER} new`);
    const after = tape.effects.slice(at).map(({ kind }) => kind);
    expect(tape.state.control.haltReason).toContain("another engine");
    expect(after.filter((kind) => kind === "cancel").length).toBeGreaterThan(0);
    expect(after).not.toContain("cancel_all");
    tape.play("leave");
    expect(kinds(tape, ["cancel_all"])).toEqual([]);
  });

  test("looks after its own symbol and leaves the other's alone", () => {
    const tape = second("", { protection: { ...DEFAULT_PROTECTION, holdMsMax: 10_000 } });
    const own = [...tape.state.orders.all()].find(({ intent }) => intent.symbolId === B);
    expect(own).toBeDefined();
    if (own === undefined) return;
    tape.play(`report ${own.clientId} new\nexec ${own.clientId} 100 1000`);
    tape.play(`exec ${OTHER} 100 1000 buy A`);
    const at = tape.effects.length;
    tape.wait(12_000);
    const orders = tape.effects
      .slice(at)
      .flatMap((effect) =>
        effect.kind === "submit" || effect.kind === "protect"
          ? [effect.kind === "submit" ? effect.order.symbolId : effect.symbolId]
          : [],
      );
    expect(tape.state.ledger.stepsOf(0 as SymbolId)).toBe(100);
    expect(orders.length).toBeGreaterThan(0);
    expect(new Set(orders)).toEqual(new Set([B]));
  });
});

describe("taking over", () => {
  const orphans = (tape: Tape) => kinds(tape, ["cancel_orphan"]).length;

  test("waits until nothing of the dead engine moved for long enough, then its orders go", () => {
    const tape = second(`order:${OTHER}`, { takeOver: "zzzz1111" });
    tape.play(`wait 1000\nsnapshot order:${OTHER}`);
    expect(orphans(tape)).toBe(0);
    tape.play(`snapshot later:${TAKE_OVER_SILENCE_MS - 1_000} stale:${OTHER}`);
    expect(orphans(tape)).toBe(0);
    tape.play(`snapshot later:2000 stale:${OTHER}`);
    expect(orphans(tape)).toBe(1);
    expect(tape.state.neighbours.size).toBe(0);
  });

  test("a resume meanwhile is refused with how long it still takes, and then reads the account", () => {
    const tape = second(`order:${OTHER}`, { takeOver: "zzzz1111" });
    const said = () => {
      tape.play("operator resume");
      return entriesOf(tape.ticks, "intervention").at(-1)?.intervention.outcome;
    };
    expect(said()).toEndWith(
      "it is taken over as wanted once it was silent: nothing of it may move for 5 minutes, 298 s are left",
    );
    tape.play("wait 100000");
    expect(said()).toEndWith("198 s are left");
    // It moved: the wait begins anew.
    tape.play(`report ${OTHER} new`);
    expect(said()).toEndWith("300 s are left");
    const lines = tape.play(`wait ${TAKE_OVER_SILENCE_MS + 2_000}`);
    expect(lines.join()).toContain("an engine that is to be taken over was silent");
  });

  test("without a person's word silence alone changes nothing", () => {
    const tape = second(`order:${OTHER}`);
    tape.play(`snapshot later:${TAKE_OVER_SILENCE_MS + 1_000} stale:${OTHER}`);
    expect(orphans(tape)).toBe(0);
    expect(tape.state.control.armed).toBe(false);
  });
});

test("orders that only look like ours are nobody's business", () => {
  const tape = second("order:x-maker-1 order:9f1c-maker-2 order:by-hand");
  expect(kinds(tape, ["cancel_orphan"])).toEqual([]);
  expect(tape.state.control.armed).toBe(true);
  expect(tape.state.neighbours.size).toBe(0);
});
