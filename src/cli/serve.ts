/** `scalper serve`: everything, until a signal or a lost invariant. */
import { type App, startApp } from "../app/start-app.ts";
import { StartAborted } from "../app/start-error.ts";
import type { Config } from "../config/settings.ts";
import { OWN_COMMAND } from "../embedded.ts";
import { errorStack } from "../kernel/wording.ts";
import { systemClock } from "../runtime/clocks.ts";
import { configOrThrow } from "./config-check.ts";
import { EXIT } from "./exit-codes.ts";
import type { Flags } from "./load-config.ts";
import { onHaltSignal, onStopSignal } from "./signals.ts";

/** A stop that takes longer than this is cut: systemd would do it later and harder. */
const STOP_MS_MAX = 10_000;

/** Record, logs and locks are the operator's own. */
const PRIVATE_UMASK = 0o077;

/** Why the program ends. */
interface Ending {
  readonly reason: string;
  readonly exitCode: number;
}

/** Returns only by throwing, when the start fails; else the process ends here. */
export async function runServe(flags: Flags): Promise<void> {
  const config = configOrThrow(flags);
  process.umask(PRIVATE_UMASK);
  const asked = new AbortController();
  const ended = Promise.withResolvers<Ending>();
  const end = (ending: Ending) => {
    ended.resolve(ending);
    asked.abort(ending.reason);
    // From here on, whatever hangs.
    setTimeout(() => process.exit(EXIT.software), STOP_MS_MAX).unref();
  };
  // The whole of it goes to the record and to engine.log, its first line to the terminal.
  const fail = (text: string) => end({ reason: text, exitCode: EXIT.software });
  onStopSignal(systemClock, (signal) => end({ reason: signal, exitCode: EXIT.ok }));
  for (const fault of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(fault, (error: unknown) => fail(`unexpected fault: ${errorStack(error)}`));
  }
  let app: App | null = null;
  let halts = 0;
  let isEarly = false;
  const halt = (signal: string) => {
    // One that comes before there is an engine is kept for it.
    isEarly = app === null;
    halts++;
    const command = { id: `signal-${process.pid}-${halts}`, action: "halt", symbol: "" } as const;
    const who = { by: signal, reason: `process ${process.pid} got ${signal}` };
    app?.commands.give({ ...command, ...who, age: { by: "receipt" } });
  };
  onHaltSignal(halt);
  app = await start(config, asked.signal, fail);
  if (isEarly) halt("SIGUSR2");
  if (app !== null) for (const line of banner(app, config)) console.log(line);
  const { reason, exitCode } = await ended.promise;
  if (exitCode !== EXIT.ok) console.error(`scalper: ${reason.split("\n")[0]}; see engine.log`);
  await app?.stop(reason);
  if (exitCode === EXIT.ok) console.log("stopped");
  process.exit(exitCode);
}

/** Null when it was asked to stop before it had started. */
async function start(
  config: Config,
  asked: AbortSignal,
  onFatal: (text: string) => void,
): Promise<App | null> {
  try {
    return await startApp({
      config,
      clock: systemClock,
      notifySocket: process.env.NOTIFY_SOCKET,
      watchdogUsec: process.env.WATCHDOG_USEC,
      onFatal,
      asked,
      ownCommand: OWN_COMMAND,
    });
  } catch (error) {
    if (error instanceof StartAborted) return null;
    throw error;
  }
}

function banner(app: App, config: Config): string[] {
  const { run, exchange, firstLogin } = app;
  const lines = [
    `scalper ${run.version} is running: ${app.title}, run ${run.runId}`,
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
