/**
 * Whether an account is flat: nothing left in our own books, and then the venue's word for it.
 *
 * The proof is a read made after the last action: it counts the raw rows of the venue, unreadable
 * ones, strangers' and conditional orders included, and none of them may hold or open a position.
 * Orders of others are cancelled as well; those that come back or stay are named, and then the
 * account is flat and not proved so.
 */
import type { AccountSnapshot } from "../domain/event.ts";
import { toText } from "../kernel/decimal.ts";
import { counted } from "../kernel/wording.ts";
import { doubtMsOf, FLATTEN_SILENCE_MS } from "../orders/exit-doubt.ts";
import type { OrderRow } from "../orders/table.ts";
import { NO_PROOF } from "./flat-proof.ts";
import { tellFlatten } from "./interventions.ts";
import { READ_AGAIN_MS } from "./schedule.ts";
import type {
  AccountPart,
  EffectsPart,
  MarketPart,
  ReportPart,
  TradingPart,
} from "./state-parts.ts";
import { GOES_ON } from "./trading-memory.ts";
import { unreadableText } from "./unreadable.ts";

type ProofPart = MarketPart & AccountPart & TradingPart & EffectsPart & ReportPart;

/** An order that outlives this many cancels is somebody's who puts it back, or cannot be had. */
const CANCELS_MAX = 3;
/** Orders named in one text for people. */
const NAMES_MAX = 3;

/** What a flatten still has to get rid of. */
export function leftOf(state: AccountPart & TradingPart): {
  readonly text: string;
  readonly isDone: false;
} {
  let positions = 0;
  for (const { steps } of state.ledger.positions.values()) if (steps !== 0) positions++;
  const { liveCount } = state.orders;
  const left = `${counted(liveCount, "order")} and ${counted(positions, "position")} left`;
  const isNothing = liveCount === 0 && positions === 0;
  const { ban, flatProof } = state.control;
  const waits = `nothing left here, to be proved${ban === "" ? "" : ` after the ban: ${ban}`}`;
  const toProve = flatProof.doubt || waits;
  return { text: isNothing ? toProve : left, isDone: false };
}

/**
 * Nothing is held here, and no order is on its way that could change that. One that only reduces
 * and was not heard of for a while could not, whatever became of it.
 */
export function isFlat(state: AccountPart, atMs: number): boolean {
  if (state.mismatches.size > 0) return false;
  for (const id of state.orders.liveSymbols()) {
    if (state.orders.live(id).some((row) => mayMatter(row, atMs))) return false;
  }
  for (const position of state.ledger.positions.values()) {
    if (position.steps !== 0) return false;
  }
  return true;
}

/** A market order that only reduces finds nothing; what rests has to be gone, or long silent. */
function mayMatter(row: OrderRow, atMs: number): boolean {
  const { reduceOnly, type } = row.intent;
  return !(reduceOnly && type === "market") && doubtMsOf(row, atMs) < FLATTEN_SILENCE_MS;
}

/** Takes a compared read as the proof, when it is one; else it says what speaks against it. */
export function proveFlat(state: ProofPart, read: AccountSnapshot, atMs: number): void {
  const { control } = state;
  if (control.flattenBy === null || !isFlat(state, atMs)) return;
  // The read that brought the last news is the proof itself, when it was made after the last act
  // that could have opened something.
  if (control.flatSinceMs === 0) control.flatSinceMs = lastEntryMs(state) + 1;
  if (read.requestedAtMs < control.flatSinceMs) return;
  const { openPositions, openingOrders } = read.venueCounts;
  const evidence = evidenceOf(read);
  if (openPositions > 0) {
    const why = unreadableText(control);
    doubt(state, { text: `not flat: ${evidence}${why === "" ? "" : `; ${why}`}` }, atMs);
  } else if (openingOrders > 0 && control.flatProof.cancels < CANCELS_MAX) {
    const names = strangersOf(state, read);
    doubt(state, { text: `cancelling what is not ours: ${names}; ${evidence}` }, atMs);
    cancelStrangers(state, atMs);
  } else if (openingOrders > 0) {
    const what = `${counted(openingOrders, "foreign order")} ${openingOrders === 1 ? "rests" : "rest"}`;
    end(state, { text: `flat; ${what}: ${strangersOf(state, read)}; ${evidence}`, atMs });
  } else {
    const tookMs = atMs - (control.flattening?.atMs ?? atMs);
    end(state, { text: `proved flat after ${tookMs} ms: ${evidence}`, atMs });
  }
}

/** Our clock when something was last sent that could open a position, or everything was stopped. */
function lastEntryMs(state: AccountPart & TradingPart): number {
  let lastMs = state.control.flattening?.atMs ?? 0;
  for (const { intent, createdAtMs, termsAtMs } of state.orders.all()) {
    if (!intent.reduceOnly) lastMs = Math.max(lastMs, createdAtMs, termsAtMs);
  }
  return lastMs;
}

/** Our clock when something was last sent that could change what the account holds. */
export function lastActMs(state: AccountPart & TradingPart): number {
  let lastMs = state.control.flattening?.atMs ?? 0;
  for (const { createdAtMs, cancelAtMs } of state.orders.all()) {
    lastMs = Math.max(lastMs, createdAtMs, cancelAtMs);
  }
  return lastMs;
}

/** The raw counts and the venue's time of a read. */
function evidenceOf({ venueCounts, requestedVenueAtMs }: AccountSnapshot): string {
  const { openPositions, openingOrders } = venueCounts;
  const at = new Date(requestedVenueAtMs).toISOString();
  const held = `${counted(openPositions, "position")} and ${counted(openingOrders, "order")}`;
  return `read at ${at} by the venue's clock, it held ${held} that could open one`;
}

function doubt(state: ProofPart, { text }: { readonly text: string }, atMs: number): void {
  const { control } = state;
  const againAtMs = atMs + READ_AGAIN_MS;
  control.flatProof = { ...control.flatProof, doubt: text, againAtMs };
  tellFlatten(state, { text, isDone: false, atMs });
}

/** What is read before this was sent proves nothing. The first try is looked at soon. */
function cancelStrangers(state: ProofPart, atMs: number): void {
  const { control } = state;
  const cancels = control.flatProof.cancels + 1;
  const againAtMs = cancels === 1 ? atMs : atMs + READ_AGAIN_MS;
  control.flatProof = { ...control.flatProof, cancels, againAtMs };
  control.flatSinceMs = atMs + 1;
  state.outbox.push({ kind: "cancel_all", reason: "orders of others rest in a flat account" });
}

function end(
  state: ProofPart,
  { text, atMs }: { readonly text: string; readonly atMs: number },
): void {
  const { control } = state;
  const isProved = text.startsWith("proved");
  state.outbox.log(isProved ? "warn" : "error", `the flatten by ${control.flattenBy}: ${text}`);
  tellFlatten(state, { text, isDone: true, atMs });
  const word = isProved ? "flat, by " : "flat but for orders of others, by ";
  control.haltReason = control.haltReason.replace(/^flatten by /, word).replace(GOES_ON, "");
  control.flattenBy = null;
  control.flatProof = NO_PROOF;
}

/** Orders that could open a position and are not in our table, for people. */
function strangersOf(state: ProofPart, read: AccountSnapshot): string {
  const named = read.openOrders
    .filter((order) => !order.reduceOnly && !state.orders.find(order.clientId, order.venueOrderId))
    .map(({ symbolId, side, qtySteps, triggerTicks }) => {
      const { symbol, qty, price } = state.market.instrument(symbolId);
      const at = triggerTicks === null ? "" : ` triggered at ${toText(price, triggerTicks)}`;
      return `${symbol} ${side} ${toText(qty, qtySteps)}${at}`;
    });
  const unread = read.unreadable.filter(({ what }) => what === "order");
  const names = [...named, ...unread.map(({ symbol }) => `${symbol} (cannot be read)`)];
  const more = names.length - NAMES_MAX;
  return `${names.slice(0, NAMES_MAX).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
