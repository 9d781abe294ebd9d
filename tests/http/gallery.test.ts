/** /dev/views: there where states are handed over, and nowhere else. */
import { describe, expect, test } from "bun:test";
import { dashboardApp } from "../../src/web/dashboard.ts";
import { REGIONS } from "../../views/pages/list.ts";
import { GALLERY } from "../support/gallery.ts";
import { webFixture } from "../support/web-deps.ts";
import { STATIC_DIR, scenario } from "./scenario.ts";

const { deps, cookieOf } = webFixture({ symbols: 5 });
const app = dashboardApp(deps, { staticDir: STATIC_DIR, gallery: GALLERY });
const headers = { cookie: cookieOf("viewer") };

describe("the gallery", () => {
  for (const { name } of GALLERY) {
    test(`${name} has every region and the part that asks for itself`, async () => {
      const answer = await app.request(`/dev/views/${name}`, { headers });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
      const html = await answer.text();
      for (const region of [...REGIONS.keys(), "storage"]) {
        expect(html).toContain(`id="view-${region}"`);
      }
    });
  }
  test("begins with the first state", async () => {
    const answer = await app.request("/dev/views", { headers });
    expect(answer.headers.get("location")).toBe("/dev/views/empty");
  });
  test("names the states when another is asked for", async () => {
    const answer = await app.request("/dev/views/nope", { headers });
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain("There are empty, live, stale, error, many.");
  });
  test("is not for guests", async () => {
    const answer = await app.request("/dev/views/live");
    expect(answer.headers.get("location")).toBe("/login?next=%2Fdev%2Fviews%2Flive");
  });
  for (const url of ["/dev/views", "/dev/views/live"]) {
    scenario({ name: `is absent from the product: ${url}`, as: "admin", url, status: 404 });
  }
});
