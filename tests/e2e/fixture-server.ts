/**
 * The web edge over the fixture, as a process: prints its address, moves prices once a second,
 * writes a log line now and then. For looking at the pages and for the browser test's design part.
 */
import { join } from "node:path";
import { startWeb } from "../../src/web/web-servers.ts";
import { GALLERY } from "../support/gallery.ts";
import { webFixture } from "../support/web-deps.ts";

const fixture = webFixture();
const web = startWeb({
  deps: fixture.deps,
  host: "127.0.0.1",
  httpPort: Number(process.argv[2] ?? 0),
  monitorPort: 0,
  staticDir: join(import.meta.dir, "../../static"),
  gallery: GALLERY,
});
let line = 400;
setInterval(() => {
  fixture.tick();
  const time = new Date(fixture.nowMs).toISOString();
  fixture.appendLog("engine.log", [
    JSON.stringify({ time, level: "info", msg: "tick", seq: line++ }),
  ]);
}, 1_000);
console.log(JSON.stringify({ dashboard: web.dashboardUrl, monitor: web.monitorUrl }));
