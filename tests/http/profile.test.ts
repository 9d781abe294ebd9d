/** What is said of a symbol over HTTP: shown, changed, and refused by the name of what is wrong. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { OVERRIDE_BOUNDS, OVERRIDE_NAMES } from "../../src/universe/operator-words.ts";
import { dashboardApp } from "../../src/web/dashboard.ts";
import { webFixture } from "../support/web-deps.ts";
import { STATIC_DIR, scenario } from "./scenario.ts";

const URL = "/api/symbol/BTCUSDT/profile";
const json = (value: unknown) => ({ type: "application/json", text: JSON.stringify(value) });
const TOKEN = { "x-csrf-token": "csrf-operator" };

describe("a profile", () => {
  scenario({
    name: "says what was measured, judged and said",
    as: "viewer",
    url: URL,
    status: 200,
    inBody: ['"spreadBps":', '"overrides":{', '"note":'],
  });
  scenario({
    name: "is of no symbol that nobody lists",
    as: "viewer",
    url: "/api/symbol/NOSUCH/profile",
    status: 404,
    inBody: ["UNKNOWN_SYMBOL"],
  });
  scenario({
    name: "takes a note and numbers",
    as: "operator",
    method: "PUT",
    url: URL,
    headers: TOKEN,
    body: json({ note: "thin on Sundays", overrides: { enterScore: 50, adverseBps: null } }),
    status: 200,
    commands: ["edit_profile"],
    after: (_answer, _body, fixture) => {
      expect(fixture.wishes[0]).toMatchObject({
        symbol: "BTCUSDT",
        by: "operator",
        edit: { note: "thin on Sundays", overrides: { enterScore: 50, adverseBps: null } },
      });
    },
  });
  scenario({
    name: "takes the page's form, where an empty number takes one back",
    as: "operator",
    method: "POST",
    url: "/symbols/BTCUSDT/profile",
    form: { note: "two\r\nlines", enterScore: "40", spreadBpsMax: "" },
    status: 303,
    commands: ["edit_profile"],
    after: (_answer, _body, fixture) => {
      const overrides = { enterScore: 40, spreadBpsMax: null };
      expect(fixture.wishes[0]?.edit).toEqual({ note: "two\nlines", overrides });
    },
  });
  scenario({
    name: "is changed by no viewer",
    as: "viewer",
    method: "PUT",
    url: URL,
    headers: { "x-csrf-token": "csrf-viewer" },
    body: json({ note: "mine" }),
    status: 403,
    commands: [],
  });
  scenario({
    name: "is changed by no other site",
    as: "operator",
    method: "PUT",
    url: URL,
    headers: { "sec-fetch-site": "cross-site", ...TOKEN },
    body: json({ note: "theirs" }),
    status: 403,
    commands: [],
  });
});

describe("pins and blocks", () => {
  for (const verb of ["pin", "block"] as const) {
    for (const [method, action] of [
      ["PUT", `${verb}_symbol`],
      ["DELETE", `un${verb}_symbol`],
    ] as const) {
      scenario({
        name: `${method} /symbols/BTCUSDT/${verb}`,
        as: "operator",
        method,
        url: `/symbols/BTCUSDT/${verb}`,
        form: { reason: "news" },
        status: 303,
        commands: [action],
      });
      scenario({
        name: `a viewer may not ${method} /symbols/BTCUSDT/${verb}`,
        as: "viewer",
        method,
        url: `/symbols/BTCUSDT/${verb}`,
        form: {},
        status: 403,
        commands: [],
      });
    }
  }
});

/** What must not be taken, with the name that the answer must say. */
const notText = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.integer()));
const known = fc.constantFrom(...OVERRIDE_NAMES);
const wrongNumber = known.chain((name) => {
  const { min, max } = OVERRIDE_BOUNDS[name];
  const outside = fc.oneof(
    fc.double({ min: max * 1.001 + 1, max: 1e12, noNaN: true }),
    fc.double({ min: -1e12, max: min - 0.01, noNaN: true }),
    fc.string(),
    fc.boolean(),
    fc.array(fc.integer()),
  );
  return outside.map((value) => ({ body: { overrides: { [name]: value } }, name: name as string }));
});
const letters = fc.stringMatching(/^[a-z]{1,12}$/);
const wrong = fc.oneof(
  wrongNumber,
  notText.map((note) => ({ body: { note }, name: "note" })),
  fc.constant({ body: { note: "x".repeat(2_001) }, name: "note" }),
  fc.constant({ body: { note: "bell\u0007" }, name: "note" }),
  notText.map((reason) => ({ body: { note: "good", reason }, name: "reason" })),
  fc.constantFrom(" ", "a b", "x".repeat(65)).map((id) => ({ body: { id }, name: "id" })),
  letters.map((name) => ({ body: { overrides: { [`x${name}`]: 1 } }, name: `x${name}` })),
  letters.map((name) => ({ body: { note: "good", [`x${name}`]: 1 }, name: `x${name}` })),
  fc
    .oneof(fc.string(), fc.integer(), fc.constant(null), fc.array(fc.integer()))
    .map((overrides) => ({ body: { overrides }, name: "overrides" })),
);

test("a thousand wrong ones are 400, name the field and change nothing", async () => {
  const fixture = webFixture({ symbols: 5 });
  const app = dashboardApp(fixture.deps, { staticDir: STATIC_DIR });
  const cookie = fixture.cookieOf("operator");
  const before = await (await app.request(URL, { headers: { cookie } })).text();
  const headers = { cookie, "content-type": "application/json", accept: "application/json" };
  await fc.assert(
    fc.asyncProperty(wrong, async ({ body, name }) => {
      const answer = await app.request(URL, {
        method: "PUT",
        headers: { ...headers, ...TOKEN },
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain(name);
    }),
    { numRuns: 1_000 },
  );
  expect(fixture.commands).toEqual([]);
  expect(await (await app.request(URL, { headers: { cookie } })).text()).toBe(before);
});
