/**
 * The door of the loopback server: who is let in before anything of a request is read. The port
 * listens on loopback, but every page that a browser shows can reach it: hence the Host and the
 * Origin. What changes the exchange itself (faults, weather, grid, cash) asks for the secret of one
 * of its accounts besides, as other users of the machine reach the port too.
 */
import { isOwnSource, isTrustedHost } from "../../kernel/host-name.ts";
import { hmacHex, sameText } from "./request-auth.ts";
import type { HttpReply } from "./wire/reply.ts";

/** Twenty orders of a batch take a tenth of it; more in one request is an attack or a mistake. */
export const BODY_BYTES_MAX = 64 * 1024;

const HEADERS = {
  "Content-Type": "text/plain; charset=utf-8",
  "X-Content-Type-Options": "nosniff",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
} as const;

/** The refusal of a request of a page elsewhere, or null. */
export function refusedAtTheDoor({ headers }: Request): HttpReply | null {
  const host = headers.get("host") ?? undefined;
  if (!isTrustedHost(host)) return refusal(421, "Ask by IP address or as localhost.");
  const origin = headers.get("origin") ?? undefined;
  const secFetchSite = headers.get("sec-fetch-site") ?? undefined;
  if (isOwnSource({ host, origin, secFetchSite })) return null;
  return refusal(403, "A page of another site has no business here.");
}

/** The refusal of an admin request without the secret of an account, or null. */
export function refusedAdmin({ headers }: Request, secrets: readonly string[]): HttpReply | null {
  const told = headers.get("authorization") ?? "";
  // Hashed first: the compared texts are of one length, whatever was sent.
  const digest = (text: string) => hmacHex("scalper sim", text);
  if (secrets.some((secret) => sameText(digest(`Bearer ${secret}`), digest(told)))) return null;
  const what = "the secret of this exchange's key pair, as it was printed at the start or set";
  return refusal(401, `Wanted: "Authorization: Bearer SECRET" with ${what}.`);
}

/** An answer of the door itself. */
export function refusal(status: number, text: string): HttpReply {
  return { status, body: `${text}\n`, headers: { ...HEADERS } };
}
