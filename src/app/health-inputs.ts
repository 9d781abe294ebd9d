/** Gathers the plain inputs of the health judgement from the running parts. */

import type { LogFiles } from "../logs/log-files.ts";
import type { HealthInputs, LinkInput, ServiceInput } from "../monitor/health.ts";
import type { MonitorView } from "../monitor/view.ts";
import type { RecordStats } from "../record/open-record.ts";
import type { ReaderStats } from "../runtime/ports/audit-reader.ts";
import type { VenueHealth } from "../runtime/ports/venue.ts";
import { VERSION } from "../version.ts";

interface HealthParts {
  readonly atMs: number;
  readonly startedAtMs: number;
  readonly view: MonitorView;
  /** 0 before the first step. */
  readonly lastStepAtMs: number;
  /** The wall clock minus ours: not 0 for a while after it was set. */
  readonly clockAheadMs: number;
  /** Null until the venue is made. */
  readonly venue: VenueHealth | null;
  readonly record: RecordStats;
  readonly readers: readonly ReaderStats[];
  readonly logs: ReturnType<LogFiles["stats"]>;
  /** How late the check itself ran: what every request waited at worst. */
  readonly loopLagMs: number;
}

/** A page that waits longer than this feels broken. */
const LOOP_LAG_MS_MAX = 250;
const NO_LINK: LinkInput = { up: false, detail: "not connected yet", lastOkAtMs: null };

export function healthInputs(parts: HealthParts): HealthInputs {
  const { view, venue } = parts;
  return {
    version: VERSION,
    startedAtMs: parts.startedAtMs,
    atMs: parts.atMs,
    engine: {
      lastStepAtMs: parts.lastStepAtMs === 0 ? null : parts.lastStepAtMs,
      trading: view.trading,
      clockAheadMs: parts.clockAheadMs,
      audit: readerTrouble(parts.readers, parts.atMs),
    },
    market: {
      ...(venue === null ? NO_LINK : freshLink(venue.market, parts.atMs)),
      booksLive: view.counters.booksLive,
      booksQuarantined: view.counters.booksQuarantined,
    },
    private: readLink(venue === null ? NO_LINK : socketLink(venue.private), view),
    rest: venue === null ? NO_LINK : venue.rest,
    universe: {
      symbols: view.symbols.size,
      active: view.universe.active.length,
      updatedAtMs: view.universe.updatedAtMs,
    },
    venueCounters: venue?.counters ?? {},
    storage: storageInput(parts.record, parts.atMs),
    logs: logsInput(parts.logs, parts.atMs),
    web: webInput(parts),
  };
}

/** A reader that threw longer ago than this has recovered. */
const READER_TROUBLE_MS = 60_000;

function readerTrouble(readers: readonly ReaderStats[], atMs: number): string {
  return readers
    .filter(({ failedAtMs }) => failedAtMs > 0 && atMs - failedAtMs < READER_TROUBLE_MS)
    .map(
      ({ name, failures, lastError }) => `audit reader ${name} failed ${failures}×: ${lastError}`,
    )
    .join("; ");
}

/** 611 symbols send hundreds of frames a second: this much silence is a frozen feed. */
const MARKET_SILENCE_MS_MAX = 3_000;

/** A market feed that is connected and says nothing is down. */
function freshLink(link: VenueHealth["market"], atMs: number): LinkInput {
  const silentMs = link.lastFrameAtMs === null ? 0 : atMs - link.lastFrameAtMs;
  if (!link.up || silentMs <= MARKET_SILENCE_MS_MAX) return socketLink(link);
  const detail = `connected, but no frame for ${Math.round(silentMs)} ms`;
  return { up: false, detail, lastOkAtMs: link.lastFrameAtMs };
}

function socketLink(link: VenueHealth["market"]): LinkInput {
  return { up: link.up, detail: link.detail, lastOkAtMs: link.lastFrameAtMs };
}

/** An account of which a part cannot be read is not well, however well its connection is. */
function readLink(link: LinkInput, { feeds }: MonitorView): LinkInput {
  const unreadable = feeds.private?.unreadable ?? "";
  return unreadable === "" ? link : { ...link, up: false, detail: unreadable };
}

/** A store that has nothing to complain of is ok now, whenever it last had something to write. */
function storageInput(stats: RecordStats, atMs: number): ServiceInput {
  const { pending, lost, lastOkAtMs, lastError } = stats;
  if (lastError !== "") {
    const detail = `writing fails: ${lastError}; ${pending} rows wait, ${lost} are lost`;
    return { status: "down", detail, lastOkAtMs };
  }
  const detail = lost === 0 ? `${pending} rows wait` : `${lost} rows were lost earlier`;
  return { status: lost === 0 ? "ok" : "degraded", detail, lastOkAtMs: atMs };
}

function logsInput(stats: HealthParts["logs"], atMs: number): ServiceInput {
  const files = Object.entries(stats);
  const failing = files.find(([, { lastError }]) => lastError !== "");
  const dropped = files.reduce((sum, [, { droppedLines }]) => sum + droppedLines, 0);
  const lastOkAtMs = Math.max(0, ...files.map(([, file]) => file.lastOkAtMs ?? 0)) || null;
  if (failing !== undefined) {
    const detail = `${failing[0]}.log cannot be written: ${failing[1].lastError}`;
    return { status: "degraded", detail, lastOkAtMs };
  }
  const detail = dropped === 0 ? "all lines written" : `${dropped} lines were dropped`;
  return { status: dropped === 0 ? "ok" : "degraded", detail, lastOkAtMs: atMs };
}

function webInput({ atMs, loopLagMs }: HealthParts): ServiceInput {
  const detail = `checks run ${Math.round(loopLagMs)} ms late at most`;
  return { status: loopLagMs > LOOP_LAG_MS_MAX ? "degraded" : "ok", detail, lastOkAtMs: atMs };
}
