/**
 * `scalper sweep`: takes back the entries that an engine of this data directory left resting, by
 * the settings that it ran with. For after its end: the unit calls it as `ExecStopPost=`.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { installationOf } from "../app/installation.ts";
import { modeOf } from "../app/mode.ts";
import { isOfInstallation } from "../orders/id-origin.ts";
import { systemClock } from "../runtime/clocks.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import { takeLease } from "../store/lease.ts";
import { sweepEntries } from "../venue/bybit/entry-sweep.ts";
import { configOrThrow } from "./config-check.ts";
import { EXIT, OperatorError } from "./exit-codes.ts";
import type { Flags } from "./load-config.ts";

/** Throws LeaseHeldError while an engine works there: its orders are not left. */
export async function runSweep(flags: Flags): Promise<void> {
  const config = configOrThrow(flags);
  const { endpoints, keys, orders } = modeOf(config);
  const dataDir = resolve(config.dataDir);
  if (orders !== "venue" || endpoints === null || keys.apiKey === "") {
    console.log("nothing to sweep: this installation's orders do not outlive it");
    return;
  }
  if (!existsSync(join(dataDir, "installation"))) {
    console.log(`nothing to sweep: no engine ran in ${dataDir}`);
    return;
  }
  const lease = takeLease(dataDir, systemClock.nowMs());
  const installation = installationOf(dataDir);
  const { cancelled, fault } = await sweepEntries({
    restUrl: endpoints.restUrl,
    ...keys,
    clock: systemClock,
    log: toTerminal,
    isOurs: (clientId) => isOfInstallation(clientId, installation),
  });
  lease.release();
  console.log(`took back ${cancelled.length} entries of installation ${installation}`);
  if (fault !== "") throw new OperatorError(`entries may be left: ${fault}`, EXIT.unavailable);
}

const print = (text: string, data?: Readonly<Record<string, unknown>>) =>
  console.error(`${text} ${data === undefined ? "" : JSON.stringify(data)}`);
const toTerminal: LogPort = { info: () => {}, warn: print, error: print };
