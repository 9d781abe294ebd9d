/**
 * Headers of every dashboard answer, the session cookie, and the two checks in front of every
 * change: the request comes from our own page (Sec-Fetch-Site, else Origin), and it carries the
 * token of the session's forms.
 */
import { constantTimeEqual } from "@oslojs/crypto/subtle";
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { CookieOptions } from "hono/utils/cookie";

/** Nothing inline, nothing from elsewhere, no frame around us. */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join("; ");

const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": CSP,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  // With "no-referrer" browsers would send "Origin: null" on our own forms.
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
};

/** A year: what browsers' own lists ask for. */
const HSTS = "max-age=31536000";

export function setSecurityHeaders(c: Context): void {
  for (const [name, value] of Object.entries(HEADERS)) c.header(name, value);
  if (isHttps(c)) c.header("strict-transport-security", HSTS);
  if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
}

function isHttps(c: Context): boolean {
  return c.req.url.startsWith("https:");
}

const COOKIE = "scalper_session";

export function sessionToken(c: Context): string {
  return getCookie(c, COOKIE) ?? "";
}

/** No expiry: the server's session row expires; the browser forgets at its own end. */
export function keepSession(c: Context, token: string): void {
  setCookie(c, COOKIE, token, cookieOptions(c));
}

export function dropSession(c: Context): void {
  deleteCookie(c, COOKIE, cookieOptions(c));
}

function cookieOptions(c: Context): CookieOptions {
  return { path: "/", httpOnly: true, sameSite: "Lax", secure: isHttps(c) };
}

/**
 * True when the request cannot have been made by another site's page. Programs that send neither
 * header have no ambient cookie to abuse, and still need the token.
 */
export function isOwnOrigin(c: Context): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined) return site === "same-origin";
  const origin = c.req.header("origin");
  if (origin === undefined) return true;
  const host = c.req.header("host") ?? new URL(c.req.url).host;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Compares in constant time; an empty expected token matches nothing. */
export function tokenMatches(expected: string, found: string | undefined): boolean {
  if (expected === "" || found === undefined) return false;
  const encoder = new TextEncoder();
  return constantTimeEqual(encoder.encode(expected), encoder.encode(found));
}
