/**
 * What the socket layer knows and a Hono app does not: who is calling, and how to keep one
 * connection open. Handed to the apps as their bindings, so that they run without it in tests and
 * under other servers.
 */
import type { Context } from "hono";
import type { LoginSource } from "../runtime/ports/accounts.ts";

export interface Edge {
  /** Address of the other end of the connection, as text. */
  readonly address?: string | undefined;
  /** The browser's connection is encrypted, here or by a trusted proxy in front. */
  readonly isHttps?: boolean | undefined;
  /** It is not, and crosses a network. */
  readonly isClear?: boolean | undefined;
  /** Origin of the dashboard behind its proxy; "" without one. */
  readonly publicOrigin?: string | undefined;
  /** Lifts the server's idle timeout for this request only. */
  readonly liftIdleTimeout?: (() => void) | undefined;
}

/** Where the apps keep a request's `Edge`, for Hono's type parameter. */
export interface EdgeEnv {
  Bindings: Edge;
}

/** What is known of a request's connection; nothing where no server stands in front. */
export function connectionOf(c: Context): Edge {
  const edge: Edge | undefined = c.env;
  return edge ?? {};
}

/** The caller's address, or "local" where no server stands in front. */
export function addressOf(c: Context): string {
  return connectionOf(c).address ?? "local";
}

/** Where a sign-in came from, for the session's row. */
export function sourceOf(c: Context): LoginSource {
  return { address: addressOf(c), userAgent: c.req.header("user-agent") ?? "" };
}
