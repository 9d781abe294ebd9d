/** The parts of the program that can be well or ill, by the names that people read. */

export const SERVICE_NAMES = [
  "engine",
  "market-feed",
  "private-feed",
  "rest",
  "universe",
  "storage",
  "logs",
  "web",
] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export type ServiceStatus = "ok" | "degraded" | "down";
