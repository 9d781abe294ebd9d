/**
 * Eight services, each ok, degraded or down, from plain inputs: the page, the API and the alerts
 * all show this one judgement.
 */
import type { ServiceName } from "../domain/service.ts";
import type { TradingAudit } from "../engine/audit.ts";
import type { HealthReport, ServiceHealth } from "./view.ts";

/** One connection as its owner sees it. */
export interface LinkInput {
  readonly up: boolean;
  readonly detail: string;
  /** Our clock at its last sign of life; null when there was none. */
  readonly lastOkAtMs: number | null;
}

/** Something that only fails by its own account: the database, the log files, the web server. */
export interface ServiceInput {
  readonly status: ServiceHealth["status"];
  readonly detail: string;
  readonly lastOkAtMs: number | null;
}

export interface HealthInputs {
  readonly version: string;
  readonly startedAtMs: number;
  readonly atMs: number;
  readonly engine: {
    /** Our clock at the last finished step; null before the first. */
    readonly lastStepAtMs: number | null;
    readonly trading: TradingAudit;
    /** The wall clock minus the program's: not 0 for a while after it was set. */
    readonly clockAheadMs: number;
    /** What is wrong with those who read the engine's audit; empty when nothing is. */
    readonly audit: string;
  };
  readonly market: LinkInput & { readonly booksLive: number; readonly booksQuarantined: number };
  readonly private: LinkInput;
  readonly rest: LinkInput;
  readonly universe: {
    readonly symbols: number;
    readonly active: number;
    readonly updatedAtMs: number;
  };
  readonly venueCounters: Readonly<Record<string, number>>;
  readonly storage: ServiceInput;
  readonly logs: ServiceInput;
  readonly web: ServiceInput;
}

/** The audit timer steps the engine four times a second: after this it is stuck. */
const ENGINE_SILENCE_MS = 3_000;
/** Times that are shown and kept are this near to the wall clock's. */
const CLOCK_AHEAD_MS_MAX = 1_000;
/** The universe timer runs every 5 s. */
const UNIVERSE_SILENCE_MS = 20_000;
/** A market with more quarantined books than this share is degraded. */
const QUARANTINED_SHARE_MAX = 0.05;

export function healthReport(inputs: HealthInputs): HealthReport {
  const services: readonly ServiceHealth[] = [
    engineHealth(inputs),
    marketHealth(inputs),
    linkHealth("private-feed", inputs.private),
    linkHealth("rest", inputs.rest),
    universeHealth(inputs),
    serviceHealth("storage", inputs.storage),
    serviceHealth("logs", inputs.logs),
    serviceHealth("web", inputs.web),
  ];
  return {
    status: worstOf(services),
    version: inputs.version,
    uptimeSec: Math.max(0, Math.floor((inputs.atMs - inputs.startedAtMs) / 1_000)),
    services,
    venueCounters: inputs.venueCounters,
    checkedAtMs: inputs.atMs,
  };
}

/** Down when any service that trading rests on is down, degraded when anything is not ok. */
function worstOf(services: readonly ServiceHealth[]): HealthReport["status"] {
  if (services.some((service) => service.status === "down")) return "down";
  return services.every((service) => service.status === "ok") ? "ok" : "degraded";
}

function engineHealth({ engine, atMs }: HealthInputs): ServiceHealth {
  const { lastStepAtMs, trading } = engine;
  const because = trading.reason === "" ? "" : `: ${trading.reason}`;
  const detail = `trading is ${trading.state}${because}`;
  if (lastStepAtMs === null) {
    return { name: "engine", status: "down", detail: "no event yet", lastOkAtMs: null };
  }
  const silentMs = atMs - lastStepAtMs;
  if (silentMs > ENGINE_SILENCE_MS) {
    const silence = `no step for ${silentMs} ms`;
    return { name: "engine", status: "down", detail: silence, lastOkAtMs: lastStepAtMs };
  }
  if (trading.otherAccount !== undefined) {
    return { name: "engine", status: "down", detail, lastOkAtMs: atMs };
  }
  const { unmanaged = [] } = trading;
  if (unmanaged.length > 0) {
    const next = "resume trading, or flatten";
    const alone = `nobody stops or closes the position of ${unmanaged.join(", ")}: ${next}`;
    return { name: "engine", status: "down", detail: `${detail}; ${alone}`, lastOkAtMs: atMs };
  }
  if (trading.walletFault !== undefined) {
    // The reason names it where trading goes on with it; a halt for it says the same.
    const isNamed = detail.includes(trading.walletFault);
    const says = isNamed ? detail : `${detail}; ${trading.walletFault}`;
    return { name: "engine", status: "down", detail: says, lastOkAtMs: atMs };
  }
  if (Math.abs(engine.clockAheadMs) > CLOCK_AHEAD_MS_MAX) {
    const away = `${detail}; ${clockText(engine.clockAheadMs)}`;
    return { name: "engine", status: "degraded", detail: away, lastOkAtMs: lastStepAtMs };
  }
  if (engine.audit !== "") {
    const trouble = `${detail}; ${engine.audit}`;
    return { name: "engine", status: "degraded", detail: trouble, lastOkAtMs: lastStepAtMs };
  }
  const isPaused = trading.state === "starting" || (trading.state === "on" && because !== "");
  const status = isPaused ? "degraded" : "ok";
  return { name: "engine", status, detail, lastOkAtMs: lastStepAtMs };
}

function clockText(aheadMs: number): string {
  const way = aheadMs > 0 ? "ahead of" : "behind";
  const sec = Math.abs(aheadMs / 1_000).toFixed(0);
  return `the system clock was set: it is ${sec} s ${way} the times here, which follow slowly`;
}

function marketHealth({ market }: HealthInputs): ServiceHealth {
  const { booksLive, booksQuarantined, up, lastOkAtMs } = market;
  const books = booksLive + booksQuarantined;
  const share = books === 0 ? 0 : booksQuarantined / books;
  const status = !up ? "down" : share > QUARANTINED_SHARE_MAX ? "degraded" : "ok";
  const detail = `${market.detail}; ${booksLive} books live, ${booksQuarantined} quarantined`;
  return { name: "market-feed", status, detail, lastOkAtMs };
}

function linkHealth(name: ServiceName, link: LinkInput): ServiceHealth {
  const status = link.up ? "ok" : "down";
  return { name, status, detail: link.detail, lastOkAtMs: link.lastOkAtMs };
}

/** The first scores come with the first timer: until it is overdue their absence is no outage. */
function universeHealth({ universe, atMs, startedAtMs }: HealthInputs): ServiceHealth {
  const { symbols, active, updatedAtMs } = universe;
  const lastOkAtMs = updatedAtMs === 0 ? null : updatedAtMs;
  if (symbols === 0 || lastOkAtMs === null) {
    const status = atMs - startedAtMs > UNIVERSE_SILENCE_MS ? "down" : "degraded";
    return { name: "universe", status, detail: "no symbols scored yet", lastOkAtMs };
  }
  const ageMs = atMs - updatedAtMs;
  const status = ageMs > UNIVERSE_SILENCE_MS ? "degraded" : "ok";
  const detail = `${symbols} symbols, ${active} active, scored ${ageMs} ms ago`;
  return { name: "universe", status, detail, lastOkAtMs };
}

function serviceHealth(name: ServiceName, service: ServiceInput): ServiceHealth {
  const { status, detail, lastOkAtMs } = service;
  return { name, status, detail, lastOkAtMs };
}
