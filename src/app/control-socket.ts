/** Opens the ways in that need no web: the control socket and the command files. */
import { type ControlSocket, openControlSocket } from "../control/socket-server.ts";
import { errorText } from "../kernel/wording.ts";
import { statusRow } from "../monitor/status-row.ts";
import type { Opened } from "./open.ts";
import type { Wired } from "./wire.ts";

/**
 * Before anything is connected, so that a file that halts is heeded from the first order on. A
 * socket that cannot be opened is said and does not hold up a start: the other ways are there.
 */
export async function openControl(opened: Opened, wired: Wired): Promise<ControlSocket | null> {
  const { run, logs, clock } = opened;
  const { engine, health, commands } = wired;
  const log = logs.logger("control");
  commands.files.start();
  const status = () =>
    statusRow({ run, view: engine.view(), health: health.report(), nowMs: clock.nowMs() });
  try {
    const { dataDir } = run;
    return await openControlSocket({ dataDir, desk: commands.desk, status, log });
  } catch (error) {
    log.error("no control socket: scalper halt and flatten cannot reach this engine", {
      text: errorText(error),
    });
    return null;
  }
}
