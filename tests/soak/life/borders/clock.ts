/**
 * The machine's clock is set: forward or back by up to five minutes, now and then with a flatten
 * right behind it, and as a rule set right again later. Nothing waits for a wall clock.
 */
import type { Border } from "./border.ts";

const STEP_MS_MAX = 300_000;
const FLAT_SEC_MAX = 30;

export const clock: Border = async (desk, prng) => {
  const { world } = desk;
  const stepMs = Math.round((2 * prng.next() - 1) * STEP_MS_MAX);
  set(stepMs);
  await desk.pass(prng.int(2) === 0 ? 0 : 10 * prng.exponential());
  if (prng.int(2) === 0) {
    desk.operatorWaits = true;
    desk.command("flatten", "after the clock was set");
    for (let waited = 0; world.held().size > 0; waited++) {
      if (waited === FLAT_SEC_MAX) {
        world.complain(`not flat ${FLAT_SEC_MAX} s after a flatten and a clock set ${stepMs} ms`);
        break;
      }
      await desk.pass(1);
    }
    await desk.pass(5);
    desk.operatorWaits = false;
  }
  await desk.pass(20 * prng.exponential());
  if (prng.int(4) > 0) set(-stepMs);

  function set(byMs: number): void {
    world.log(`the clock is set by ${byMs} ms`);
    desk.offsetMs += byMs;
    if (desk.process !== null) desk.process.clock.offsetMs = desk.offsetMs;
  }
};
