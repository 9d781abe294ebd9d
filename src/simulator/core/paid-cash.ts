/** Cash that comes or goes without any trade. */
import { assert } from "../../kernel/assert.ts";
import type { Fixed } from "../../kernel/fixed.ts";
import type { SimReply } from "./api.ts";
import { emitWallet } from "./emit.ts";
import type { AccountState, ExchangeState } from "./exchange-state.ts";
import { availableOf } from "./margin.ts";
import { DONE, refused } from "./replies.ts";

/** Positive in, negative out. One that is not logged is gone, or there, without a word. */
export function transfer(
  state: ExchangeState,
  account: AccountState,
  { amount, isLogged }: { readonly amount: Fixed; readonly isLogged: boolean },
): SimReply {
  if (amount === 0n) return refused(10001, "params error: amount invalid");
  if (-amount > availableOf(account)) return refused(131212, "user insufficient balance");
  account.walletBalance += amount;
  assert(account.walletBalance >= 0n, "only what is free goes out");
  if (isLogged) {
    account.transactions.push({
      id: state.nextId(),
      accountId: account.options.id,
      symbolIndex: 0,
      type: amount > 0n ? "TRANSFER_IN" : "TRANSFER_OUT",
      side: "None",
      qtySteps: 0,
      sizeAfterSteps: 0,
      priceTicks: 0,
      funding: 0n,
      fee: 0n,
      feeRate: "0",
      cashFlow: amount,
      change: amount,
      balanceAfter: account.walletBalance,
      tradeId: "",
      orderId: "",
      orderLinkId: "",
      atMs: state.nowMs,
    });
  }
  emitWallet(state, account);
  return DONE;
}
