/**
 * The web edge over the fixture, as a process: prints its address, moves prices once a second,
 * writes a log line now and then. For looking at the pages and for the browser tests. SIGUSR2 fills
 * its disk, and frees it again. Arguments: port, run id, id of the run before.
 */
import { join } from "node:path";
import { startWeb } from "../../src/web/web-servers.ts";
import { GALLERY } from "../support/gallery.ts";
import { webFixture } from "../support/web-deps.ts";

const fixture = webFixture();
const [, , port = "0", runId = "k3f9a2", before] = process.argv;
Object.assign(fixture.deps.run, {
  runId,
  startedAtMs: before === undefined ? fixture.deps.run.startedAtMs : fixture.nowMs - 1_000,
  before:
    before === undefined
      ? null
      : { runId: before, startedAtMs: fixture.nowMs - 9_000_000, endedAtMs: null },
});

let isFull = false;
process.on("SIGUSR2", () => {
  isFull = !isFull;
  fillDisk();
});

/** What the engine says of a full disk: it halts by itself, and storage is down. */
function fillDisk(): void {
  const detail = "the record cannot be written: disk is full";
  const trading = isFull ? { state: "halted" as const, reason: detail } : TRADING;
  fixture.view = { ...fixture.view, trading };
  if (!isFull) return;
  const services = fixture.health.services.map((service) =>
    service.name === "storage" ? { ...service, status: "down" as const, detail } : service,
  );
  fixture.health = { ...fixture.health, status: "down", services };
}

const TRADING = fixture.view.trading;
const web = startWeb({
  deps: fixture.deps,
  host: "127.0.0.1",
  httpPort: Number(port),
  monitorPort: 0,
  staticDir: join(import.meta.dir, "../../static"),
  gallery: GALLERY,
});
let line = 400;
setInterval(() => {
  fixture.tick();
  fillDisk();
  const time = new Date(fixture.nowMs).toISOString();
  fixture.appendLog("engine.log", [
    JSON.stringify({ time, level: "info", msg: "tick", seq: line++ }),
  ]);
}, 1_000);
console.log(JSON.stringify({ dashboard: web.dashboardUrl, monitor: web.monitorUrl }));
