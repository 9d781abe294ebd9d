/** What the tests of the live stream share: a dashboard over literals, a reader of its stream. */
import { dashboardApp } from "../../src/web/dashboard.ts";
import { createLive, type Live } from "../../src/web/live.ts";
import { given } from "../support/given.ts";
import { type WebFixture, webFixture } from "../support/web-deps.ts";
import { STATIC_DIR } from "./scenario.ts";

export interface Reader {
  /** The next chunk as text, or null at the end. */
  next(): Promise<string | null>;
}

export function readerOf(stream: ReadableStream<Uint8Array> | null): Reader {
  const reader = given(stream).getReader();
  const decoder = new TextDecoder();
  return {
    async next() {
      const { done, value } = await reader.read();
      return done ? null : decoder.decode(value);
    },
  };
}

/** The dashboard over literals, with its live part in hand. */
export function dashboard(symbols = 60): {
  fixture: WebFixture;
  live: Live;
  open: (url: string, headers?: Record<string, string>) => Promise<Response>;
} {
  const fixture = webFixture({ symbols });
  const live = createLive(fixture.deps);
  const app = dashboardApp(fixture.deps, { staticDir: STATIC_DIR, live });
  return {
    fixture,
    live,
    open: async (url, headers = {}) =>
      app.request(url, { headers: { cookie: fixture.cookieOf("viewer"), ...headers } }),
  };
}

/** A reader of these keys; the token is the person's name as well. */
export function connectionOf(token: string, ...keys: string[]) {
  const expiresAtMs = Number.POSITIVE_INFINITY;
  return { token, user: token, isViewer: false, expiresAtMs, keys };
}
