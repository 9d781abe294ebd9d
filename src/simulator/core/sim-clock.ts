/**
 * Time moves forward: funding at each contract's own times, deliveries, and the premium samples of
 * the price band. Looked at once a second, settled at the exact time that was due.
 */
import type { SimInstrument } from "./api.ts";
import { samplePremium } from "./band.ts";
import type { ExchangeState, SymbolState } from "./exchange-state.ts";
import { settleFunding } from "./funding.ts";
import { changeStatus } from "./listing.ts";
import { PREMIUM_SAMPLES } from "./premium.ts";
import { settle } from "./settle.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** Funding times: every interval from 00:00 UTC; 0 for a contract without funding. */
export function nextFundingAfter(instrument: SimInstrument, nowMs: number): number {
  const intervalMs = instrument.fundingIntervalMin * MINUTE_MS;
  return intervalMs === 0 ? 0 : (Math.floor(nowMs / intervalMs) + 1) * intervalMs;
}

/** A rate between the contract's floor and cap. */
export function boundedRate({ instrument }: SymbolState, rate: number): number {
  return Math.max(-instrument.fundingCap, Math.min(instrument.fundingCap, rate));
}

/** Time never goes back: an earlier time is ignored, as a stepped system clock must do no harm. */
export function advance(state: ExchangeState, atMs: number): void {
  if (atMs <= state.nowMs) return;
  const seconds = Math.floor(atMs / SECOND_MS) - Math.floor(state.nowMs / SECOND_MS);
  if (seconds > 0) {
    for (let dueMs = earliestDue(state); dueMs <= atMs; dueMs = earliestDue(state)) {
      state.nowMs = Math.max(state.nowMs, dueMs);
      settleDue(state, dueMs);
    }
    const samples = Math.min(seconds, PREMIUM_SAMPLES);
    for (const symbol of state.symbols) {
      for (let sample = 0; sample < samples; sample++) samplePremium(symbol);
    }
  }
  state.nowMs = atMs;
}

function earliestDue(state: ExchangeState): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const symbol of state.symbols) earliest = Math.min(earliest, dueOf(symbol));
  return earliest;
}

function dueOf({ instrument, nextFundingAtMs }: SymbolState): number {
  if (instrument.status === "Closed") return Number.POSITIVE_INFINITY;
  const funding = nextFundingAtMs === 0 ? Number.POSITIVE_INFINITY : nextFundingAtMs;
  return instrument.deliveryAtMs > 0 ? Math.min(funding, instrument.deliveryAtMs) : funding;
}

function settleDue(state: ExchangeState, dueMs: number): void {
  for (const symbol of state.symbols) {
    if (dueOf(symbol) > dueMs) continue;
    if (symbol.nextFundingAtMs !== 0 && symbol.nextFundingAtMs <= dueMs) {
      settleFunding(state, symbol);
      symbol.nextFundingAtMs = nextFundingAfter(symbol.instrument, dueMs);
    }
    const { deliveryAtMs } = symbol.instrument;
    if (deliveryAtMs > 0 && deliveryAtMs <= dueMs) changeStatus(state, symbol, "Closed");
  }
  settle(state);
}
