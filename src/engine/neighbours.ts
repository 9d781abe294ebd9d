/**
 * Another engine on our account.
 *
 * Client ids name the installation that wrote them, so an order of our form under another name
 * that rests or moves is the work of an engine that runs beside us. Two engines cannot share an
 * account: each would take the other's fills for its own. Whoever sees the other stops entering
 * and says what it saw. It cancels nothing of the other's and looks after nothing that it cannot
 * prove its own: a symbol that the other touched, or that no strategy of ours owns.
 *
 * An engine that died leaves orders that never move. It is dead when no order of it moved for
 * `TAKE_OVER_SILENCE_MS` and an operator named it; then its orders are ours and go like those of
 * an earlier run. Silence is measured on the venue's clock, by the venue's times.
 */
import type { AccountSnapshot, ExecutionReport, OrderReport } from "../domain/event.ts";
import type { SymbolId } from "../domain/units.ts";
import { assert } from "../kernel/assert.ts";
import { haltForNeighbours, requestReconcile } from "./control.ts";
import { TAKE_OVER_SILENCE_MS } from "./neighbour.ts";
import type {
  AccountPart,
  ControlPart,
  EffectsPart,
  MarketPart,
  OrdersPart,
  TenancyPart,
} from "./state-parts.ts";

/** Engines remembered at a time: more than two on one account is a person's mistake already. */
const NEIGHBOURS_MAX = 8;

type Seen = OrderReport | ExecutionReport;

/** Takes note of an order or execution that is another engine's; anything else changes nothing. */
export function noteNeighbour(
  state: ControlPart & MarketPart & TenancyPart,
  seen: Seen,
  atMs: number,
): void {
  if (!remember(state, seen)) return;
  const neighbour = state.neighbours.get(state.tenancy.clientIds.engineIn(seen.clientId) ?? "");
  if (neighbour !== undefined) neighbour.silentAtMs = atMs + TAKE_OVER_SILENCE_MS;
  haltForNeighbours(state, atMs);
}

/** Reads the account when an engine that a person called dead was silent for long enough. */
export function chaseTakeOver(state: ControlPart, atMs: number): void {
  const neighbour = state.neighbours.get(state.options.takeOver ?? "");
  if (neighbour === undefined || atMs < neighbour.silentAtMs) return;
  requestReconcile(state, "an engine that is to be taken over was silent for long enough", atMs);
}

/** Takes a snapshot's word on who else is at work, and gives over what a person called dead. */
export function compareNeighbours(
  state: ControlPart & MarketPart & TenancyPart,
  snapshot: AccountSnapshot,
  atMs: number,
): void {
  for (const neighbour of state.neighbours.values()) neighbour.open.clear();
  for (const seen of [...snapshot.executions, ...snapshot.openOrders]) remember(state, seen);
  const venueNowMs = snapshot.requestedVenueAtMs;
  for (const neighbour of state.neighbours.values()) {
    const silentMs = Math.max(0, venueNowMs - neighbour.movedVenueAtMs);
    neighbour.silentAtMs = snapshot.requestedAtMs + Math.max(0, TAKE_OVER_SILENCE_MS - silentMs);
  }
  takeOver(state, venueNowMs);
  for (const [installation, { open, movedVenueAtMs }] of state.neighbours) {
    // Nothing of it rests or moved lately: an engine that was here once.
    const isSilent = venueNowMs - movedVenueAtMs >= TAKE_OVER_SILENCE_MS;
    if (open.size === 0 && isSilent) state.neighbours.delete(installation);
  }
  haltForNeighbours(state, atMs);
}

/** Whether a symbol is left alone, as another engine is about and it may be the other's. */
export function isHandsOff(state: AccountPart & TenancyPart, id: SymbolId): boolean {
  if (state.neighbours.size === 0) return false;
  for (const { symbols } of state.neighbours.values()) if (symbols.has(id)) return true;
  return state.tenancy.ownerOf(id) === null;
}

/** Entries of ours in a symbol that is left alone go; what they opened keeps its stop. */
export function withdraw(state: OrdersPart & EffectsPart, id: SymbolId, atMs: number): void {
  for (const row of [...state.orders.live(id)]) {
    if (row.state !== "open" || !state.orders.cancelSent(row, atMs, "the symbol is left alone"))
      continue;
    const { clientId, venueOrderId } = row;
    state.outbox.push({ kind: "cancel", clientId, symbolId: id, venueOrderId });
  }
}

/** True when it is another engine's. */
function remember(state: MarketPart & AccountPart & TenancyPart & EffectsPart, seen: Seen) {
  const { neighbours, tenancy, outbox } = state;
  const installation = tenancy.clientIds.engineIn(seen.clientId);
  if (installation === null) return false;
  const { symbol } = state.market.instrument(seen.symbolId);
  let neighbour = neighbours.get(installation);
  if (neighbour === undefined) {
    if (neighbours.size >= NEIGHBOURS_MAX) return true;
    const what = seen.kind === "execution" ? "a fill of order" : "order";
    neighbour = {
      movedVenueAtMs: 0,
      silentAtMs: Number.POSITIVE_INFINITY,
      open: new Set(),
      symbols: new Set(),
      seen: `${what} ${seen.clientId} on ${symbol}`,
    };
    neighbours.set(installation, neighbour);
    outbox.log("error", `another engine was seen on this account: ${neighbour.seen}`);
  }
  neighbour.movedVenueAtMs = Math.max(neighbour.movedVenueAtMs, seen.venueAtMs);
  neighbour.symbols.add(seen.symbolId);
  if (seen.kind === "order_report") {
    const isOpen = OPEN.has(seen.status);
    if (isOpen) neighbour.open.add(seen.venueOrderId);
    else neighbour.open.delete(seen.venueOrderId);
  }
  return true;
}

const OPEN: ReadonlySet<OrderReport["status"]> = new Set<OrderReport["status"]>([
  "new",
  "partially_filled",
  "untriggered",
  "triggered",
]);

function takeOver(state: AccountPart & TenancyPart & EffectsPart & ControlPart, venueMs: number) {
  const installation = state.options.takeOver ?? "";
  const neighbour = state.neighbours.get(installation);
  if (neighbour === undefined) return;
  assert(installation !== "", "a neighbour has a name");
  const silentMs = venueMs - neighbour.movedVenueAtMs;
  if (silentMs < TAKE_OVER_SILENCE_MS) {
    const next = "it is taken over once it was silent for long enough";
    state.outbox.log("warn", `installation ${installation} still moves: ${next}`, {
      silentMs,
      wantedMs: TAKE_OVER_SILENCE_MS,
    });
    return;
  }
  state.tenancy.clientIds.takeOver(installation);
  state.neighbours.delete(installation);
  state.outbox.log("warn", `taking over what installation ${installation} left`, {
    silentMs,
    orders: neighbour.open.size,
  });
}
