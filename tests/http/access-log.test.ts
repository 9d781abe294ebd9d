/** Noise of strangers is counted, not written; what somebody does is written always. */
import { expect, test } from "bun:test";
import { NAMELESS_PER_SEC_MAX } from "../../src/web/access-log.ts";
import { dashboardApp } from "../../src/web/dashboard.ts";
import { webFixture } from "../support/web-deps.ts";
import { STATIC_DIR } from "./scenario.ts";

test("beyond so many a second requests of nobody are one line with their number", async () => {
  const fixture = webFixture({ symbols: 5 });
  const app = dashboardApp(fixture.deps, { staticDir: STATIC_DIR });
  const extra = 30;
  for (let n = 0; n < NAMELESS_PER_SEC_MAX + extra; n++) await app.request(`/scan/${n}`);
  expect(fixture.accessLines).toHaveLength(NAMELESS_PER_SEC_MAX);
  await app.request("/logs", { headers: { cookie: fixture.cookieOf("viewer") } });
  expect(fixture.accessLines.at(-1)).toMatchObject({ user: "viewer", path: "/logs" });
  fixture.nowMs += 1_000;
  await app.request("/scan/again");
  expect(fixture.accessLines.slice(-2)).toMatchObject([
    { app: "dashboard", notWritten: extra },
    { path: "/scan/again" },
  ]);
});
