/**
 * Where somebody goes after signing in: the page that was wanted, when it is one of ours. Anything
 * that a browser could read as another site, and what is no page, leads to the first page.
 */
import type { Context } from "hono";
import { connectionOf } from "./edge.ts";

const ADDRESS_CHARS_MAX = 500;
const NO_PAGES = ["/login", "/logout", "/live/", "/fragments/", "/assets/", "/api/"];

/** A path of ours with its query, or "/". */
export function safeReturn(wanted: string | undefined): string {
  if (wanted === undefined || wanted.length > ADDRESS_CHARS_MAX) return "/";
  // One slash and then a character of a path: "//evil" and "/\evil" are other sites to a browser.
  if (!/^\/(?:[A-Za-z0-9._~%?-][^\s\\\p{Cc}]*)?$/u.test(wanted)) return "/";
  return NO_PAGES.some((start) => wanted.startsWith(start)) ? "/" : wanted;
}

/** The login page's address for who wanted this one. */
export function loginFor(wanted: string): string {
  const safe = safeReturn(wanted);
  return safe === "/" ? "/login" : `/login?next=${encodeURIComponent(safe)}`;
}

/** The page that a script or a part of a page was asked for from, when the browser says so. */
export function pageBehind(c: Context): string {
  const text = c.req.header("hx-current-url") ?? c.req.header("referer") ?? "";
  if (!URL.canParse(text)) return "/";
  const { host, origin, pathname, search } = new URL(text);
  const isOurs = host === c.req.header("host") || origin === connectionOf(c).publicOrigin;
  return isOurs ? safeReturn(pathname + search) : "/";
}

/** Path and query of the request. */
export function addressAsked(c: Context): string {
  const { pathname, search } = new URL(c.req.url);
  return pathname + search;
}
