/**
 * Last part of a start: ports, first login, venue. Only when all three are there is systemd told
 * that the service is ready: somebody can look, sign in, and trading has somewhere to go.
 */
import { STATIC_DIR } from "../embedded.ts";
import { type RunningWeb, startWeb } from "../web/web-servers.ts";
import type { VenueFacts } from "./app-venue.ts";
import type { Running } from "./shut-down.ts";
import { StartAborted } from "./start-error.ts";
import { doorOf } from "./web-exposure.ts";
import type { Wired } from "./wire.ts";

export interface FirstLogin {
  readonly name: string;
  readonly password: string;
  /** It came from the settings, so it is not shown. */
  readonly given: boolean;
}

interface Listening {
  readonly web: RunningWeb;
  readonly firstLogin: FirstLogin | null;
  readonly facts: VenueFacts;
}

/** Puts the web into `running` as soon as it listens, so that a failure after it closes it too. */
export async function listen(
  running: Running,
  wired: Wired,
  asked: AbortSignal,
): Promise<Listening> {
  const { config, logs, run } = running.opened;
  const web = startWeb({
    deps: wired.web,
    host: config.host,
    httpPort: config.httpPort,
    monitorPort: config.monitorPort,
    staticDir: STATIC_DIR,
    ...doorOf(config),
  });
  running.web = web;
  const [firstLogin, facts] = await unlessAsked(
    asked,
    Promise.all([
      wired.users.ensureAdmin({ password: config.adminPassword || undefined }),
      wired.venue.open(wired.charts.accept),
    ]),
  );
  wired.notifier.send(`READY=1\nSTATUS=connecting to ${run.venue}`);
  const { dashboardUrl: dashboard, monitorUrl: monitor } = web;
  logs.logger("app").info("listening", { dashboard, monitor });
  return { web, firstLogin, facts };
}

/** Rejects with StartAborted as soon as the process is asked to stop. */
async function unlessAsked<Value>(asked: AbortSignal, work: Promise<Value>): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(new StartAborted(String(asked.reason)));
  if (asked.aborted) abort();
  asked.addEventListener("abort", abort);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    asked.removeEventListener("abort", abort);
  }
}
