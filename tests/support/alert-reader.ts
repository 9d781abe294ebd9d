/**
 * A reader as an alert channel would be: turns what matters into lines for somebody's telephone.
 * It keeps a bounded list; sending is somebody else's, later.
 */
import type { AuditEntry, AuditTick } from "../../src/engine/audit.ts";
import type { AuditReader } from "../../src/runtime/ports/audit-reader.ts";

/** More than a night's worth; the oldest go. */
const LINES_MAX = 100;

export class AlertReader implements AuditReader {
  readonly name = "alerts";
  readonly lines: string[] = [];

  onTick(tick: AuditTick): void {
    for (const entry of tick.entries) {
      const line = lineOf(entry);
      if (line === null) continue;
      this.lines.push(line);
      if (this.lines.length > LINES_MAX) this.lines.shift();
    }
  }
}

function lineOf(entry: AuditEntry): string | null {
  if (entry.kind === "intervention" && entry.intervention.isAutomatic) {
    const { action, reason } = entry.intervention;
    return `${action}: ${reason}`;
  }
  if (entry.kind === "incident" && entry.incident.severity === "down") {
    const { service, cause, fromMs, untilMs } = entry.incident;
    return untilMs === null
      ? `${service} is down: ${cause}`
      : `${service} is up after ${untilMs - fromMs} ms`;
  }
  return null;
}
