/** Who may ask under which name, behind which proxy, and what is encrypted. */
import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type DoorTerms, edgeOf, LOCAL_DOOR } from "../../src/web/front-door.ts";
import { type RunningWeb, startWeb } from "../../src/web/web-servers.ts";
import { CONTRACT_MS_MAX } from "../support/patience.ts";
import { FIXTURE_PASSWORD, webFixture } from "../support/web-deps.ts";
import { STATIC_DIR } from "./scenario.ts";

setDefaultTimeout(CONTRACT_MS_MAX);

const running: RunningWeb[] = [];
afterEach(async () => {
  for (const web of running.splice(0)) await web.stop();
});

const PUBLIC: DoorTerms = {
  ...LOCAL_DOOR,
  publicOrigin: "https://desk.example.org",
  trustedProxies: ["127.0.0.1"],
};

function start(door: DoorTerms = LOCAL_DOOR) {
  const fixture = webFixture({ symbols: 5 });
  const ports = { host: "127.0.0.1", httpPort: 0, monitorPort: 0 };
  const web = startWeb({ deps: fixture.deps, ...ports, staticDir: STATIC_DIR, door });
  running.push(web);
  return { fixture, web, base: `http://127.0.0.1:${web.ports.http}` };
}

const edge = (headers: Record<string, string>, peer = "127.0.0.1", door = PUBLIC) =>
  edgeOf(new Request("http://x/", { headers }), peer, door);

describe("the caller", () => {
  test("is whom the nearest trusted proxy names, read from the right", () => {
    const address = (hops: string, peer?: string) =>
      edge({ "x-forwarded-for": hops }, peer).address;
    expect(address("203.0.113.7")).toBe("203.0.113.7");
    expect(address("1.1.1.1, 203.0.113.7, 127.0.0.1")).toBe("203.0.113.7");
    expect(address("203.0.113.7", "::ffff:127.0.0.1")).toBe("203.0.113.7");
    expect(address("")).toBe("127.0.0.1");
    expect(address("203.0.113.7, <script>")).toBe("127.0.0.1");
  });
  test("is the peer where no proxy was named, whatever it writes", () => {
    const headers = { "x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https" };
    expect(edge(headers, "198.51.100.9")).toMatchObject({
      address: "198.51.100.9",
      isHttps: false,
    });
    expect(edge(headers, "127.0.0.1", LOCAL_DOOR)).toMatchObject({
      address: "127.0.0.1",
      isHttps: false,
    });
  });
  test("is encrypted by a trusted proxy's word, by its name, or here", () => {
    expect(edge({ "x-forwarded-proto": "https" }).isHttps).toBe(true);
    expect(edge({ "x-forwarded-proto": "http" }).isHttps).toBe(false);
    expect(edge({ host: "desk.example.org" }, "198.51.100.9").isHttps).toBe(true);
    expect(edge({}, "198.51.100.9", { ...LOCAL_DOOR, isTls: true }).isHttps).toBe(true);
    const clear = { ...LOCAL_DOOR, isClear: true };
    expect(edge({}, "198.51.100.9", clear).isClear).toBe(true);
    expect(edge({ "x-forwarded-proto": "https" }, "127.0.0.1", PUBLIC).isClear).toBe(false);
  });
});

describe("the dashboard", () => {
  test("answers to no name that was pointed at it, and lets nobody guess under one", async () => {
    const { base, fixture } = start();
    const body = new URLSearchParams({ name: "operator", password: "guess" });
    for (const path of ["/login", "/", "/assets/x/y", "/live/desk"]) {
      const answer = await fetch(base + path, { headers: { host: "rebind.com" } });
      expect([path, answer.status]).toEqual([path, 421]);
    }
    const headers = { host: "rebind.com", origin: "http://rebind.com" };
    const guess = await fetch(`${base}/login`, { method: "POST", headers, body });
    expect(guess.status).toBe(421);
    expect(fixture.loginCalls).toEqual([]);
  });

  test("behind its proxy: its name, its origin, a cookie for TLS alone", async () => {
    const { base } = start(PUBLIC);
    const body = new URLSearchParams({ name: "operator", password: FIXTURE_PASSWORD });
    const proxied = { "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.7" };
    const post = (headers: Record<string, string>) =>
      fetch(`${base}/login`, { method: "POST", redirect: "manual", headers, body });
    const origin = "https://desk.example.org";
    for (const host of ["desk.example.org", "127.0.0.1:8080"]) {
      const answer = await post({ ...proxied, host, origin });
      expect([host, answer.status]).toEqual([host, 303]);
      const cookie = answer.headers.get("set-cookie") ?? "";
      expect(cookie).toStartWith("__Host-scalper_session=");
      expect(cookie).toContain("Secure");
      expect(cookie).toContain("SameSite=Strict");
      expect(answer.headers.get("strict-transport-security")).toContain("includeSubDomains");
    }
    const foreign = await post({
      ...proxied,
      host: "desk.example.org",
      origin: "https://evil.org",
    });
    expect(foreign.status).toBe(403);
    const other = await post({ ...proxied, host: "evil.org", origin: "https://evil.org" });
    expect(other.status).toBe(421);
  });

  test("in clear beyond loopback every page says so", async () => {
    const { base, fixture } = start({ ...LOCAL_DOOR, isClear: true });
    const headers = { cookie: fixture.cookieOf("operator") };
    expect(await (await fetch(base, { headers })).text()).toContain("not encrypted");
    const local = start();
    const quiet = await fetch(local.base, {
      headers: { cookie: local.fixture.cookieOf("viewer") },
    });
    expect(await quiet.text()).not.toContain("not encrypted");
  });

  test("holds no body larger than any of its forms", async () => {
    const { base, web } = start();
    const large = "x".repeat(1_000_000);
    const post = async (url: string) =>
      (await fetch(url, { method: "POST", body: large }).catch(() => null))?.status ?? 413;
    expect(await post(`${base}/login`)).toBe(413);
    expect([405, 413]).toContain(await post(`${web.monitorUrl}/api/health`));
  });
});
