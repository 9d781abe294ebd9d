/**
 * Looks after the program itself: refreshes the health report every five seconds, tells systemd,
 * and feeds its watchdog while nothing is stuck (pulse.ts says what that means).
 */

import type { HealthReport } from "../monitor/view.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import type { Notifier } from "../runtime/systemd.ts";

/** The page promises this age at most. */
const REFRESH_MS = 5_000;
/** Until everything was right once: a start is watched closely, and a second is long in it. */
const REFRESH_STARTING_MS = 250;

export interface HealthLoop {
  readonly report: () => HealthReport;
  refresh(): void;
  stop(): void;
}

interface HealthLoopOptions {
  readonly clock: Clock;
  readonly log: LogPort;
  readonly notifier: Notifier;
  /** Makes a fresh report; `loopLagMs` is how late this refresh came. */
  readonly check: (loopLagMs: number) => HealthReport;
  /** What is stuck without anybody knowing; anything here lets systemd's watchdog run out. */
  readonly stuck: () => readonly string[];
}

export function startHealthLoop(options: HealthLoopOptions): HealthLoop {
  const { clock, notifier } = options;
  let report = options.check(0);
  let wasOk = false;
  let dueAtMs = clock.monotonicMs() + REFRESH_STARTING_MS;
  let cancel = () => {};
  let cancelWatchdog = () => {};

  function refresh(): void {
    const before = report;
    report = options.check(Math.max(0, clock.monotonicMs() - dueAtMs));
    logChanges(options.log, before, report);
    notifier.send(`STATUS=${report.status}: ${summaryOf(report)}`);
  }

  function tick(): void {
    refresh();
    wasOk ||= report.status === "ok";
    const pauseMs = wasOk ? REFRESH_MS : REFRESH_STARTING_MS;
    dueAtMs = clock.monotonicMs() + pauseMs;
    cancel = clock.after(pauseMs, tick);
  }

  function watchdog(): void {
    if (notifier.watchdogMs === null) return;
    const stuck = options.stuck();
    if (stuck.length === 0) notifier.send("WATCHDOG=1");
    else options.log.error("systemd's watchdog is not fed", { stuck });
    cancelWatchdog = clock.after(notifier.watchdogMs / 3, watchdog);
  }

  cancel = clock.after(REFRESH_STARTING_MS, tick);
  watchdog();
  return {
    report: () => report,
    refresh,
    stop() {
      cancel();
      cancelWatchdog();
    },
  };
}

/** One log line for each service that changed its state: the history of an outage. */
function logChanges(log: LogPort, before: HealthReport, after: HealthReport): void {
  for (const service of after.services) {
    const was = before.services.find(({ name }) => name === service.name);
    if (was === undefined || was.status === service.status) continue;
    const write = service.status === "ok" ? log.info : log.warn;
    write(`${service.name} is ${service.status}`, { was: was.status, detail: service.detail });
  }
}

function summaryOf(report: HealthReport): string {
  const bad = report.services.filter(({ status }) => status !== "ok");
  return bad.length === 0
    ? "all services ok"
    : bad.map(({ name, detail }) => `${name} ${detail}`).join("; ");
}
