/** State changes: who may, what stops a forged one, and what reaches the engine. */
import { describe, expect } from "bun:test";
import { FIXTURE_PASSWORD } from "../support/web-deps.ts";
import { type Scenario, scenario } from "./scenario.ts";

const NEW_PASSWORD = "a new long password";

const ACTIONS = [
  { method: "PUT", url: "/trading/halt", command: "halt" },
  { method: "DELETE", url: "/trading/halt", command: "resume" },
  { method: "POST", url: "/orders/cancel-all", command: "cancel_all" },
  { method: "POST", url: "/positions/flatten", command: "flatten" },
] as const;

describe("operator actions", () => {
  for (const { method, url, command } of ACTIONS) {
    for (const as of ["operator", "admin"] as const) {
      scenario({
        name: `${as} may ${method} ${url}`,
        as,
        method,
        url,
        headers: { "hx-request": "true", "sec-fetch-site": "same-origin" },
        form: { reason: "funding looks\nwrong" },
        status: 200,
        inBody: [`by ${as}: funding looks wrong`],
        notInBody: ["<html"],
        commands: [command],
        after: (_answer, _body, fixture) => {
          expect(fixture.commands[0]).toEqual({
            action: command,
            symbol: "",
            by: as,
            reason: "funding looks wrong",
          });
        },
      });
    }
    scenario({
      name: `a viewer may not ${method} ${url}`,
      as: "viewer",
      method,
      url,
      status: 403,
      inBody: ["Viewers can look but not act."],
      commands: [],
    });
    scenario({
      name: `a guest may not ${method} ${url}`,
      method,
      url,
      status: 401,
      inBody: ["Sign in"],
      notInBody: ["<html"],
      commands: [],
    });
    for (const [forgery, part] of FORGERIES()) {
      scenario({
        name: `${method} ${url} is refused ${forgery}`,
        as: "admin",
        method,
        url,
        status: 403,
        inBody: ["The form is out of date or came from another site."],
        commands: [],
        ...part,
      });
    }
  }

  for (const type of ["application/json", "text/plain", "application/octet-stream"]) {
    scenario({
      name: `a body of ${type} is held to the same`,
      as: "operator",
      method: "POST",
      url: "/positions/flatten",
      headers: { "sec-fetch-site": "cross-site", "x-csrf-token": "csrf-operator" },
      body: { type, text: "{}" },
      status: 403,
      commands: [],
    });
    scenario({
      name: `a body of ${type} needs the token too`,
      as: "operator",
      method: "POST",
      url: "/positions/flatten",
      headers: { "sec-fetch-site": "same-origin" },
      body: { type, text: '{"csrf":"csrf-operator"}' },
      status: 403,
      commands: [],
    });
  }
  scenario({
    name: "the token may come as a header",
    as: "operator",
    method: "PUT",
    url: "/trading/halt",
    csrf: "none",
    headers: { "x-csrf-token": "csrf-operator", "hx-request": "true" },
    status: 200,
    commands: ["halt"],
  });
  scenario({
    name: "a plain form halts without scripts",
    as: "operator",
    method: "POST",
    url: "/trading/halt",
    form: { _method: "put", reason: "" },
    status: 303,
    location: "/",
    commands: ["halt"],
  });
  scenario({
    name: "a plain form resumes without scripts",
    as: "operator",
    method: "POST",
    url: "/trading/halt",
    form: { _method: "delete" },
    status: 303,
    location: "/",
    commands: ["resume"],
  });
  scenario({
    name: "a refusal of a fragment request goes to the notice line",
    as: "viewer",
    method: "PUT",
    url: "/trading/halt",
    headers: { "hx-request": "true" },
    status: 403,
    notInBody: ["<html"],
    after: (answer) => expect(answer.headers.get("hx-retarget")).toBe("#notice"),
  });
  scenario({
    name: "a body larger than any form is refused",
    as: "operator",
    method: "POST",
    url: "/positions/flatten",
    form: { reason: "x".repeat(20_000) },
    headers: { "content-length": "20100" },
    status: 413,
    commands: [],
  });
});

function FORGERIES(): readonly (readonly [string, Partial<Scenario>])[] {
  return [
    ["without the token", { csrf: "none" }],
    ["with a wrong token", { csrf: "wrong" }],
    ["from another site", { headers: { "sec-fetch-site": "cross-site" } }],
    ["from a sibling site", { headers: { "sec-fetch-site": "same-site" } }],
    ["from another origin", { headers: { origin: "https://evil.example" } }],
    ["from a hidden origin", { headers: { origin: "null" } }],
  ];
}

describe("the account", () => {
  scenario({
    name: "a theme is kept",
    as: "viewer",
    method: "POST",
    url: "/account/theme",
    form: { theme: "dark" },
    status: 303,
    location: "/settings",
    after: (_answer, _body, fixture) => {
      expect(fixture.deps.auth.session("token-viewer")?.user.theme).toBe("dark");
    },
  });
  scenario({
    name: "a theme chosen on the page is kept without another page",
    as: "viewer",
    method: "POST",
    url: "/account/theme",
    headers: { "hx-request": "true" },
    form: { theme: "light" },
    status: 204,
    after: (_answer, body, fixture) => {
      expect(body).toBe("");
      expect(fixture.deps.auth.session("token-viewer")?.user.theme).toBe("light");
    },
  });
  scenario({
    name: "a theme that does not exist is not",
    as: "viewer",
    method: "POST",
    url: "/account/theme",
    form: { theme: "pink" },
    status: 422,
    inBody: ["Choose one of system, light, dark."],
  });
  scenario({
    name: "a password change needs the current one",
    as: "viewer",
    method: "POST",
    url: "/account/password",
    form: { current: "guess", next: "a new long password", again: "a new long password" },
    status: 422,
    inBody: ["The current password is wrong."],
    notInBody: ["a new long password"],
  });
  scenario({
    name: "a password change needs the new one twice",
    as: "viewer",
    method: "POST",
    url: "/account/password",
    form: { current: "x", next: "a new long password", again: "another" },
    status: 422,
    inBody: ["The new passwords differ."],
  });
  scenario({
    name: "a changed password ends every session, and this browser gets a new one",
    as: "viewer",
    method: "POST",
    url: "/account/password",
    form: { current: FIXTURE_PASSWORD, next: NEW_PASSWORD, again: NEW_PASSWORD },
    status: 303,
    location: "/settings?done=password",
    after: async (answer, _body, fixture) => {
      const { auth } = fixture.deps;
      expect(auth.session("token-viewer")).toBeNull();
      const cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
      expect(auth.session(cookie.split("=")[1] ?? "")?.user.name).toBe("viewer");
      expect(await auth.login("viewer", FIXTURE_PASSWORD)).toBeNull();
    },
  });
  scenario({
    name: "the page after a changed password says so",
    as: "viewer",
    url: "/settings?done=password",
    status: 200,
    inBody: ["The password is changed. Every other session of yours has ended.", "banner good"],
  });
  scenario({
    name: "the chosen theme is on the document",
    as: "viewer",
    url: "/settings",
    status: 200,
    given: (fixture) => fixture.deps.auth.setTheme(1, "dark"),
    inBody: ['data-theme="dark"'],
  });
});
