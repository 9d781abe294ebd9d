/**
 * Everything that lives longer than a request: the hub, the log channels, the last hour of equity,
 * and what operators did. One tick a second drives it all; the server owns the timer.
 */
import type { ActionRow, EquityPoint, Model } from "../../views/page-model.ts";
import { Ring } from "../kernel/ring.ts";
import { systemClock } from "../runtime/clock.ts";
import type { WebDeps } from "./deps.ts";
import { LiveHub } from "./live-hub.ts";
import { renderKey } from "./live-keys.ts";
import { LogChannels } from "./log-channels.ts";
import { modelOf, type PageMemory } from "./models.ts";

/** Calm enough to read, quick enough to act on. */
export const LIVE_TICK_MS = 1_000;
/** Ten seconds apart, an hour of them: the overview's small chart. */
const EQUITY_EVERY_MS = 10_000;
const EQUITY_POINTS_MAX = 360;
/** What fits the overview; the audit trail in the database has all of them. */
const ACTIONS_MAX = 10;

export interface Live {
  readonly hub: LiveHub;
  readonly logs: LogChannels;
  readonly memory: PageMemory;
  recordAction(row: ActionRow): void;
  /**
   * Renders, sends, samples; call it every {@link LIVE_TICK_MS}. Never throws: what breaks is
   * logged.
   */
  tick(): Promise<void>;
  /** Ends every stream and every follower, so that the server can stop. */
  closeAll(): void;
}

export function createLive(deps: WebDeps): Live {
  const equity = new Ring<EquityPoint>(EQUITY_POINTS_MAX);
  const actions = new Ring<ActionRow>(ACTIONS_MAX);
  const memory: PageMemory = {
    equity: () => equity.toArray(),
    actions: () => actions.newest(ACTIONS_MAX),
  };
  const { peek } = deps.auth;
  const hub = new LiveHub({
    nowMs: deps.nowMs,
    isAlive: peek === undefined ? undefined : (token) => peek.call(deps.auth, token) !== null,
    monotonicMs: systemClock.monotonicMs,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    render: (key) => renderKey(deps, tickModel ?? modelOf(deps, memory), key),
    onError: (error, key) => {
      deps.log.error("a live region could not be rendered", { key, error: String(error) });
    },
  });
  const logs = new LogChannels({ logs: deps.logs, nowMs: deps.nowMs, runId: deps.run.runId });
  let sampledAtMs = 0;
  /** One model for all keys of a tick, so that they agree with each other. */
  let tickModel: Model | null = null;

  function sampleEquity(): void {
    const { account, seq } = deps.view();
    const nowMs = deps.nowMs();
    const equityUsdt = Number(account.equityText);
    if (seq === 0 || account.equityText === "" || !Number.isFinite(equityUsdt)) return;
    if (nowMs - sampledAtMs < EQUITY_EVERY_MS) return;
    sampledAtMs = nowMs;
    equity.push({ atMs: nowMs, equityUsdt });
  }

  return {
    hub,
    logs,
    memory,
    recordAction: (row) => actions.push(row),
    async tick() {
      if (tickModel !== null) return;
      try {
        sampleEquity();
        logs.tick();
        tickModel = modelOf(deps, memory);
        await hub.tick();
      } catch (error) {
        deps.log.error("a tick of the live streams failed", { error: String(error) });
      } finally {
        tickModel = null;
      }
    },
    closeAll() {
      hub.closeAll();
      logs.stop();
    },
  };
}
