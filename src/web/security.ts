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
import { isOwnSource, isTrustedHost } from "../kernel/host-name.ts";
import { connectionOf } from "./edge.ts";

/** A year, with everything below the name: what browsers' own lists ask for. */
const HSTS = "max-age=31536000; includeSubDomains";

/** Nothing inline, nothing from elsewhere, no frame around us. */
const fixedHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "data:"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
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
  return connectionOf(c).isHttps ?? c.req.url.startsWith("https:");
}

const COOKIE = "scalper_session";

/** Over TLS the browser itself holds the cookie to this name, this host and encryption. */
const cookieName = (c: Context): string => (isHttps(c) ? `__Host-${COOKIE}` : COOKIE);

export function sessionToken(c: Context): string {
  return getCookie(c, cookieName(c)) ?? "";
}

/** No expiry: the server's session row expires; the browser forgets at its own end. */
export function keepSession(c: Context, token: string): void {
  setCookie(c, cookieName(c), token, cookieOptions(c));
}

export function dropSession(c: Context): void {
  deleteCookie(c, cookieName(c), cookieOptions(c));
}

function cookieOptions(c: Context): CookieOptions {
  return { path: "/", httpOnly: true, sameSite: "Strict", secure: isHttps(c) };
}

/**
 * True when the request cannot have been made by another site's page. Programs that send neither
 * header have no ambient cookie to abuse, and still need the token.
 */
export function isOwnOrigin(c: Context): boolean {
  const secFetchSite = c.req.header("sec-fetch-site");
  if (secFetchSite !== undefined && secFetchSite !== "same-origin") return false;
  const host = c.req.header("host") ?? new URL(c.req.url).host;
  const { publicOrigin = "" } = connectionOf(c);
  return isOwnSource({ host, origin: c.req.header("origin"), secFetchSite }, [publicOrigin]);
}

/**
 * Answers only to names that no web page elsewhere can point at this machine, and to the public
 * one: a page whose name was rebound could otherwise guess passwords from inside.
 */
export const hostGate: MiddlewareHandler = (c, next) => {
  const { publicOrigin = "" } = connectionOf(c);
  const names = publicOrigin === "" ? [] : [new URL(publicOrigin).host];
  if (isTrustedHost(c.req.header("host"), names)) return next();
  const text = "Ask by IP address, as localhost, or by the name in SCALPER_PUBLIC_URL.\n";
  return Promise.resolve(c.text(text, 421));
};

/** Compares in constant time; an empty expected token matches nothing. */
export function tokenMatches(expected: string, found: string | undefined): boolean {
  if (expected === "" || found === undefined) return false;
  const encoder = new TextEncoder();
  return constantTimeEqual(encoder.encode(expected), encoder.encode(found));
}
