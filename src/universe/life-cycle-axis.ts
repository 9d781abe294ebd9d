/**
 * Where a contract stands between its listing and its end, by the venue's status and its dates.
 * Time goes one way, so nothing here can tremble. Prices of a new listing have not settled; of one
 * that ends soon nobody makes a market.
 */
import type { Instrument } from "../domain/instrument.ts";
import type { UniverseParameters } from "./universe-parameters.ts";

export const LIFE_CYCLES = ["prelaunch", "new", "established", "ending", "closed"] as const;
export type LifeCycle = (typeof LIFE_CYCLES)[number];

const DAY_MS = 86_400_000;

export function lifeCycleOf(
  { status, launchAtMs, deliveryAtMs }: Instrument,
  atMs: number,
  { newForMs, endingForMs }: UniverseParameters,
): LifeCycle {
  if (status === "prelaunch") return "prelaunch";
  if (status === "closed") return "closed";
  const leftMs = deliveryAtMs === undefined ? Number.POSITIVE_INFINITY : deliveryAtMs - atMs;
  if (status === "delivering" || leftMs < endingForMs) return "ending";
  return atMs - launchAtMs < newForMs ? "new" : "established";
}

/** The number that the rule judged by: days since the listing. */
export const ageDays = ({ launchAtMs }: Instrument, atMs: number): number =>
  (atMs - launchAtMs) / DAY_MS;
