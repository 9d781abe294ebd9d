/**
 * The way out, from any point of a start: orders first, then readers, then the record. Every step
 * is bounded by its own part.
 */
import type { ControlSocket } from "../control/socket-server.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { RunningWeb } from "../web/web-servers.ts";
import type { GuardKeeper } from "./guard.ts";
import { close, type Opened } from "./open.ts";
import type { RunningEngine } from "./trading.ts";
import type { Wired } from "./wire.ts";

/** How far a start has come: what is not null has to be stopped. */
export interface Running {
  readonly opened: Opened;
  wired: Wired | null;
  web: RunningWeb | null;
  control: ControlSocket | null;
  guard: GuardKeeper | null;
}

export async function shutDown(
  { opened, wired, web, control, guard }: Running,
  reason: string,
): Promise<void> {
  if (wired !== null) {
    wired.notifier.send("STOPPING=1");
    await leaveVenue(wired.engine, opened.clock, reason);
    // What is left now is left to the stops and the next start; a farewell only says "in order".
    if (wired.engine.view().openOrders.size === 0) guard?.stop();
    wired.charts.stop();
    wired.engine.stop();
    wired.health.stop();
    wired.commands.stalls.stop();
    wired.commands.files.stop();
    control?.stop();
    await Promise.all([wired.venue.stop(), web?.stop()]);
    wired.record.close();
  }
  await close(opened, reason);
}

/** Cancels cross the ocean and back in less; what is still open then is swept at the next start. */
const LEAVE_MS_MAX = 1_000;
const LEAVE_LOOK_MS = 20;

/** Tells the engine and waits, within bounds, for what it takes back to be gone. */
async function leaveVenue(engine: RunningEngine, clock: Clock, reason: string): Promise<void> {
  const startedAtMs = clock.monotonicMs();
  engine.accept({ kind: "leave", reason: `stopping: ${reason.split("\n")[0]}` });
  while (engine.view().openOrders.size > 0) {
    if (clock.monotonicMs() - startedAtMs > LEAVE_MS_MAX) return;
    await new Promise<void>((resolve) => {
      clock.after(LEAVE_LOOK_MS, resolve);
    });
  }
}
