/**
 * Headers of every dashboard answer, the session cookie, and the two checks in front of every
 * change: the request comes from our own page (Sec-Fetch-Site, else Origin), and it carries the
 * token of the session's forms.
 *
 * The headers are hono/secure-headers with our values. The checks are our own and not hono/csrf,
 * because that one looks at three form types only and lets JSON and every other body pass, is
 * content when one of the two headers fits although the other names another site, and knows no
 * token. Ours holds for every method but GET, HEAD and OPTIONS, whatever the body is.
 */
import { constantTimeEqual } from "@oslojs/crypto/subtle";
import type { Context, MiddlewareHandler } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { secureHeaders } from "hono/secure-headers";
import type { CookieOptions } from "hono/utils/cookie";

/** A year: what browsers' own lists ask for. */
const HSTS = "max-age=31536000";

/** Nothing inline, nothing from elsewhere, no frame around us. */
const fixedHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "data:"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
  xFrameOptions: "DENY",
  // With "no-referrer" browsers would send "Origin: null" on our own forms.
  referrerPolicy: "same-origin",
  permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [], usb: [] },
  // Set below, over TLS only: a browser ignores it elsewhere, and a person would believe it.
  strictTransportSecurity: false,
});

/** On every answer of the dashboard, errors included. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await fixedHeaders(c, next);
  const { headers } = c.res;
  if (isHttps(c)) headers.set("strict-transport-security", HSTS);
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
};

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
