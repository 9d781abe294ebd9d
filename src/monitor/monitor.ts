/** The audit reader behind pages and API: keeps the newest view of the engine's ticks. */
import type { AuditTick } from "../engine/audit.ts";
import { project } from "./project.ts";
import type { MonitorView } from "./view.ts";

export class Monitor {
  readonly name = "monitor";
  private current: MonitorView;

  constructor(start: MonitorView) {
    this.current = start;
  }

  /** A new object with every tick; it is never changed afterwards, save the map of symbols. */
  readonly view = (): MonitorView => this.current;

  /** Throws when the tick cannot be folded; the view then lacks that tick and takes the next. */
  onTick(tick: AuditTick): void {
    const before = this.current;
    this.current = { ...before, seq: tick.seq };
    this.current = project(before, tick);
  }
}
