/** What this process takes of the machine, for the health history. */
import { readdirSync } from "node:fs";
import type { HealthFigures } from "../domain/health-past.ts";
import type { AuditTick } from "../engine/audit.ts";
import type { AuditReader } from "../runtime/ports/audit-reader.ts";
import type { Clock } from "../runtime/ports/clock.ts";

/** Sockets, files and pipes are counted this seldom: reading the list costs a fifth of a ms. */
const FILES_EVERY_MS = 10_000;
/** Orders whose acknowledgement is still awaited; far more than can be live. */
const AWAITED_MAX = 1_000;

/** How long the venue takes to say that it has an order, from the audit. */
export class AckTimes implements AuditReader {
  readonly name = "ack-times";
  private readonly awaited = new Map<string, number>();
  private longestMs: number | null = null;

  onTick(tick: AuditTick): void {
    for (const entry of tick.entries) {
      if (entry.kind !== "order") continue;
      const { clientId, state, createdAtMs, updatedAtMs } = entry.order;
      if (state === "submitting") {
        this.awaited.set(clientId, createdAtMs);
        const [oldest] = this.awaited.keys();
        if (this.awaited.size > AWAITED_MAX && oldest !== undefined) this.awaited.delete(oldest);
        continue;
      }
      if (!this.awaited.delete(clientId) || state !== "open") continue;
      this.longestMs = Math.max(this.longestMs ?? 0, updatedAtMs - createdAtMs);
    }
  }

  /** The longest since it was asked last; null when no order was acknowledged. */
  takeLongest(): number | null {
    const longest = this.longestMs;
    this.longestMs = null;
    return longest;
  }
}

/** Reads the figures, at most once a second. */
export function processFigures(clock: Clock, acks: AckTimes): (loopLagMs: number) => HealthFigures {
  let cpu = process.cpuUsage();
  let atMs = clock.monotonicMs();
  let files: { readonly atMs: number; readonly count: number } | null = null;
  return (loopLagMs) => {
    const nowMs = clock.monotonicMs();
    const used = process.cpuUsage(cpu);
    const cpuPct = (used.user + used.system) / 10 / Math.max(1, nowMs - atMs);
    cpu = process.cpuUsage();
    atMs = nowMs;
    if (files === null || nowMs - files.atMs >= FILES_EVERY_MS) {
      files = { atMs: nowMs, count: openFiles() };
    }
    const { rss, heapUsed } = process.memoryUsage();
    const ackMs = acks.takeLongest();
    return {
      loopLagMs: Math.round(loopLagMs),
      rssBytes: rss,
      cpuPct: Math.round(cpuPct * 10) / 10,
      heapBytes: heapUsed,
      ...(files.count === 0 ? {} : { openFiles: files.count }),
      ...(ackMs === null ? {} : { ackMs }),
    };
  };
}

/** 0 where the system keeps no such list. */
function openFiles(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return 0;
  }
}
