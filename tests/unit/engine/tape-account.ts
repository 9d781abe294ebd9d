/** The account that a tape trades on, and what its venue says when it is asked about it. */
import type { MarginMode } from "../../../src/domain/account-terms.ts";
import type { CashLog } from "../../../src/domain/cash-log.ts";
import type { EngineEvent, WalletReport } from "../../../src/domain/event.ts";
import type { StopOutcome, StopResult } from "../../../src/domain/stop-result.ts";
import type { PriceTicks, SymbolId } from "../../../src/domain/units.ts";
import { sumsNow } from "../../../src/engine/book-after.ts";
import type { Effect } from "../../../src/engine/effect.ts";
import type { EngineState } from "../../../src/engine/state.ts";
import { fixedToText, parseFixed } from "../../../src/kernel/fixed.ts";
import { netOf } from "../../../src/portfolio/stored-book.ts";

export interface TapeAccount {
  /** Null: the venue does not answer. */
  marginMode: MarginMode | null;
  leverage: number;
  /** Empty: there is no wallet. */
  walletUsdt: string;
  /** Cash that moved without any execution. */
  paidUsdt: string;
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

/** The wallet of a venue that keeps true books: what was booked is in it, and what was paid. */
export function cashWalletOf(
  state: EngineState,
  { walletUsdt, paidUsdt }: TapeAccount,
  venueAtMs: number,
): WalletReport {
  const report = walletOf(walletUsdt, venueAtMs);
  const booked = netOf(sumsNow(state)) + sumsNow(state).apart;
  const walletBalance = report.walletBalance + (parseFixed(paidUsdt) ?? 0n) + booked;
  return { ...report, walletBalance };
}

/** What the venue tells of the wallet once cash has moved; null while it has nothing to tell. */
export function walletNews(state: EngineState, account: TapeAccount): WalletReport | null {
  const { wallet } = state;
  if (wallet === null || account.walletUsdt === "") return null;
  const { walletBalance } = cashWalletOf(state, account, wallet.venueAtMs);
  return walletBalance === wallet.walletBalance ? null : { ...wallet, walletBalance };
}

/** `paid -500`: cash moves without an execution. */
export function pay(account: TapeAccount, change: string): void {
  const paid = (parseFixed(account.paidUsdt) ?? 0n) + (parseFixed(change) ?? 0n);
  account.paidUsdt = fixedToText(paid);
}

/** `cash_log TRANSFER_OUT:-500 INTEREST:-0.1`, of this moment; `cash_log fault`: not whole. */
export function cashLogOf(words: string[], requestedAtMs: number, venueAtMs: number): CashLog {
  const fault = words.includes("fault") ? "test" : "";
  const lines = words
    .filter((word) => word.includes(":"))
    .map((word, index) => {
      const [type = "", change = ""] = word.split(":");
      const kind = type.startsWith("TRANSFER") ? ("transfer" as const) : ("other" as const);
      return { id: `${index}`, kind, type, change: parseFixed(change) ?? 0n, venueAtMs };
    });
  return { kind: "cash_log", sinceVenueAtMs: 0, requestedAtMs, lines, fault };
}

/** `stop A refused`: what became of a stop that was asked for. */
export function stopResultOf([symbol = "", result = "", ticks = "992"]: string[]): StopResult {
  if (result !== "accepted" && result !== "refused" && result !== "unsent") throw Error(result);
  const outcome: StopOutcome = result === "accepted" ? { result } : { result, text: "test" };
  const symbolId = (symbol.charCodeAt(0) - 65) as SymbolId;
  return { kind: "stop_result", symbolId, stopLossTicks: Number(ticks) as PriceTicks, outcome };
}
