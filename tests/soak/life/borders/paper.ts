/** The operator stops the program, tries paper trading on the same directory, and comes back. */
import type { Border } from "./border.ts";

export const paper: Border = async (desk, prng) => {
  await desk.process?.stop("paper is tried");
  desk.operatorWaits = true;
  desk.start("paper");
  await desk.pass(10);
  desk.process?.command("resume", "on paper");
  await desk.pass(20 + 60 * prng.next());
  if (prng.int(2) === 0) desk.process?.kill("paper is over");
  else await desk.process?.stop("paper is over");
  desk.start();
  desk.operatorWaits = false;
};
