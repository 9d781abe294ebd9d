/** Logins, sessions, the audit trail, and where a sign-in leads. */
import { describe, expect, test } from "bun:test";
import { safeReturn } from "../../src/web/return-address.ts";
import { FIXTURE_PASSWORD } from "../support/web-deps.ts";
import { scenario } from "./scenario.ts";

const GOOD = { name: "operator", password: FIXTURE_PASSWORD };

describe("the page that was wanted", () => {
  scenario({
    name: "is asked for again after signing in",
    url: "/logs?file=engine.log&q=a%26b",
    status: 302,
    location: `/login?next=${encodeURIComponent("/logs?file=engine.log&q=a%26b")}`,
  });
  scenario({
    name: "is kept in the form",
    url: "/login?next=%2Fhealth",
    status: 200,
    inBody: ['<input type="hidden" name="next" value="/health"'],
  });
  scenario({
    name: "is where signing in leads",
    method: "POST",
    url: "/login",
    form: { ...GOOD, next: "/risk?x=1" },
    status: 303,
    location: "/risk?x=1",
  });
  scenario({
    name: "is never another site",
    method: "POST",
    url: "/login",
    form: { ...GOOD, next: "//evil.example/" },
    status: 303,
    location: "/",
  });
  test.each([
    ["/", "/"],
    ["/symbols/BTCUSDT?a=b", "/symbols/BTCUSDT?a=b"],
    ["/?theme=dark", "/?theme=dark"],
    ["//evil.example", "/"],
    ["/\\evil.example", "/"],
    ["/a\\b", "/"],
    ["https://evil.example", "/"],
    ["javascript:alert(1)", "/"],
    ["/a\nb", "/"],
    ["/login?next=/", "/"],
    ["/live/desk", "/"],
    ["/api/limits", "/"],
    [`/${"a".repeat(600)}`, "/"],
    [undefined, "/"],
  ])("%p leads to %p", (wanted, found) => expect(safeReturn(wanted)).toBe(found));
  scenario({
    name: "is known to a part of it that finds the session gone",
    url: "/fragments/storage",
    headers: {
      "hx-request": "true",
      "hx-current-url": "http://localhost/health",
      host: "localhost",
    },
    status: 401,
    after: (answer) => expect(answer.headers.get("hx-redirect")).toBe("/login?next=%2Fhealth"),
  });
  scenario({
    name: "comes with the reason why the session ended",
    url: "/login",
    headers: { cookie: "scalper_session=gone" },
    given: (fixture) => fixture.users.whys.set("gone", "role"),
    status: 200,
    inBody: ["You were signed out because your role was changed."],
  });
});

describe("what a page asks by itself", () => {
  for (const url of ["/fragments/storage", "/api/limits"]) {
    scenario({
      name: `does not keep a session alive: ${url}`,
      as: "viewer",
      url,
      status: 200,
      given: (fixture) => {
        fixture.nowMs += 60_000;
      },
      after: (_answer, _body, fixture) => {
        expect(fixture.users.peek("token-viewer")?.expiresAtMs).toBe(fixture.nowMs + 1_740_000);
      },
    });
  }
});

describe("signing out", () => {
  scenario({
    name: "by another site's form ends nothing and drops no cookie",
    method: "POST",
    url: "/logout",
    headers: { "sec-fetch-site": "cross-site" },
    status: 403,
    after: (answer) => expect(answer.headers.get("set-cookie")).toBeNull(),
  });
  scenario({
    name: "without a session sets no cookie",
    method: "POST",
    url: "/logout",
    status: 303,
    after: (answer) => expect(answer.headers.get("set-cookie")).toBeNull(),
  });
});

describe("logins", () => {
  scenario({
    name: "are an admin's to see",
    as: "admin",
    url: "/settings",
    status: 200,
    inBody: ["People", "Sessions of others", "/settings/people/operator/disable", "this one"],
  });
  scenario({
    name: "are not an operator's",
    as: "operator",
    url: "/settings",
    status: 200,
    inBody: ["Your sessions", "/settings/audit"],
    notInBody: ["/settings/people", "Sessions of others"],
  });
  const changes = [
    ["/settings/people/viewer/role", { role: "operator" }, "role viewer operator"],
    ["/settings/people/viewer/disable", {}, "disable viewer"],
    ["/settings/people/viewer/enable", {}, "enable viewer"],
    ["/settings/people/viewer/delete", {}, "delete viewer"],
    [
      "/settings/people",
      { name: "eve", password: "a long word", role: "viewer" },
      "add eve viewer",
    ],
  ] as const;
  for (const [url, form, call] of changes) {
    scenario({
      name: `are changed by an admin: ${call}`,
      as: "admin",
      method: "POST",
      url,
      form,
      status: 303,
      location: "/settings?done=people",
      after: (_answer, _body, { people, trail }) => {
        expect(people.calls).toEqual([call]);
        const [deed] = trail.deeds;
        expect(deed).toMatchObject({ kind: "user", by: "admin", outcome: "done", session: 3 });
        expect(JSON.stringify(deed)).not.toContain("a long word");
      },
    });
    for (const role of ["viewer", "operator"] as const) {
      scenario({
        name: `are not changed by a ${role}: ${call}`,
        as: role,
        method: "POST",
        url,
        form,
        status: 403,
        after: (_answer, _body, { people, trail }) => {
          expect(people.calls).toEqual([]);
          expect(trail.deeds).toMatchObject([{ kind: "refusal", by: role }]);
        },
      });
    }
  }
  scenario({
    name: "that may not be changed say why, on the page",
    as: "admin",
    method: "POST",
    url: "/settings/people/admin/delete",
    status: 422,
    inBody: ["This is the last admin who can sign in."],
  });
});

describe("sessions", () => {
  scenario({
    name: "of one's own are ended",
    as: "viewer",
    method: "POST",
    url: "/settings/sessions/1/end",
    status: 303,
    after: (_answer, _body, { people }) => expect(people.calls).toEqual(["end 1"]),
  });
  scenario({
    name: "of others are not",
    as: "viewer",
    method: "POST",
    url: "/settings/sessions/3/end",
    status: 403,
    after: (_answer, _body, { people }) => expect(people.calls).toEqual([]),
  });
  scenario({
    name: "of others are an admin's to end",
    as: "admin",
    method: "POST",
    url: "/settings/sessions/1/end",
    status: 303,
    after: (_answer, _body, { people }) => expect(people.calls).toEqual(["end 1"]),
  });
  scenario({
    name: "all but this one",
    as: "operator",
    method: "POST",
    url: "/settings/sessions/others/end",
    status: 303,
    after: (_answer, _body, { people }) => {
      expect(people.calls).toEqual(["end others of operator but 2"]);
    },
  });
});

describe("the audit trail", () => {
  scenario({
    name: "has a command with who, where, session and outcome",
    as: "operator",
    method: "PUT",
    url: "/trading/halt",
    form: { reason: "lunch" },
    status: 303,
    after: (_answer, _body, { trail }) => {
      expect(trail.deeds).toEqual([
        {
          kind: "command",
          by: "operator",
          address: "local",
          session: 2,
          what: "halt",
          detail: expect.stringMatching(/^lunch \(command web-/),
          outcome: expect.stringContaining("executed"),
        },
      ]);
    },
  });
  scenario({
    name: "has what a viewer tried",
    as: "viewer",
    method: "PUT",
    url: "/trading/halt",
    status: 403,
    after: (_answer, _body, { trail }) => {
      expect(trail.deeds).toMatchObject([
        { kind: "refusal", by: "viewer", what: "halt", outcome: "refused: a viewer" },
      ]);
    },
  });
  scenario({
    name: "has a form of another site",
    as: "operator",
    method: "PUT",
    url: "/trading/halt",
    csrf: "wrong",
    status: 403,
    after: (_answer, _body, { trail }) => expect(trail.deeds).toMatchObject([{ kind: "refusal" }]),
  });
  scenario({
    name: "has sign-ins and no passwords",
    method: "POST",
    url: "/login",
    form: { name: "operator", password: "guess-guess" },
    status: 401,
    after: (_answer, _body, { trail }) => {
      expect(trail.deeds).toMatchObject([
        { kind: "refusal", by: "", what: "sign in", outcome: "refused: wrong name or password" },
      ]);
      expect(JSON.stringify(trail.deeds)).not.toContain("guess-guess");
    },
  });
  const noted = {
    kind: "user",
    by: "=cmd()",
    address: "10.0.0.7",
    session: 4,
    what: "<b>delete</b>",
    detail: "",
    outcome: "done",
  } as const;
  scenario({
    name: "is a page for operators",
    as: "operator",
    url: "/settings/audit",
    given: ({ trail }) => trail.note(noted),
    status: 200,
    inBody: ["&lt;b&gt;delete", "10.0.0.7", "/settings/audit.csv?"],
  });
  scenario({
    name: "is not shown to a viewer",
    as: "viewer",
    url: "/settings/audit",
    given: ({ trail }) => trail.note(noted),
    status: 200,
    inBody: ["for operators and admins"],
    notInBody: ["10.0.0.7"],
  });
  scenario({
    name: "is not exported to a viewer",
    as: "viewer",
    url: "/settings/audit.csv",
    status: 403,
  });
  scenario({
    name: "is exported for a spreadsheet without formulas",
    as: "admin",
    url: "/settings/audit.csv?kind=user",
    given: ({ trail }) => trail.note(noted),
    status: 200,
    inBody: ["id,atMs,kind,by,", `"'=cmd()"`],
  });
  scenario({
    name: "is exported for programs",
    as: "admin",
    url: "/settings/audit.ndjson",
    given: ({ trail }) => trail.note(noted),
    status: 200,
    after: (_answer, body) => expect(JSON.parse(body.trim())).toMatchObject({ by: "=cmd()" }),
  });
});
