/** Every page for every role: what is there, and what must not be. */
import { describe, expect } from "bun:test";
import { gzipSync } from "bun";
import { ADDRESSES as PAGES } from "../support/pages.ts";
import { scenario } from "./scenario.ts";

const ADDRESSES = [...PAGES, "/dashboard"];

describe("a guest", () => {
  for (const url of [...ADDRESSES, "/nothing-here"]) {
    const location = url === "/" ? "/login" : `/login?next=${encodeURIComponent(url)}`;
    scenario({ name: `is sent from ${url} to the login`, url, status: 302, location });
  }
  for (const url of ["/", "/live/desk", "/fragments/storage"]) {
    scenario({
      name: `gets no page into a fragment of ${url}`,
      url,
      headers: { "hx-request": "true" },
      status: 401,
      after: (answer, body) => {
        expect(body).toBe("");
        expect(answer.headers.get("hx-redirect")).toBe("/login");
      },
    });
  }
  scenario({
    name: "gets 401 for a stream",
    url: "/live/desk",
    headers: { accept: "text/event-stream" },
    status: 401,
    after: (_answer, body) => expect(body).toBe(""),
  });
  scenario({
    name: "with a cookie nobody knows is a guest",
    url: "/",
    headers: { cookie: "scalper_session=made-up" },
    status: 302,
    location: "/login",
  });
});

describe("every page", () => {
  for (const url of ADDRESSES) {
    scenario({
      name: `${url} is complete, calm on the wire and says the mode and state`,
      as: "viewer",
      url,
      status: 200,
      inBody: ["<!doctype html>", "SIM", 'data-state="on"', "hx-sse:connect", "Sign out", "UTC"],
      notInBody: [
        "http://",
        "https://",
        "<style",
        "style=",
        "onclick",
        "[object",
        "undefined",
        "NaN",
      ],
      fixture: { symbols: 611 },
      after: (answer, body) => {
        expect(gzipSync(body).byteLength).toBeLessThan(100_000);
        expect(answer.headers.get("cache-control")).toBe("no-store");
        const ids = [...body.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
        expect(new Set(ids).size).toBe(ids.length);
      },
    });
  }
});

describe("what an address does not take", () => {
  for (const address of [...ADDRESSES, "/fragments/storage"]) {
    scenario({
      name: `is refused by ${address}, by name`,
      as: "viewer",
      url: `${address}?colour=red`,
      status: 400,
      inBody: ["Parameter &quot;colour&quot; is not known: this address takes "],
    });
  }
  scenario({
    name: "a category that does not exist is refused with those that do",
    as: "viewer",
    url: "/symbols?category=nope",
    status: 400,
    inBody: ["must be one of major, liquid, mid, thin, new, halted; found &quot;nope&quot;"],
  });
  scenario({
    name: "a parameter that stands twice is refused",
    as: "viewer",
    url: "/symbols?q=a&q=b",
    status: 400,
    inBody: ["Parameter &quot;q&quot; must be given once."],
  });
  scenario({
    name: "a query cannot say again what the path says",
    as: "viewer",
    url: "/symbols/BTCUSDT?symbol=ETHUSDT",
    status: 400,
    inBody: ["Parameter &quot;symbol&quot; is not known"],
  });
});

describe("an address that a page had before", () => {
  for (const [url, location] of [
    ["/overview", "/"],
    ["/trades?symbol=BTCUSDT", "/blotter?symbol=BTCUSDT"],
    ["/account", "/settings"],
  ] as const) {
    scenario({ name: `leads on from ${url}`, as: "viewer", url, status: 308, location });
  }
});

describe("the navigation", () => {
  scenario({
    name: "has the simulator where there is one",
    as: "viewer",
    url: "/health",
    status: 200,
    inBody: [
      '<a href="/health" data-go="h" aria-current="page">',
      '<a href="/simulator" data-go="m">Simulator</a>',
    ],
  });
  scenario({
    name: "has none where prices are real",
    as: "viewer",
    url: "/health",
    status: 200,
    fixture: { mode: "LIVE" },
    inBody: ['<a href="/blotter" data-go="b">Blotter</a>'],
    notInBody: ["/simulator"],
  });
});

describe("the headers", () => {
  for (const url of [...ADDRESSES, "/login"]) {
    scenario({
      name: `of ${url} forbid inline code and other sites`,
      as: url === "/login" ? "guest" : "viewer",
      url,
      status: 200,
      after: (answer) => {
        expect(answer.headers.get("content-security-policy")).toStartWith(
          "default-src 'none'; script-src 'self'; style-src 'self'; ",
        );
      },
    });
  }
  scenario({
    name: "forbid everything that is not ours",
    as: "viewer",
    url: "/",
    status: 200,
    after: (answer) => {
      const csp = answer.headers.get("content-security-policy") ?? "";
      expect(csp).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
          "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      );
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("referrer-policy")).toBe("same-origin");
      expect(answer.headers.get("x-frame-options")).toBe("DENY");
      expect(answer.headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(answer.headers.get("cross-origin-resource-policy")).toBe("same-origin");
      expect(answer.headers.get("permissions-policy")).toBe(
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
      );
      expect(answer.headers.get("strict-transport-security")).toBeNull();
    },
  });
  scenario({
    name: "ask for TLS for a year, over TLS only",
    url: "https://desk.example/login",
    status: 200,
    after: (answer) =>
      expect(answer.headers.get("strict-transport-security")).toBe(
        "max-age=31536000; includeSubDomains",
      ),
  });
  scenario({
    name: "are there on errors too",
    as: "viewer",
    url: "/nothing-here",
    status: 404,
    inBody: ["There is no such page."],
    after: (answer) => expect(answer.headers.get("content-security-policy")).toContain("'none'"),
  });
});

describe("the overview", () => {
  scenario({
    name: "shows the buttons to an operator",
    as: "operator",
    url: "/",
    status: 200,
    inBody: ["Halt trading", "Cancel all orders", "Flatten", "no stop", "quarantined", "unknown"],
  });
  scenario({
    name: "shows no button and no token-bearing action to a viewer",
    as: "viewer",
    url: "/",
    status: 200,
    inBody: ["Active symbols and positions", "BTCUSDT"],
    notInBody: [
      "Halt trading",
      "/orders/cancel-all",
      "/positions/flatten",
      'id="dialog-halt"',
      "data-command",
    ],
  });
  scenario({
    name: "says when it is halted and why, with text escaped",
    as: "viewer",
    url: "/",
    status: 200,
    given: (fixture) => {
      fixture.view = {
        ...fixture.view,
        trading: { state: "halted", reason: "anna: <script>alert(1)</script>" },
      };
    },
    inBody: ["HALTED", "Trading is halted", "anna: &lt;script&gt;"],
    notInBody: ["<script>alert"],
  });
  scenario({
    name: "says that it is old when the engine is silent",
    as: "viewer",
    url: "/",
    status: 200,
    given: (fixture) => {
      fixture.nowMs += 60_000;
    },
    inBody: ["The engine has been silent for 1 min 0 s"],
  });
  scenario({
    name: "warns of real money",
    as: "viewer",
    url: "/",
    status: 200,
    fixture: { mode: "LIVE" },
    inBody: ["LIVE", "mode-live"],
    notInBody: [">SIM<"],
  });
});

describe("symbols", () => {
  scenario({
    name: "come 50 to a page of all 611",
    as: "viewer",
    url: "/symbols",
    status: 200,
    fixture: { symbols: 611 },
    inBody: ["page 1 of 13", "611 symbols"],
    after: (_answer, body) => {
      expect(body.match(/<tr id="symbol-/g)?.length).toBe(50);
    },
  });
  scenario({
    name: "beyond the last page are those of the last page",
    as: "viewer",
    url: "/symbols?page=99",
    status: 200,
    fixture: { symbols: 611 },
    inBody: ["page 13 of 13", "page=13"],
    after: (_answer, body) => {
      expect(body.match(/<tr id="symbol-/g)?.length).toBe(11);
    },
  });
  scenario({
    name: "say how long they were looked at",
    as: "viewer",
    url: "/symbols/BTCUSDT",
    status: 200,
    inBody: ["1,440, 2 h 0 min at 5 s each"],
  });
  scenario({
    name: "are found by part of the name, in any case",
    as: "viewer",
    url: "/symbols?q=btc",
    status: 200,
    inBody: ["BTCUSDT"],
    notInBody: ["ETHUSDT"],
  });
  scenario({
    name: "are only the changing part for the form",
    as: "viewer",
    url: "/symbols?q=&category=major&sort=turnover&order=desc",
    headers: { "hx-request": "true" },
    status: 200,
    inBody: ["live-symbol-rows", "hx-sse:connect"],
    notInBody: ["<html", "Sign out"],
  });
  scenario({
    name: "that match nothing say so",
    as: "viewer",
    url: "/symbols?q=NOSUCHCOIN",
    status: 200,
    inBody: ["No symbol matches."],
  });
  scenario({
    name: "refuse an order that does not exist, by name",
    as: "viewer",
    url: "/symbols?sort=luck",
    status: 400,
    inBody: ["Parameter &quot;sort&quot; must be one of score, symbol"],
  });
  scenario({
    name: "that nobody lists are 404",
    as: "viewer",
    url: "/symbols/NOSUCHUSDT",
    status: 404,
    inBody: ["No instrument is called NOSUCHUSDT."],
  });
  scenario({
    name: "reflect a search only as text",
    as: "viewer",
    url: `/symbols?q=${encodeURIComponent('"><img src=x>')}`,
    status: 200,
    notInBody: ["<img"],
  });
});

describe("trades", () => {
  scenario({
    name: "trades page back by row id",
    as: "viewer",
    url: "/blotter?tab=fills&before=1100",
    status: 200,
    inBody: ["Older fills", "/blotter?tab=fills&amp;before=1050"],
  });
  scenario({
    name: "trades of a symbol that nobody lists say so",
    as: "viewer",
    url: "/blotter?tab=fills&symbol=nope",
    status: 200,
    inBody: ["The venue lists no symbol NOPE."],
    notInBody: ["No execution"],
  });
  scenario({
    name: "trades of a symbol never traded say that",
    as: "viewer",
    url: "/blotter?tab=fills&symbol=LTCUSDT",
    status: 200,
    inBody: ["No execution in LTCUSDT yet."],
  });
  scenario({
    name: "trades are not denied a symbol before the instruments are known",
    as: "viewer",
    url: "/blotter?tab=fills&symbol=NOPE",
    status: 200,
    given: (fixture) => {
      fixture.view = { ...fixture.view, instruments: new Map() };
    },
    inBody: ["No execution in NOPE yet."],
  });
});

describe("what breaks", () => {
  scenario({
    name: "is a page without the inside, and a log line with it",
    as: "viewer",
    url: "/health",
    status: 500,
    given: (fixture) => {
      Object.assign(fixture.deps, {
        storage: () => Promise.reject(new Error("CANARY-5ecr3t in /var/lib")),
      });
    },
    inBody: ["This page could not be made; trading is not affected."],
    notInBody: ["/var/lib"],
    after: (_answer, _body, fixture) => {
      expect(fixture.logLines.map(({ text }) => text)).toContain("dashboard request failed");
    },
  });
  scenario({
    name: "a wrong method is 405 and names the right ones",
    as: "viewer",
    method: "POST",
    url: "/symbols",
    status: 405,
    after: (answer) => expect(answer.headers.get("allow")).toBe("GET, HEAD"),
  });
});

describe("a method that an address does not take", () => {
  for (const address of ADDRESSES) {
    scenario({
      name: `is 405 at ${address}`,
      as: "viewer",
      method: "PATCH",
      url: address,
      status: 405,
      after: (answer) => expect(answer.headers.get("allow")).toBe("GET, HEAD"),
    });
  }
  for (const [url, allow] of [
    ["/live/desk", "GET, HEAD"],
    ["/fragments/storage", "GET, HEAD"],
    ["/account/theme", "POST"],
    ["/account/password", "POST"],
    ["/trading/halt", "PUT, DELETE, POST"],
    ["/orders/cancel-all", "POST"],
    ["/positions/flatten", "POST"],
  ] as const) {
    scenario({
      name: `is 405 at ${url}, with those that it takes`,
      as: "viewer",
      method: "PATCH",
      url,
      status: 405,
      inBody: [`This address takes ${allow} only.`],
      after: (answer) => expect(answer.headers.get("allow")).toBe(allow),
    });
  }
  scenario({
    name: "is 404 where there is nothing",
    as: "viewer",
    method: "PATCH",
    url: "/symbols/",
    status: 404,
  });
});

describe("the access log", () => {
  scenario({
    name: "names the user and the path, never the query",
    as: "operator",
    url: "/symbols?q=CANARYQUERY",
    status: 200,
    after: (_answer, _body, fixture) => {
      expect(fixture.accessLines).toHaveLength(1);
      expect(fixture.accessLines[0]).toMatchObject({
        method: "GET",
        path: "/symbols",
        status: 200,
        user: "operator",
        address: "local",
      });
      expect(JSON.stringify(fixture.accessLines)).not.toContain("CANARYQUERY");
    },
  });
});
