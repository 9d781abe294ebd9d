/** A second engine works on the same account from another directory for a while, then it dies. */
import { join } from "node:path";
import { LifeProcess } from "../life-process.ts";
import type { Border } from "./border.ts";

export const second: Border = async (desk, prng) => {
  const other = new LifeProcess({
    world: desk.world,
    name: `the second engine ${desk.starts}`,
    dataDir: join(desk.dir, "second"),
    mode: desk.mode,
    offsetMs: desk.offsetMs,
    onCross: () => {},
  });
  other.start();
  await desk.pass(10);
  if (desk.mode === "armed") other.command("resume", "the second one too");
  await desk.pass(10 + 60 * prng.next());
  if (prng.int(2) === 0) other.kill("it was not wanted");
  else await other.stop("it was not wanted");
};
