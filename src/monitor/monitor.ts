/** The audit reader behind pages and API: keeps the newest view of the engine's ticks. */
import type { AuditTick } from "../engine/audit.ts";
import { project, withPast } from "./project.ts";
import type { MonitorView, Past } from "./view.ts";

export class Monitor {
  readonly name = "monitor";
  private current: MonitorView;

  constructor(start: MonitorView) {
    this.current = start;
  }

  /** A new object with every tick; it is never changed afterwards, save the map of symbols. */
  readonly view = (): MonitorView => this.current;

  /** Puts what earlier runs left behind what this one has told already. */
  remember(past: Past): void {
    this.current = withPast(this.current, past);
  }

  /** Throws when the tick cannot be folded; the view then lacks that tick and takes the next. */
  onTick(tick: AuditTick): void {
    const before = this.current;
    this.current = { ...before, seq: tick.seq };
    this.current = project(before, tick);
  }
}
