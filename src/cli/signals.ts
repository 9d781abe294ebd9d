/**
 * Being asked to stop: SIGINT (Ctrl-C) and SIGTERM; and to halt: SIGUSR2.
 *
 * A terminal sends Ctrl-C to everything in its foreground, and a script runner (`bun start`, npm)
 * that stands between passes its own copy on: one key press arrives twice within milliseconds. So a
 * repeat within a second is the same wish, and only a later one ends the process at once, with
 * orders and record as they are.
 */
import type { Clock } from "../runtime/ports/clock.ts";
import { EXIT } from "./exit-codes.ts";

/**
 * Calls `halt` with the name of the signal, SIGUSR2. A signal says neither who sent it nor when, it
 * is easily sent to the wrong process, and it waits for a frozen one; so it does what costs nothing
 * and is undone by a resume, and sells nothing.
 */
export function onHaltSignal(halt: (signal: string) => void): void {
  process.on("SIGUSR2", () => halt("SIGUSR2"));
}

/** A person who presses again because nothing seems to happen has waited longer. */
const SAME_WISH_MS = 1_000;

/** Calls `stop` once with the name of the first signal. */
export function onStopSignal(clock: Clock, stop: (signal: string) => void): void {
  let askedAtMs: number | null = null;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (askedAtMs === null) {
        askedAtMs = clock.monotonicMs();
        stop(signal);
      } else if (clock.monotonicMs() - askedAtMs > SAME_WISH_MS) process.exit(EXIT.aborted);
    });
  }
}
