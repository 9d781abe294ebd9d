/**
 * The trading half of the program: engine, loop, dispatcher, and the view that others read.
 */

import type { FeatureNow } from "../charts/chart-reader.ts";
import { limitsIn } from "../config/limit-settings.ts";
import type { Config } from "../config/settings.ts";
import { strategiesOf } from "../config/strategies.ts";
import type { EngineEvent } from "../domain/event.ts";
import type { SymbolId } from "../domain/units.ts";
import type { AccountOpened } from "../engine/account-past.ts";
import type { KeptTrading } from "../engine/kept-trading.ts";
import { createEngine } from "../engine/state.ts";
import { step, tell } from "../engine/step.ts";
import { assert } from "../kernel/assert.ts";
import { errorText } from "../kernel/wording.ts";
import type { OrderBook } from "../market/book.ts";
import { TickerBoard } from "../market/ticker-board.ts";
import { Monitor } from "../monitor/monitor.ts";
import { emptyView } from "../monitor/project.ts";
import type { MonitorView, Past } from "../monitor/view.ts";
import type { LimitName } from "../risk/limit-terms.ts";
import { DEFAULT_LIMITS, type RiskLimits, scaledToLoss } from "../risk/limits.ts";
import { DEFAULT_PROTECTION } from "../risk/protection.ts";
import { AuditReaders } from "../runtime/audit-readers.ts";
import { dispatcher } from "../runtime/dispatcher.ts";
import { EngineLoop } from "../runtime/loop.ts";
import type { AuditReader, ReaderStats } from "../runtime/ports/audit-reader.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { LimitChange } from "../runtime/ports/limit-changes.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import type { Venue } from "../runtime/ports/venue.ts";
import type { SymbolWords } from "../universe/operator-words.ts";
import { DEFAULT_UNIVERSE } from "../universe/universe-parameters.ts";
import { limitsHeld } from "./limits-desk.ts";
import type { Mode } from "./mode.ts";

/** What the record has of an account. */
export interface AccountRecord {
  readonly opened: AccountOpened;
  /** For the pages. */
  readonly past: Past;
}

interface EngineParts {
  readonly config: Config;
  readonly mode: Mode;
  readonly runId: string;
  readonly installation: string;
  readonly earlierRuns: ReadonlySet<string>;
  /** Risk limits that an operator changed in earlier runs, over the settings. */
  readonly heldLimits?: ReadonlyMap<LimitName, LimitChange>;
  readonly clock: Clock;
  /** Who else than the monitor reads the engine's audit. */
  readonly readers: readonly AuditReader[];
  readonly log: LogPort;
  /** What the record has of an account. May throw: the engine asks again. */
  readonly openAccount: (accountId: string) => AccountRecord;
  readonly keepTrading: (kept: KeptTrading) => void;
  /** Left out: what people say of symbols ends with the process. */
  readonly keepWords?: (words: SymbolWords) => void;
  /** Set late: the venue may need a port that is not known yet. */
  readonly venue: () => Venue | null;
  readonly onFatal: (error: unknown, doing: string) => void;
}

export interface RunningEngine {
  readonly accept: (event: EngineEvent) => void;
  readonly view: () => MonitorView;
  /** What became of the audit ticks, by reader. */
  readonly readers: () => readonly ReaderStats[];
  readonly tickers: TickerBoard;
  /** Whether another engine trades on the account. */
  readonly isShared: () => boolean;
  /** To look at, never to change; null for an id that nobody has. */
  readonly bookOf: (id: SymbolId) => OrderBook | null;
  readonly featuresOf: (id: SymbolId) => readonly FeatureNow[];
  readonly lastStepAtMs: () => number;
  readonly events: () => number;
  stop(): void;
}

/** Builds the engine and hands back the few ways in and out of it. Nothing is connected yet. */
export function buildEngine(parts: EngineParts): RunningEngine {
  const { config, mode, clock, runId, installation, earlierRuns } = parts;
  const engine = createEngine({
    runId,
    installation,
    earlierRuns,
    takeOver: config.takeOver,
    autoTrade: mode.autoTrade,
    dayTimeZone: config.dayTimeZone,
    limits: limitsHeld(limitsOf(config, mode), parts.heldLimits ?? new Map()),
    protection: DEFAULT_PROTECTION,
    strategies: strategiesOf(config, mode.money),
    universe: { ...DEFAULT_UNIVERSE, ...mode.universe, activeMax: config.activeSymbolsMax },
  });
  const tickers = new TickerBoard();
  const monitor = new Monitor(emptyView(clock.nowMs()));
  const seats = [monitor, ...parts.readers];
  const readers = new AuditReaders({ readers: seats, clock, log: parts.log });
  const dispatch = dispatcher({
    venue: parts.venue,
    log: parts.log,
    setTimer: (name, dueAtMs) => loop.setTimer(name, dueAtMs),
    audit: readers.deliver,
    keepTrading: parts.keepTrading,
    keepWords: parts.keepWords ?? (() => {}),
    openAccount(accountId) {
      try {
        const { opened, past } = parts.openAccount(accountId);
        monitor.remember(past);
        loop.accept(opened);
      } catch (error) {
        const text = errorText(error);
        parts.log.error("the record of this account cannot be opened", { accountId, text });
      }
    },
  });
  const loop: EngineLoop = new EngineLoop({
    clock,
    step: (event, stamp) => step(engine, event, stamp),
    tell: (stamp) => tell(engine, stamp),
    perform: dispatch,
    onFatal: parts.onFatal,
  });

  return {
    accept(event) {
      if (event.kind === "ticker" || event.kind === "instruments") tickers.absorb(event);
      loop.accept(event);
    },
    view: monitor.view,
    readers: () => readers.stats(),
    tickers,
    isShared: () => engine.neighbours.size > 0,
    bookOf: (id) => engine.market.bookAt(id) ?? null,
    featuresOf: (id) => engine.features.valuesOf(id),
    lastStepAtMs: () => loop.lastStepAtMs,
    events: () => loop.events,
    stop: () => loop.stop(),
  };
}

function limitsSet({ limits }: Config): Partial<RiskLimits> {
  const read = limitsIn(limits);
  assert(read.ok, "limits are used only after they were checked");
  return read.value;
}

/** The limits of the settings over those of the mode. */
export function limitsOf(config: Config, { dailyLossUsdtMax, limits }: Mode): RiskLimits {
  return {
    ...scaledToLoss(DEFAULT_LIMITS, dailyLossUsdtMax),
    ...limits,
    orderNotionalUsdtMax: config.orderUsdtMax,
    symbolExposureUsdtMax: config.symbolUsdtMax,
    totalExposureUsdtMax: config.exposureUsdtMax,
    ...limitsSet(config),
  };
}
