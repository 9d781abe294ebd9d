import { type App, startApp } from "../app/start-app.ts";
import type { Config } from "../config/settings.ts";
import { systemClock } from "../runtime/clock.ts";
import { LeaseHeldError } from "../store/lease.ts";
import { MigrationError } from "../store/migrate.ts";
import { PortTakenError } from "../web/web-servers.ts";
import { configOrThrow } from "./config-check.ts";
import { EXIT, OperatorError } from "./exit-codes.ts";
import type { Flags } from "./load-config.ts";
import { untilSignal } from "./signals.ts";

/** A stop that takes longer than this is cut: systemd would do it later and harder. */
const STOP_MS_MAX = 10_000;

/** Record, logs and locks are the operator's own. */
const PRIVATE_UMASK = 0o077;

/** `scalper serve`: everything, until a signal or a lost invariant. */
export async function runServe(flags: Flags): Promise<void> {
  const config = configOrThrow(flags);
  process.umask(PRIVATE_UMASK);
  const died = Promise.withResolvers<string>();
  const signalled = untilSignal();
  process.on("uncaughtException", (error: Error) => {
    died.resolve(`unexpected fault: ${error.stack ?? error.message}`);
  });
  const app = await start(config, (text) => died.resolve(text));
  for (const line of banner(app, config)) console.log(line);
  const ended = await Promise.race([
    signalled.then((signal) => ({ reason: signal, exitCode: EXIT.ok as number })),
    died.promise.then((text) => ({ reason: text, exitCode: EXIT.software as number })),
  ]);
  if (ended.exitCode !== EXIT.ok) console.error(`scalper: ${ended.reason}`);
  const forced = setTimeout(() => process.exit(EXIT.software), STOP_MS_MAX);
  await app.stop(ended.reason);
  clearTimeout(forced);
  if (ended.exitCode === EXIT.ok) console.log("stopped");
  process.exit(ended.exitCode);
}

async function start(config: Config, onFatal: (text: string) => void): Promise<App> {
  try {
    return await startApp({
      config,
      clock: systemClock,
      notifySocket: process.env.NOTIFY_SOCKET,
      watchdogUsec: process.env.WATCHDOG_USEC,
      onFatal,
    });
  } catch (error) {
    throw operatorError(error, config);
  }
}

/** Failures that the operator can mend become a text; anything else stays a fault of ours. */
function operatorError(error: unknown, config: Config): unknown {
  if (error instanceof LeaseHeldError || error instanceof PortTakenError) {
    return new OperatorError(error.message, EXIT.unavailable);
  }
  if (error instanceof MigrationError) return new OperatorError(error.message, EXIT.noInput);
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === "EACCES" || code === "EROFS" || code === "ENOSPC" || code === "ENOTDIR") {
    return new OperatorError(
      `cannot use the data directory ${config.dataDir}: ${(error as Error).message}. Nothing was ` +
        "started. Make it writable, or name another one with SCALPER_DATA_DIR.",
      EXIT.unavailable,
    );
  }
  return error;
}

function banner(app: App, config: Config): string[] {
  const { run, exchange, firstLogin } = app;
  const mode = config.venue === "sim" ? "simulated exchange" : `${config.venue}, ${config.trading}`;
  const lines = [
    `scalper ${run.version} is running: ${mode}, run ${run.runId}`,
    ...(config.bybitRestUrl === "" ? [] : [`  venue      ${config.bybitRestUrl}`]),
    `  dashboard  ${app.dashboardUrl}`,
    `  monitor    ${app.monitorUrl}/api/health`,
  ];
  if (exchange !== null) {
    lines.push(
      `  exchange   ${exchange.url}   key ${exchange.apiKey}   secret ${exchange.apiSecret}`,
    );
  }
  if (app.isPublicOnly) {
    lines.push("  note       no API key is set: market data only, trading cannot start");
  }
  if (firstLogin !== null) lines.push(`  login      ${loginText(firstLogin)}`);
  lines.push(`  data       ${run.dataDir}`, `  logs       ${run.logDir}`, "  stop       Ctrl-C");
  return lines;
}

function loginText(login: NonNullable<App["firstLogin"]>): string {
  return login.given
    ? `${login.name}, with the password from the settings`
    : `${login.name} / ${login.password}   (made for this first start and shown once)`;
}
