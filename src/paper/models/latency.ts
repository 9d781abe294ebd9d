/** How long requests travel to a simulated venue, and what it reports back. */
export interface LatencyModel {
  /** For the next request, in ms. */
  requestMs(): number;
  /** For the next report, in ms. */
  reportMs(): number;
}

/** The same each way and each time. Orders overtake nothing in any case: a line keeps its order. */
export const fixedLatency = (oneWayMs: number): LatencyModel => ({
  requestMs: () => oneWayMs,
  reportMs: () => oneWayMs,
});
