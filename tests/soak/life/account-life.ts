/**
 * One life of an account: processes of the program come and go, borders are crossed, the venue
 * lives on; and at the end everything is quiet, flat and compared.
 *
 * All of it is a function of the seed. Borders happen one after another; what one of them leaves
 * behind for a while (a ban, a spoilt row) may meet the next. A person stands by who resumes what
 * was halted, sooner or later.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BORDERS, type BorderName } from "./borders/list.ts";
import { LifeDesk } from "./life-desk.ts";
import { reckonLife } from "./reckoning.ts";

interface LifeOptions {
  readonly seed: string;
  readonly hours: number;
  readonly borders: readonly BorderName[];
  /** Mean time between two borders, in seconds; every minute and a half where it is not said. */
  readonly everySec?: number;
  readonly onLog?: (line: string) => void;
}

/** What came of one life. */
export interface LifeOutcome {
  readonly seed: string;
  readonly sha256: string;
  readonly complaints: readonly string[];
  /** How often each border was crossed. */
  readonly crossed: Readonly<Record<string, number>>;
  readonly starts: number;
  readonly executions: number;
  readonly virtualSec: number;
  readonly unprotectedMsMax: number;
}

/** Mean time between two borders. */
const BORDER_EVERY_SEC = 90;
const PEACE_BEFORE_SEC = 20;
const PEACE_AFTER_SEC = 75;
const FLAT_SEC_MAX = 120;

/** Lives a life from its seed to its reckoning. */
export async function runLife(options: LifeOptions): Promise<LifeOutcome> {
  const { seed, onLog } = options;
  const dir = mkdtempSync(join(tmpdir(), "scalper-life-"));
  const desk = new LifeDesk({ seed, dir, onLog });
  const crossed: Record<string, number> = {};
  try {
    desk.start();
    await desk.pass(PEACE_BEFORE_SEC);
    const endSec = options.hours * 3_600 - PEACE_AFTER_SEC;
    while (desk.world.secondsPassed() < endSec) await crossOne(desk, options, { crossed, endSec });
    await quiet(desk);
    for (const text of reckonLife(desk)) desk.world.complain(text);
    return outcomeOf(desk, seed, crossed);
  } finally {
    desk.process?.kill("the run ends");
    desk.world.simulator.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function crossOne(
  desk: LifeDesk,
  { borders, everySec = BORDER_EVERY_SEC }: LifeOptions,
  { crossed, endSec }: { readonly crossed: Record<string, number>; readonly endSec: number },
): Promise<void> {
  const waitSec = Math.min(5, everySec / 3) + everySec * desk.prng.exponential();
  await desk.pass(Math.min(waitSec, Math.max(1, endSec - desk.world.secondsPassed())));
  const name = borders[desk.prng.int(borders.length)];
  if (desk.world.secondsPassed() >= endSec || name === undefined) return;
  const count = (crossed[name] ?? 0) + 1;
  crossed[name] = count;
  desk.world.log(`border ${name}`);
  await BORDERS[name](desk, desk.prng.child(`${name}/${count}`));
  if (!desk.isUp) desk.start();
}

/** Everything that was wrong ends; then one process makes the account flat. */
async function quiet(desk: LifeDesk): Promise<void> {
  const { world } = desk;
  desk.onBoundary = null;
  world.simulator.faults.remove(null);
  world.spoils.clear();
  if (!desk.isUp) desk.start();
  await desk.pass(PEACE_AFTER_SEC);
  desk.operatorWaits = true;
  await desk.watch.compareSizes();
  desk.command("flatten", "the run ends");
  let waitedSec = 0;
  while (!desk.isProvedFlat() && waitedSec++ < FLAT_SEC_MAX) await desk.pass(1);
  if (!desk.isProvedFlat()) world.complain(`not proved flat in ${FLAT_SEC_MAX} s`);
  await desk.process?.stop("the run ends");
}

function outcomeOf(desk: LifeDesk, seed: string, crossed: Record<string, number>): LifeOutcome {
  const { world } = desk;
  return {
    seed,
    complaints: world.complaints,
    crossed: { ...crossed, ...(desk.isPastMidnight ? { day: 1 } : {}) },
    starts: desk.starts,
    executions: world.executions.length,
    virtualSec: world.secondsPassed(),
    unprotectedMsMax: desk.watch.unprotectedMsMax,
    sha256: world.sha256(),
  };
}
