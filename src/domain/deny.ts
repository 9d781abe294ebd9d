/** Why the risk gate said no: a closed union that carries the numbers that decided. */
export type DenyReason =
  | { readonly code: "HALTED"; readonly reason: string }
  | { readonly code: "NOT_READY"; readonly missing: string }
  | { readonly code: "POSITION_UNREADABLE"; readonly fault: string }
  | { readonly code: "SYMBOL_NOT_TRADING"; readonly status: string }
  | { readonly code: "GRID_CHANGED"; readonly change: string }
  | { readonly code: "BOOK_MISSING" }
  | { readonly code: "BOOK_QUARANTINED"; readonly fault: string }
  | { readonly code: "BOOK_STALE"; readonly ageMs: number; readonly ageMsMax: number }
  | { readonly code: "QTY_BELOW_MIN"; readonly qtySteps: number; readonly qtyStepsMin: number }
  | { readonly code: "QTY_ABOVE_MAX"; readonly qtySteps: number; readonly qtyStepsMax: number }
  | { readonly code: "NOTIONAL_BELOW_MIN"; readonly notionalUsdt: number; readonly minUsdt: number }
  | {
      readonly code: "ORDER_NOTIONAL_ABOVE_MAX";
      readonly notionalUsdt: number;
      readonly maxUsdt: number;
    }
  | {
      readonly code: "SYMBOL_EXPOSURE_ABOVE_MAX";
      readonly exposureUsdt: number;
      readonly maxUsdt: number;
    }
  | {
      readonly code: "TOTAL_EXPOSURE_ABOVE_MAX";
      readonly exposureUsdt: number;
      readonly maxUsdt: number;
    }
  | { readonly code: "OPEN_ORDERS_ABOVE_MAX"; readonly count: number; readonly countMax: number }
  | { readonly code: "SYMBOL_ORDERS_ABOVE_MAX"; readonly count: number; readonly countMax: number }
  | {
      readonly code: "ORDER_RATE_ABOVE_MAX";
      readonly count: number;
      readonly countMax: number;
      readonly windowMs: number;
    }
  | { readonly code: "PRICE_OUTSIDE_BAND"; readonly distanceBps: number; readonly bandBps: number }
  | { readonly code: "MARK_OUTSIDE_BAND"; readonly distanceBps: number; readonly bandBps: number }
  | { readonly code: "POST_ONLY_WOULD_CROSS" }
  | { readonly code: "REDUCE_ONLY_WOULD_ADD"; readonly positionSteps: number }
  | { readonly code: "STOP_MISSING" }
  | { readonly code: "DRAWDOWN_LIMIT"; readonly drawdownUsdt: number; readonly maxUsdt: number }
  | { readonly code: "SYMBOL_LOSS_LIMIT"; readonly lossUsdt: number; readonly maxUsdt: number }
  | {
      readonly code: "STRATEGY_LOSS_LIMIT";
      readonly strategy: string;
      readonly lossUsdt: number;
      readonly maxUsdt: number;
    }
  | {
      readonly code: "VENUE_PRICE_LIMIT";
      readonly priceTicks: number;
      readonly lowTicks: number;
      readonly highTicks: number;
    }
  | {
      readonly code: "OWN_ORDER_WOULD_CROSS";
      readonly priceTicks: number;
      readonly ownTicks: number;
    }
  | { readonly code: "LIQUIDATION_TOO_NEAR"; readonly distanceBps: number; readonly minBps: number }
  | {
      readonly code: "STOP_BEHIND_LIQUIDATION";
      readonly stopTicks: number;
      readonly liquidationTicks: number;
    }
  | {
      readonly code: "CORRELATED_EXPOSURE_ABOVE_MAX";
      readonly exposureUsdt: number;
      readonly maxUsdt: number;
      /** How many symbols are in it. */
      readonly symbols: number;
    }
  /** The entry would be held into a settlement that costs more than it may. */
  | {
      readonly code: "FUNDING_TOO_DEAR";
      readonly costBps: number;
      readonly allowedBps: number;
      readonly leftMs: number;
    }
  | { readonly code: "DELISTING"; readonly leftMs: number; readonly minMs: number }
  /** After a stop-out or a losing streak. */
  | { readonly code: "PAUSED"; readonly cause: string; readonly leftMs: number }
  | { readonly code: "DAILY_LOSS_LIMIT"; readonly lossUsdt: number; readonly maxUsdt: number }
  /** The venue has not said how the account or the symbol is margined, or what is in the wallet. */
  | { readonly code: "TERMS_UNKNOWN"; readonly missing: string }
  | { readonly code: "ACCOUNT_MODE"; readonly found: string; readonly wanted: string }
  | { readonly code: "LEVERAGE_ABOVE_MAX"; readonly leverage: number; readonly leverageMax: number }
  | {
      readonly code: "MARGIN_UNAVAILABLE";
      readonly needUsdt: number;
      readonly availableUsdt: number;
    }
  | { readonly code: "UNKNOWN_OUTCOME_PENDING"; readonly count: number };

export type DenyCode = DenyReason["code"];
