/**
 * The composition root: open → wire → listen, and the same backwards to stop.
 *
 * open takes the disk side, wire hands the parts to each other, listen opens the ports, makes the
 * first login and begins to connect. Pages and health answer from the first moment of listen and
 * show what is still missing; nothing waits for the venue, which connects, and reconnects, for as
 * long as the process lives. Whatever fails in between, what was opened is closed again.
 */

import { errorText } from "../kernel/wording.ts";
import type { RunInfo } from "../monitor/view.ts";
import type { CommandDesk } from "../runtime/ports/commands.ts";
import type { VenueFacts } from "./app-venue.ts";
import { openControl } from "./control-socket.ts";
import { guardOf } from "./guard.ts";
import { type FirstLogin, listen } from "./listen.ts";
import { type OpenOptions, open } from "./open.ts";
import { type Running, shutDown } from "./shut-down.ts";
import { startErrorOf } from "./start-error.ts";
import { type WireOptions, wire } from "./wire.ts";

interface AppOptions extends OpenOptions, WireOptions {
  /** Aborted when the process is asked to stop: a start that is under way gives up. */
  readonly asked: AbortSignal;
  /** What starts this program once more; without it no guard stands beside the engine. */
  readonly ownCommand?: readonly string[];
}

export interface App extends VenueFacts {
  readonly run: RunInfo;
  /** What kind of run it is, for a sentence. */
  readonly title: string;
  readonly dashboardUrl: string;
  readonly monitorUrl: string;
  /** The login made for the first start, null later. */
  readonly firstLogin: FirstLogin | null;
  readonly commands: CommandDesk;
  stop(reason: string): Promise<void>;
}

/**
 * Starts everything. Throws LeaseHeldError, MigrationError, PortTakenError or StartError, whose
 * texts are for the operator, and StartAborted when it was asked to stop; nothing runs then.
 */
export async function startApp(options: AppOptions): Promise<App> {
  const opened = open(options);
  const running: Running = { opened, wired: null, web: null, control: null, guard: null };
  try {
    const wired = wire(opened, options);
    running.wired = wired;
    running.control = await openControl(opened, wired);
    const { web, firstLogin, facts } = await listen(running, wired, options.asked);
    running.guard = guardOf(opened, wired, options.ownCommand);
    running.guard?.start();
    let stopped: Promise<void> | null = null;
    return {
      ...facts,
      run: opened.run,
      title: opened.mode.title,
      dashboardUrl: web.dashboardUrl,
      monitorUrl: web.monitorUrl,
      firstLogin,
      commands: wired.commands.desk,
      stop(reason) {
        stopped ??= shutDown(running, reason);
        return stopped;
      },
    };
  } catch (error) {
    await shutDown(running, `could not start: ${errorText(error)}`);
    const doing = `use the data directory ${opened.run.dataDir}`;
    throw startErrorOf({ doing, setting: "SCALPER_DATA_DIR" }, error);
  }
}
