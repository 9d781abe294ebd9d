/** Names that a page elsewhere can bring here, and pages that are not ours. */
import { expect, test } from "bun:test";
import { isOwnSource, isTrustedHost } from "../../../src/kernel/host-name.ts";

test("only names that nobody else can point at this machine are trusted", () => {
  for (const host of [
    undefined,
    "localhost",
    "LOCALHOST:8080",
    "a.localhost",
    "127.0.0.1",
    "10.0.0.7:1",
    "[::1]",
    "[fe80::1]:8080",
  ]) {
    expect([host, isTrustedHost(host)]).toEqual([host, true]);
  }
  for (const host of [
    "",
    "rebind.com",
    "localhost.evil.com",
    "127.0.0.1.evil.com",
    "127.0.0.1:80:evil.com",
    "[::1].evil.com",
    "[::1",
    "127.0.0.1/x",
    "evil.com/127.0.0.1",
    "127.0.0.1:123456",
    "a b",
    "%",
  ]) {
    expect([host, isTrustedHost(host)]).toEqual([host, false]);
  }
  expect(isTrustedHost("desk.example.org", ["desk.example.org"])).toBe(true);
  expect(isTrustedHost("desk.example.org:8443", ["desk.example.org:8443"])).toBe(true);
  expect(isTrustedHost("a.desk.example.org", ["desk.example.org"])).toBe(false);
});

test("a page of another site is not ours, a program and a typed address are", () => {
  const host = "127.0.0.1:8080";
  const source = (origin?: string, secFetchSite?: string) =>
    isOwnSource({ host, origin, secFetchSite });
  expect(source()).toBe(true);
  expect(source(`http://${host}`, "same-origin")).toBe(true);
  expect(source(undefined, "none")).toBe(true);
  for (const site of ["cross-site", "same-site", "anything"]) {
    expect(source(undefined, site)).toBe(false);
    expect(source(`http://${host}`, site)).toBe(false);
  }
  for (const origin of ["null", "http://evil.com", "http://127.0.0.1:8090", "", "127.0.0.1:8080"]) {
    expect([origin, source(origin)]).toEqual([origin, false]);
  }
  const origins = ["https://desk.example.org"];
  const proxied = { host, origin: "https://desk.example.org", secFetchSite: "same-origin" };
  expect(isOwnSource(proxied, origins)).toBe(true);
  expect(isOwnSource(proxied)).toBe(false);
});
