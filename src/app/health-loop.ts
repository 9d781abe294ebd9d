/**
 * Looks after the program itself: refreshes the health report every second, tells systemd what is
 * new in it, and feeds its watchdog while nothing is stuck (pulse.ts says what that means).
 */

import type { ServiceStatus } from "../domain/service.ts";
import type { HealthReport, ServiceHealth } from "../monitor/view.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import type { Notifier } from "../runtime/systemd.ts";

/** The page and the API promise this age at most: an outage shows within a second. */
const REFRESH_MS = 1_000;
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
  /** A service is judged differently from the last look. */
  readonly onChange: (change: Change) => void;
  /** What is stuck without anybody knowing; anything here lets systemd's watchdog run out. */
  readonly stuck: () => readonly string[];
}

export function startHealthLoop(options: HealthLoopOptions): HealthLoop {
  const { clock, notifier } = options;
  let report = options.check(0);
  let wasOk = false;
  let told = "";
  let dueAtMs = clock.monotonicMs() + REFRESH_STARTING_MS;
  let cancel = () => {};
  let cancelWatchdog = () => {};

  function refresh(): void {
    const before = report;
    report = options.check(Math.max(0, clock.monotonicMs() - dueAtMs));
    for (const change of changesOf(before, report)) {
      logChange(options.log, change);
      options.onChange(change);
    }
    const status = `STATUS=${report.status}: ${summaryOf(report)}`;
    if (status !== told) notifier.send(status);
    told = status;
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

type Change = ServiceHealth & { readonly before: ServiceStatus };

function changesOf(before: HealthReport, after: HealthReport): Change[] {
  return after.services.flatMap((service) => {
    const was = before.services.find(({ name }) => name === service.name)?.status;
    return was === undefined || was === service.status ? [] : [{ ...service, before: was }];
  });
}

/** One log line for each service that changed its state: the history of an outage. */
function logChange(log: LogPort, { name, status, before, detail }: Change): void {
  const write = status === "ok" ? log.info : log.warn;
  write(`${name} is ${status}`, { was: before, detail });
}

function summaryOf(report: HealthReport): string {
  const bad = report.services.filter(({ status }) => status !== "ok");
  return bad.length === 0
    ? "all services ok"
    : bad.map(({ name, detail }) => `${name} ${detail}`).join("; ");
}
