/** Commands as forms and as JSON: what reaches the desk, and how every outcome is told. */
import { describe, expect, test } from "bun:test";
import { dashboardApp } from "../../src/web/dashboard.ts";
import { webFixture } from "../support/web-deps.ts";
import { STATIC_DIR, scenario } from "./scenario.ts";

const JSON_TYPE = "application/json";
const asJson = (body: object) => ({ type: JSON_TYPE, text: JSON.stringify(body) });
const FROM_PAGE = { "sec-fetch-site": "same-origin", accept: JSON_TYPE };
const SIGNED = { ...FROM_PAGE, "x-csrf-token": "csrf-operator" };

describe("POST /commands", () => {
  scenario({
    name: "takes JSON with id, stamp and life, and tells what came of it",
    as: "operator",
    method: "POST",
    url: "/commands",
    headers: SIGNED,
    body: asJson({
      action: "close_symbol",
      symbol: "BTCUSDT",
      reason: "odd",
      id: "c-1",
      stamp: "k3f9a2@990",
      sinceMs: 20,
      lifeMs: 2_000,
    }),
    status: 200,
    inBody: ['"commandId":"c-1"', '"state":"accepted"', '"action":"close_symbol"'],
    after: (_answer, _body, { wishes }) => {
      expect(wishes).toEqual([
        {
          id: "c-1",
          action: "close_symbol",
          symbol: "BTCUSDT",
          by: "operator",
          reason: "odd",
          age: { by: "stamp", stamp: "k3f9a2@990", sinceMs: 20 },
          lifeMs: 2_000,
        },
      ]);
    },
  });
  scenario({
    name: "takes a form without any script, judged by when it was read",
    as: "operator",
    method: "POST",
    url: "/commands",
    form: { action: "cancel_halt", reason: "" },
    status: 303,
    location: "/",
    commands: ["cancel_halt"],
    after: (_answer, _body, { wishes }) => {
      expect(wishes[0]).toMatchObject({ age: { by: "receipt" }, lifeMs: 5_000 });
      expect(wishes[0]?.id).toMatch(/^web-[0-9a-f-]{36}$/);
    },
  });
  for (const verdict of ["refused", "expired"] as const) {
    scenario({
      name: `${verdict}: 409 with the outcome, as JSON and as a page`,
      as: "operator",
      method: "POST",
      url: "/commands",
      headers: SIGNED,
      body: asJson({ action: "resume" }),
      given: (fixture) => {
        fixture.verdict = verdict;
      },
      status: 409,
      inBody: [`"state":"${verdict}"`],
    });
    scenario({
      name: `a form that is ${verdict} gets a page that says why`,
      as: "operator",
      method: "POST",
      url: "/trading/halt",
      form: { _method: "delete" },
      given: (fixture) => {
        fixture.verdict = verdict;
      },
      status: 409,
      inBody: ["Not done", "asked for"],
    });
  }
  for (const [body, parameter] of [
    [{ action: "sell" }, "action"],
    [{ action: "close_symbol" }, "symbol"],
    [{ action: "halt", symbol: "BTCUSDT" }, "symbol"],
    [{ action: "close_symbol", symbol: "<script>" }, "symbol"],
    [{ action: "halt", id: "a b" }, "id"],
    [{ action: "halt", lifeMs: 60_000 }, "lifeMs"],
    [{ action: "halt", sinceMs: -1, stamp: "x@1" }, "sinceMs"],
    [[], "body"],
  ] as const) {
    scenario({
      name: `${JSON.stringify(body)} is refused and names ${parameter}`,
      as: "operator",
      method: "POST",
      url: "/commands",
      headers: SIGNED,
      body: asJson(body),
      status: 400,
      inBody: [`Parameter \\"${parameter}\\"`.replace('Parameter \\"body\\"', "The body")],
      notInBody: ["<html"],
      commands: [],
    });
  }
  scenario({
    name: "a viewer may not",
    as: "viewer",
    method: "POST",
    url: "/commands",
    headers: { ...FROM_PAGE, "x-csrf-token": "csrf-viewer" },
    body: asJson({ action: "halt" }),
    status: 403,
    commands: [],
  });
  scenario({
    name: "JSON without the token is refused like every other body",
    as: "operator",
    method: "POST",
    url: "/commands",
    headers: FROM_PAGE,
    body: asJson({ action: "flatten" }),
    status: 403,
    commands: [],
  });
});

describe("one symbol has addresses of its own", () => {
  for (const [method, url, command] of [
    ["POST", "/positions/BTCUSDT/close", "close_symbol"],
    ["PUT", "/symbols/BTCUSDT/pause", "pause_symbol"],
    ["DELETE", "/symbols/BTCUSDT/pause", "resume_symbol"],
    ["POST", "/orders/cancel-halt", "cancel_halt"],
  ] as const) {
    scenario({
      name: `${method} ${url}`,
      as: "operator",
      method,
      url,
      form: { reason: "odd" },
      headers: FROM_PAGE,
      status: 200,
      commands: [command],
      after: (_answer, _body, { commands }) => {
        expect(commands[0]?.symbol).toBe(url.includes("BTCUSDT") ? "BTCUSDT" : "");
      },
    });
  }
});

test("a command is told by its id to whoever asks, and 404 means that it never came", async () => {
  const fixture = webFixture({ symbols: 5 });
  const app = dashboardApp(fixture.deps, { staticDir: STATIC_DIR });
  const headers = { cookie: fixture.cookieOf("operator") };
  const ask = (id: string) => app.request(`/api/commands/${id}`, { headers });
  expect((await ask("c-9")).status).toBe(404);
  const { give } = fixture.deps.commands;
  const age = { by: "receipt" } as const;
  give({ id: "c-9", action: "halt", symbol: "", by: "ann", reason: "x", age });
  const told = await (await ask("c-9")).json();
  expect(told).toMatchObject({ commandId: "c-9", state: "accepted", by: "ann" });
  expect((await app.request("/api/commands/c-9")).status).toBe(302);
});

test("a program learns its token and the server's time from its session", async () => {
  const fixture = webFixture({ symbols: 5 });
  const app = dashboardApp(fixture.deps, { staticDir: STATIC_DIR });
  const headers = { cookie: fixture.cookieOf("operator") };
  const session = await (await app.request("/api/session", { headers })).json();
  expect(session).toMatchObject({ role: "operator", csrfToken: "csrf-operator" });
  expect(session.stamp).toMatch(/^k3f9a2@\d+$/);
});

describe("the bar that stops", () => {
  for (const url of ["/", "/symbols", "/symbols/BTCUSDT", "/blotter", "/logs", "/health"]) {
    scenario({
      name: `is on ${url}, with its dialogs`,
      as: "operator",
      url,
      status: 200,
      inBody: [
        'id="stop-halt"',
        'id="stop-clear"',
        'id="stop-flatten"',
        'id="stop-symbol"',
        'id="dialog-flatten"',
        "trading goes on and entries return 5 s later.",
        'data-stamp="k3f9a2@1000"',
      ],
    });
  }
  scenario({
    name: "shows a viewer the buttons, disabled, and why",
    as: "viewer",
    url: "/",
    status: 200,
    inBody: ['id="stop-halt"', "disabled", "Viewers can look but not act"],
    notInBody: ['id="dialog-halt"', "data-command", 'id="commands"'],
  });
  scenario({
    name: "the banner names what is stopped",
    as: "viewer",
    url: "/logs",
    status: 200,
    given: (fixture) => {
      const halt = { symbol: "ENAUSDT", kind: "closed", by: "ann", reason: "odd" } as const;
      const symbolHalts = [{ ...halt, cause: "operator", sinceMs: 1 }] as const;
      fixture.view = { ...fixture.view, symbolHalts };
    },
    inBody: ["No entries:", "ENAUSDT (closed by ann)"],
  });
});
