/** The account that a tape trades on, and what its venue says when it is asked about it. */
import type { MarginMode } from "../../../src/domain/account-terms.ts";
import type { EngineEvent, WalletReport } from "../../../src/domain/event.ts";
import type { StopOutcome, StopResult } from "../../../src/domain/stop-result.ts";
import type { PriceTicks, SymbolId } from "../../../src/domain/units.ts";
import type { Effect } from "../../../src/engine/effect.ts";
import { parseFixed } from "../../../src/kernel/fixed.ts";

export interface TapeAccount {
  /** Null: the venue does not answer. */
  marginMode: MarginMode | null;
  leverage: number;
  /** Empty: there is no wallet. */
  walletUsdt: string;
}

/** Terms as a healthy account has them: what is asked once in an hour is no news. */
export function termsAnswer(effect: Effect, account: TapeAccount): EngineEvent | null {
  const { marginMode, leverage } = account;
  if (marginMode === null) return null;
  if (effect.kind === "load_account_terms") return { kind: "account_terms", marginMode, fault: "" };
  if (effect.kind !== "settle_terms") return null;
  const { symbolId } = effect;
  return { kind: "symbol_terms", symbolId, leverage, isOneWay: true, fault: "" };
}

/** Everything in the wallet is free. */
export function walletOf(equity: string, venueAtMs: number): WalletReport {
  const value = parseFixed(equity) ?? 0n;
  return {
    kind: "wallet_report",
    equity: value,
    walletBalance: value,
    available: value,
    venueAtMs,
  };
}

/** `stop A refused`: what became of a stop that was asked for. */
export function stopResultOf([symbol = "", result = "", ticks = "992"]: string[]): StopResult {
  if (result !== "accepted" && result !== "refused" && result !== "unsent") throw Error(result);
  const outcome: StopOutcome = result === "accepted" ? { result } : { result, text: "test" };
  const symbolId = (symbol.charCodeAt(0) - 65) as SymbolId;
  return { kind: "stop_result", symbolId, stopLossTicks: Number(ticks) as PriceTicks, outcome };
}
