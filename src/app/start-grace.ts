/**
 * A service that starts is not down: until it was ok for the first time in this run, what the
 * history keeps of it is "degraded". Who is not there after a minute is down, start or not.
 */
import type { ServiceName, ServiceStatus } from "../domain/service.ts";

/** Sockets, books and the first account are there within seconds; ten times that is no start. */
const START_MS_MAX = 60_000;

export class StartGrace {
  private readonly arrived = new Set<ServiceName>();
  private startedAtMs: number | null = null;

  /** The statuses to keep, in the order given; the first look is where the start begins. */
  statuses(
    services: readonly { readonly name: ServiceName; readonly status: ServiceStatus }[],
    atMs: number,
  ): readonly ServiceStatus[] {
    this.startedAtMs ??= atMs;
    const isEarly = atMs - this.startedAtMs < START_MS_MAX;
    return services.map(({ name, status }) => {
      if (status === "ok") this.arrived.add(name);
      const isStarting = isEarly && !this.arrived.has(name);
      return isStarting && status === "down" ? "degraded" : status;
    });
  }
}
