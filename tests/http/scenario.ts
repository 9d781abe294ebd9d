/**
 * A request and what the answer must and must not say: the language of the tests beside this file.
 */
import { expect, test } from "bun:test";
import { join } from "node:path";
import type { Role } from "../../src/runtime/ports/accounts.ts";
import { dashboardApp } from "../../src/web/dashboard.ts";
import { CANARY, type FixtureOptions, type WebFixture, webFixture } from "../support/web-deps.ts";

export const STATIC_DIR = join(import.meta.dir, "../../static");

export interface Scenario {
  readonly name: string;
  readonly as?: Role | "guest";
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form; the session's token is added unless `csrf` says otherwise. */
  readonly form?: Readonly<Record<string, string>>;
  readonly csrf?: "none" | "wrong";
  /** Sent as it is, instead of a form. */
  readonly body?: { readonly type: string; readonly text: string };
  readonly status: number;
  readonly location?: string;
  readonly inBody?: readonly string[];
  readonly notInBody?: readonly string[];
  /** Names of the commands that reached the engine. */
  readonly commands?: readonly string[];
  readonly fixture?: FixtureOptions;
  readonly given?: (fixture: WebFixture) => void;
  readonly after?: (answer: Response, body: string, fixture: WebFixture) => void | Promise<void>;
}

/** What no page may ever show, whoever asks. */
const NEVER = [CANARY, "at Object.", "node_modules", "argon2", "token-viewer", "token-operator"];

export function scenario(it: Scenario): void {
  test(it.name, async () => {
    const fixture = webFixture({ symbols: 80, ...it.fixture });
    it.given?.(fixture);
    const app = dashboardApp(fixture.deps, { staticDir: STATIC_DIR });
    const answer = await app.request(it.url, requestOf(it, fixture));
    const body = await answer.text();
    expect(answer.status).toBe(it.status);
    if (it.location !== undefined) expect(answer.headers.get("location")).toBe(it.location);
    for (const text of it.inBody ?? []) expect(body).toContain(text);
    for (const text of [...NEVER, ...(it.notInBody ?? [])]) expect(body).not.toContain(text);
    if (it.commands !== undefined) {
      expect(fixture.commands.map(({ action }) => action) as string[]).toEqual([...it.commands]);
    }
    await it.after?.(answer, body, fixture);
  });
}

function requestOf(it: Scenario, fixture: WebFixture): RequestInit {
  const as = it.as ?? "guest";
  const headers: Record<string, string> = { ...it.headers };
  if (as !== "guest") headers.cookie = fixture.cookieOf(as);
  const method = it.method ?? "GET";
  if (method === "GET" || method === "HEAD") return { method, headers };
  if (it.body !== undefined) {
    return { method, headers: { ...headers, "content-type": it.body.type }, body: it.body.text };
  }
  const token = it.csrf === "wrong" ? "wrong" : as === "guest" ? "" : fixture.csrfOf(as);
  const form = { ...it.form, ...(it.csrf === "none" ? {} : { csrf: token }) };
  headers["content-type"] = "application/x-www-form-urlencoded";
  return { method, headers, body: new URLSearchParams(form).toString() };
}
