/** The two listening sockets, the timer of the live streams, and their orderly end. */

import type { GalleryState } from "../../views/gallery.tsx";
import { errorText } from "../kernel/wording.ts";
import { systemClock } from "../runtime/clocks.ts";
import { dashboardApp } from "./dashboard.ts";
import type { WebDeps } from "./deps.ts";
import type { Edge } from "./edge.ts";
import { type DoorTerms, edgeOf, LOCAL_DOOR } from "./front-door.ts";
import { createLive, LIVE_TICK_MS, type Live, VALUES_PER_TICK } from "./live.ts";
import { monitorApp } from "./monitor-api.ts";
import { type Port, portText } from "./port-text.ts";

/** The monitor API has no login, so it is never reachable from another machine. */
const MONITOR_HOST = "127.0.0.1";
/** Twice what any form may hold; the apps refuse more with a page, the server before it reads. */
const BODY_BYTES_MAX = 32 * 1024;
/** Requests that still run when we stop get this long; a page takes milliseconds. */
const STOP_MS_MAX = 2_000;

/** A port that cannot be opened: the operator's to mend, so its text is all that is shown. */
class PortTakenError extends Error {
  override readonly name = "PortTakenError";
}

interface WebOptions {
  readonly deps: WebDeps;
  /** Address of the dashboard. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly httpPort: number;
  readonly monitorPort: number;
  readonly staticDir: string;
  /** Who stands in front, and what is encrypted; loopback alone when left out. */
  readonly door?: DoorTerms;
  /** Certificate chain and key, PEM, for the dashboard's own TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** See dashboard.ts; the product has none. */
  readonly gallery?: readonly GalleryState[];
}

export interface RunningWeb {
  readonly dashboardUrl: string;
  readonly monitorUrl: string;
  readonly ports: { readonly http: number; readonly monitor: number };
  stop(): Promise<void>;
}

/** Listens on both ports. Throws an error that names the port when one is taken. */
export function startWeb(options: WebOptions): RunningWeb {
  const { deps, host, staticDir, gallery = [], door = LOCAL_DOOR, tls } = options;
  const live = createLive(deps);
  const dashboard = listen({
    fetch: dashboardApp(deps, { staticDir, live, gallery }).fetch,
    host,
    port: options.httpPort,
    what: "dashboard",
    setting: "SCALPER_HTTP_PORT",
    door,
    tls,
  });
  let monitor: Bun.Server<undefined>;
  try {
    monitor = listen({
      fetch: monitorApp(deps).fetch,
      host: MONITOR_HOST,
      port: options.monitorPort,
      what: "monitor API",
      setting: "SCALPER_MONITOR_PORT",
      door: LOCAL_DOOR,
    });
  } catch (error) {
    void dashboard.stop(true);
    throw error;
  }
  const stopTicking = everyTick(live);
  return {
    dashboardUrl: door.publicOrigin || urlOf(host, dashboard.port, tls && "https"),
    monitorUrl: urlOf(MONITOR_HOST, monitor.port),
    ports: { http: dashboard.port ?? 0, monitor: monitor.port ?? 0 },
    async stop() {
      stopTicking();
      // Open streams would keep the server for ever: they end first.
      live.closeAll();
      await Promise.all([stopServer(dashboard), stopServer(monitor)]);
    },
  };
}

interface Listening extends Port {
  readonly door: DoorTerms;
  readonly tls?: WebOptions["tls"];
  readonly fetch: (request: Request, edge: Edge) => Response | Promise<Response>;
}

function listen({ fetch, door, tls, host, port, what, setting }: Listening): Bun.Server<undefined> {
  try {
    return Bun.serve({
      hostname: host,
      port,
      ...(tls === undefined ? {} : { tls: { ...tls } }),
      maxRequestBodySize: BODY_BYTES_MAX,
      // Otherwise what throws outside the apps is answered with a page of source and stack.
      development: false,
      // Bun shares the port with whoever listens there already unless told otherwise (1.4.5).
      reusePort: false,
      error: () => new Response("The request could not be answered.\n", { status: 500 }),
      fetch: (request, server) =>
        fetch(request, {
          ...edgeOf(request, server.requestIP(request)?.address, door),
          liftIdleTimeout: () => server.timeout(request, 0),
        }),
    });
  } catch (error) {
    const text = portText({ what, host, port, setting }, errorText(error));
    throw new PortTakenError(text, { cause: error });
  }
}

function urlOf(host: string, port: number | undefined, scheme = "http"): string {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `${scheme}://${name.includes(":") ? `[${name}]` : name}:${port ?? 0}`;
}

/** One tick in {@link VALUES_PER_TICK} looks at everything, the others at values. */
function everyTick(live: Live): () => void {
  const everyMs = LIVE_TICK_MS / VALUES_PER_TICK;
  let beat = 0;
  let cancel = systemClock.after(everyMs, run);
  function run(): void {
    cancel = systemClock.after(everyMs, run);
    void (beat++ % VALUES_PER_TICK === 0 ? live.tick() : live.tickValues());
  }
  return () => cancel();
}

/** Lets running requests end, then cuts what is left. */
async function stopServer(server: Bun.Server<undefined>): Promise<void> {
  const cut = new Promise<void>((resolve) => {
    systemClock.after(STOP_MS_MAX, resolve);
  });
  await Promise.race([server.stop(), cut]);
  await server.stop(true);
}
