/**
 * What lives longer than a request: the hub and the log channels. What a page shows of the past is
 * in the view, which comes from the record. One tick a second drives it all; the server owns the
 * timer.
 */
import type { Model } from "../../views/page-model.ts";
import { systemClock } from "../runtime/clocks.ts";
import type { WebDeps } from "./deps.ts";
import { LiveHub } from "./live-hub.ts";
import { renderKey } from "./live-keys.ts";
import { LogChannels } from "./log-channels.ts";
import { modelOf } from "./models.ts";

/** Calm enough to read, quick enough to act on. */
export const LIVE_TICK_MS = 1_000;
/** The engine reports to the view four times a second. */
export const VALUES_PER_TICK = 4;

export interface Live {
  readonly hub: LiveHub;
  readonly logs: LogChannels;
  /** Renders and sends; call it every {@link LIVE_TICK_MS}. Never throws: what breaks is logged. */
  tick(): Promise<void>;
  /** Sends the values that changed; call it {@link VALUES_PER_TICK} − 1 times between two ticks. */
  tickValues(): Promise<void>;
  /** Ends every stream and every follower, so that the server can stop. */
  closeAll(): void;
}

export function createLive(deps: WebDeps): Live {
  const { peek } = deps.auth;
  const hub = new LiveHub({
    nowMs: deps.nowMs,
    isAlive: peek === undefined ? undefined : (token) => peek.call(deps.auth, token) !== null,
    monotonicMs: systemClock.monotonicMs,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    render: (key) => renderKey(deps, tickModel ?? modelOf(deps), key),
    onError: (error, key) => {
      deps.log.error("a live region could not be rendered", { key, error: String(error) });
    },
  });
  const logs = new LogChannels({ logs: deps.logs, nowMs: deps.nowMs, runId: deps.run.runId });
  /** One model for all keys of a tick, so that they agree with each other. */
  let tickModel: Model | null = null;

  async function ticking(send: () => Promise<void>): Promise<void> {
    if (tickModel !== null) return;
    try {
      tickModel = modelOf(deps);
      await send();
    } catch (error) {
      deps.log.error("a tick of the live streams failed", { error: String(error) });
    } finally {
      tickModel = null;
    }
  }

  return {
    hub,
    logs,
    tick: () =>
      ticking(() => {
        logs.tick();
        return hub.tick();
      }),
    tickValues: () => ticking(() => hub.tickValues()),
    closeAll() {
      hub.closeAll();
      logs.stop();
    },
  };
}
