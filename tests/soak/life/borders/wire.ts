/** Some bad seconds on the wire: the faults of networks and venues, each for a while. */
import { drawFaults } from "../../wire-faults.ts";
import type { Border } from "./border.ts";

const FAULTS = 6;
const EVERY_SEC = 1.5;
const LASTS_MS = 8_000;

export const wire: Border = async (desk, prng) => {
  const { simulator, clock } = desk.world;
  for (let planted = 0; planted < FAULTS; planted++) {
    for (const fault of drawFaults(prng)) {
      const { id } = simulator.faults.add(fault);
      clock.after(LASTS_MS, () => simulator.faults.remove(id));
    }
    simulator.strikeNow();
    await desk.pass(EVERY_SEC * prng.exponential());
  }
};
