/** What the program does, counted over its symbols. */
import type { MonitorView } from "./view.ts";

interface DoingNow {
  readonly quoting: number;
  readonly holding: number;
  readonly waiting: number;
  /** What the waiting ones wait for, the most frequent first: ["too volatile", 2]. */
  readonly causes: readonly (readonly [string, number])[];
}

/** Symbols that have left and keep their row for a moment are not counted. */
export function doingNow({ slots }: Pick<MonitorView, "slots">): DoingNow {
  const now = slots.filter(({ leftAtMs }) => leftAtMs === null).map(({ doing }) => doing);
  const count = (...kinds: readonly string[]) =>
    now.filter(({ doing }) => kinds.includes(doing)).length;
  const causes = new Map<string, number>();
  for (const { doing, cause } of now) {
    if (doing === "waiting" || doing === "paused") causes.set(cause, (causes.get(cause) ?? 0) + 1);
  }
  return {
    quoting: count("quoting"),
    holding: count("exiting", "closing"),
    waiting: count("waiting", "paused"),
    causes: [...causes].sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1)),
  };
}
