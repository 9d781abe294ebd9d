/** What was measured of a symbol, for other programs. */
import type { SymbolAudit } from "../engine/audit.ts";
import type { SymbolProfile } from "../universe/profile.ts";

const rounded = (value: number, decimals: number): number | null =>
  Number.isFinite(value) ? Number(value.toFixed(decimals)) : null;

export function profileRow(profile: SymbolProfile) {
  return {
    ...profile,
    spreadBps: rounded(profile.spreadBps, 4),
    volatilityBps1m: rounded(profile.volatilityBps1m, 4),
    score: rounded(profile.score, 4),
    updatedAt: profile.updatedAtMs > 0 ? new Date(profile.updatedAtMs).toISOString() : null,
  };
}

/** A symbol that has not been watched yet: zero samples say that the statistics mean nothing. */
export function emptyProfile(symbol: string, row: SymbolAudit | undefined): SymbolProfile {
  return {
    symbol,
    samples: 0,
    spreadBps: Number.NaN,
    volatilityBps1m: Number.NaN,
    tradesPerMin: 0,
    turnover24hUsdt: row?.turnover24hUsdt ?? 0,
    topDepthUsdt: 0,
    fills: 0,
    makerFills: 0,
    netPnlUsdt: 0,
    category: row?.category ?? "",
    score: row?.score ?? 0,
    updatedAtMs: 0,
  };
}
