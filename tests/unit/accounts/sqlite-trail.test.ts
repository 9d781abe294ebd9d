import { describe, expect, test } from "bun:test";
import { createAuditTrail, REFUSALS_PER_MINUTE_MAX } from "../../../src/accounts/sqlite-trail.ts";
import type { Deed } from "../../../src/runtime/ports/audit-trail.ts";
import { handClock, openTemp } from "../record/support.ts";

const deed = (what: string, more: Partial<Deed> = {}): Deed => ({
  kind: "command",
  by: "ann",
  address: "10.0.0.7",
  session: 3,
  what,
  detail: "",
  outcome: "done",
  ...more,
});

function setup() {
  const database = openTemp();
  const clock = handClock();
  return { database, clock, trail: createAuditTrail({ database, nowMs: clock.nowMs }) };
}

describe("the audit trail", () => {
  test("gives back what was noted, newest first, filtered and page by page", () => {
    const { trail, clock } = setup();
    trail.note(deed("halt"));
    clock.advance(1_000);
    trail.note(deed("flatten", { by: "Bob", outcome: "executed: proved flat" }));
    trail.note(deed("sign in", { kind: "sign-in" }));
    expect(trail.rows({ limit: 9 }).map(({ what }) => what)).toEqual([
      "sign in",
      "flatten",
      "halt",
    ]);
    expect(trail.rows({ limit: 1, before: 3 }).map(({ what }) => what)).toEqual(["flatten"]);
    expect(trail.rows({ limit: 9, by: "bob" })).toHaveLength(1);
    expect(trail.rows({ limit: 9, kind: "sign-in" })).toHaveLength(1);
    expect(trail.rows({ limit: 9, q: "proved" })).toHaveLength(1);
    expect(trail.rows({ limit: 9, untilMs: clock.nowMs() - 500 })).toHaveLength(1);
  });

  test("refuses to change or delete a row", () => {
    const { trail, database } = setup();
    trail.note(deed("halt"));
    expect(() => database.sqlite.run("UPDATE audit_trail SET by = 'eve'")).toThrow("only added to");
    expect(() => database.sqlite.run("DELETE FROM audit_trail")).toThrow("only added to");
  });

  test.each([
    ["changed", "UPDATE audit_trail SET by = 'eve' WHERE id = 2", 2],
    ["taken out", "DELETE FROM audit_trail WHERE id = 2", 3],
    ["cut off", "DELETE FROM audit_trail WHERE id = 4", 4],
  ])("shows a row that was %s around the triggers", (_, statement, brokenAt) => {
    const { trail, database } = setup();
    for (const what of ["one", "two", "three", "four"]) trail.note(deed(what));
    expect(trail.verify()).toMatchObject({ rows: 4, brokenAt: null });
    database.sqlite.run("DROP TRIGGER audit_trail_no_update");
    database.sqlite.run("DROP TRIGGER audit_trail_no_delete");
    database.sqlite.run(statement);
    expect(trail.verify().brokenAt).toBe(brokenAt);
  });

  test("samples refusals, says how many it left out, and never a deed", () => {
    const { trail, clock } = setup();
    for (let n = 0; n < REFUSALS_PER_MINUTE_MAX + 40; n++) {
      trail.note(deed("sign in", { kind: "refusal", by: "" }));
    }
    trail.note(deed("halt"));
    expect(trail.rows({ limit: 500 })).toHaveLength(REFUSALS_PER_MINUTE_MAX + 1);
    clock.advance(60_000);
    trail.note(deed("resume"));
    expect(trail.rows({ limit: 2 }).map(({ detail }) => detail)).toEqual([
      "",
      "40 more were not written",
    ]);
    expect(trail.verify().brokenAt).toBeNull();
  });

  test("keeps one line of what strangers write, without characters that reorder it", () => {
    const { trail } = setup();
    trail.note(deed("x\u202Ey\nz", { detail: "d".repeat(5_000) }));
    const [row] = trail.rows({ limit: 1 });
    expect(row?.what).toBe("x y z");
    expect(row?.detail).toHaveLength(400);
  });

  test("writes later what the disk refused", () => {
    const { trail, database } = setup();
    database.sqlite.run("PRAGMA query_only = ON");
    trail.note(deed("halt"));
    expect(trail.rows({ limit: 9 })).toEqual([]);
    database.sqlite.run("PRAGMA query_only = OFF");
    trail.note(deed("resume"));
    expect(trail.rows({ limit: 9 }).map(({ what }) => what)).toEqual(["resume", "halt"]);
  });
});
