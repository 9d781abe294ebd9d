/**
 * The process is killed at a boundary that the seed chooses: some crossings after an order was
 * placed, a fill came, trading was halted or flattened, a snapshot was asked for, a stop was put,
 * the process began to leave, or at any moment. It starts again a moment or some minutes later, and
 * may be killed once more while it starts.
 */
import type { Prng } from "../../../../src/kernel/prng.ts";
import type { LifeDesk } from "../life-desk.ts";
import type { Border } from "./border.ts";

const TRIGGERS: Readonly<Record<string, string>> = {
  place: "effect submit",
  fill: "event execution",
  order: "event order_report",
  snapshot: "effect reconcile",
  compared: "event account_snapshot",
  stop: "effect protect",
  cancel: "effect cancel",
  halt: "event command",
  flatten: "event command",
  leave: "event leave",
  any: "",
};
/** Boundaries between the trigger and the kill, mostly few. */
const SKIPPED_MAX = 60;
/** A trigger that does not come. */
const WAIT_SEC_MAX = 60;
const STARTS_KILLED_MAX = 3;

export const kill: Border = async (desk, prng) => {
  const names = Object.keys(TRIGGERS);
  const name = names[prng.int(names.length)] ?? "any";
  desk.operatorWaits = true;
  arm(desk, { trigger: TRIGGERS[name] ?? "", skip: skipOf(prng) });
  await cause(desk, name);
  for (let waited = 0; waited < WAIT_SEC_MAX && desk.isUp; waited++) await desk.pass(1);
  desk.process?.kill("its time was over");
  desk.onBoundary = null;
  await desk.pass(downSec(prng));
  await restart(desk, prng);
  desk.operatorWaits = false;
};

/** Starts again, and now and then the start itself is killed. */
async function restart(desk: LifeDesk, prng: Prng): Promise<void> {
  for (let killed = 0; killed < STARTS_KILLED_MAX && prng.int(3) === 0; killed++) {
    arm(desk, { trigger: "", skip: prng.int(4) === 0 ? prng.int(400) : prng.int(60) });
    desk.start();
    await desk.pass(1 + 4 * prng.exponential());
    desk.process?.kill("while it started");
    desk.onBoundary = null;
    await desk.pass(prng.exponential());
  }
  desk.start();
}

async function cause(desk: LifeDesk, name: string): Promise<void> {
  if (name === "halt" || name === "flatten") {
    desk.onBoundary?.(must(desk), "event command");
    if (desk.isUp) desk.command(name, "before a kill");
  }
  if (name === "leave") {
    desk.onBoundary?.(must(desk), "event leave");
    await desk.process?.stop("before a kill");
  }
}

function arm(desk: LifeDesk, { trigger, skip }: { trigger: string; skip: number }): void {
  let left = -1;
  desk.onBoundary = (process, boundary) => {
    if (left < 0 && boundary.startsWith(trigger)) left = skip;
    else if (left > 0) left--;
    if (left === 0) process.kill(`at ${boundary}`);
  };
}

const skipOf = (prng: Prng): number => (prng.int(3) === 0 ? prng.int(SKIPPED_MAX) : prng.int(8));

/** Mostly a restart by systemd, sometimes a machine that was away. */
function downSec(prng: Prng): number {
  return prng.int(5) === 0 ? 300 * prng.next() : 0.05 + 5 * prng.exponential();
}

function must({ process }: LifeDesk) {
  if (process === null) throw new Error("a process runs between two borders");
  return process;
}
