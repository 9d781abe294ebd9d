/** Faults of an embedded exchange that does what it is told. */
import type { LiveFault } from "../../src/monitor/sim-faults.ts";
import type { FaultDesk } from "../../src/web/deps.ts";

export function fixtureFaults(): FaultDesk & { readonly called: unknown[] } {
  const called: unknown[] = [];
  let faults: LiveFault[] = [
    { id: 7, kind: "clock_skew", name: "clock", detail: "skewMs=10000", struck: 0 },
  ];
  return {
    called,
    now: () =>
      Promise.resolve({
        faults,
        seed: "scalper",
        framesPerSecond: 2_700,
        clients: 9,
        upMs: 60_000,
      }),
    add(name) {
      called.push(name);
      return Promise.resolve(name === "nonsense" ? "There is no fault called nonsense." : null);
    },
    remove(id) {
      called.push(id);
      faults = faults.filter((fault) => id !== null && fault.id !== id);
      return Promise.resolve(null);
    },
  };
}
