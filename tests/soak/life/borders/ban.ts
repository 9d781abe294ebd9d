/**
 * The venue shuts this address out for a while: every request is answered with 403, the sockets
 * live on. A flatten meanwhile still ends flat at the venue.
 */
import type { Border } from "./border.ts";

const FLAT_SEC_MAX = 45;

export const ban: Border = async (desk, prng) => {
  const { world } = desk;
  const spoil = () => ({ status: 403, text: "Forbidden" });
  world.spoils.add(spoil);
  world.log("the address is banned");
  const banSec = 20 + 580 * prng.next() ** 3;
  world.clock.after(banSec * 1_000, () => world.spoils.delete(spoil));
  await desk.pass(15 * prng.exponential());
  if (prng.int(2) === 0) return;
  desk.operatorWaits = true;
  desk.command("flatten", "while the address is banned");
  for (let waited = 0; world.held().size > 0; waited++) {
    if (waited === FLAT_SEC_MAX) {
      const held = [...world.held().keys()].join(", ");
      world.complain(`${held} held ${FLAT_SEC_MAX} s after a flatten under a ban`);
      break;
    }
    await desk.pass(1);
  }
  await desk.pass(5);
  desk.operatorWaits = false;
};
