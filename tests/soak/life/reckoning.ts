/**
 * Holds the record of a life, as it lies in the database file, against the venue's own story:
 * money to the last of 18 decimals, each execution by its id, sizes and orders.
 */
import { Database } from "bun:sqlite";
import { join } from "node:path";
import { toText } from "../../../src/kernel/decimal.ts";
import { fixedToText, parseFixed } from "../../../src/kernel/fixed.ts";
import type { SimExecution } from "../../../src/simulator/core/api.ts";
import type { World } from "./world.ts";

/** What a life leaves. */
interface Left {
  readonly world: World;
  /** With the data directory "account" in it. */
  readonly dir: string;
}

interface Row {
  readonly execId: string;
  readonly execKind: string;
  readonly symbol: string;
  readonly qtyText: string;
  readonly priceText: string;
  readonly fee: string;
  readonly funding: string;
  readonly realised: string;
}

/** Every difference, in words; none when the record is true. */
export function reckonLife(life: Left): string[] {
  const rows = recordOf(join(life.dir, "account", "scalper.db"));
  return [...money(life, rows), ...executions(life, rows), ...leftOvers(life)];
}

/** Rows of the account that the last run worked for; paper's are another's. */
function recordOf(path: string): Row[] {
  const database = new Database(path, { readonly: true });
  const rows = database
    .query<Row, []>(
      `SELECT exec_id AS execId, exec_kind AS execKind, symbol, qty_text AS qtyText,
       price_text AS priceText, fee, funding, realised_pnl AS realised FROM trades
       WHERE account_key = (SELECT account_key FROM runs ORDER BY started_at_ms DESC LIMIT 1)
       ORDER BY id`,
    )
    .all();
  database.close();
  return rows;
}

function money({ world }: Left, rows: readonly Row[]): string[] {
  let recorded = 0n;
  for (const { realised, fee, funding } of rows) {
    recorded += fixedOf(realised) - fixedOf(fee) - fixedOf(funding);
  }
  const change = world.walletNow() - world.walletBefore;
  if (recorded === change) return [];
  return [`the record nets ${fixedToText(recorded)}, the wallet changed by ${fixedToText(change)}`];
}

function executions({ world }: Left, rows: readonly Row[]): string[] {
  const found: string[] = [];
  const booked = new Map(rows.map((row) => [row.execId, row]));
  if (booked.size !== rows.length) found.push("an execution stands in the record twice");
  for (const execution of world.executions) {
    const { execId, execType } = execution;
    const row = booked.get(execId);
    booked.delete(execId);
    if (row === undefined) found.push(`execution ${execId} (${execType}) was never booked`);
    else if (!isSame(row, execution, world)) {
      found.push(`execution ${execId} was booked with other figures`);
    }
  }
  for (const { execId, symbol } of booked.values()) {
    found.push(`row ${execId} of ${symbol} is no execution of the venue`);
  }
  return found;
}

/** Compared as decimals: ticks and steps are those of the contract as the program knew it. */
function isSame(row: Row, execution: SimExecution, { simulator }: World): boolean {
  const { price, qty } = simulator.venue.instrumentAt(execution.symbolIndex);
  return (
    fixedOf(row.qtyText) === fixedOf(toText(qty, execution.qtySteps)) &&
    fixedOf(row.priceText) === fixedOf(toText(price, execution.priceTicks)) &&
    fixedOf(row.fee) + fixedOf(row.funding) === execution.fee
  );
}

function leftOvers({ world }: Left): string[] {
  const held = [...world.held()].map(
    ([symbol, { steps }]) => `the venue holds ${steps} steps of ${symbol} at the end`,
  );
  const resting = world.core
    .openOrders(world.accountId)
    .map(({ orderLinkId, orderId }) => `order ${orderLinkId || orderId} rests at the end`);
  return [...held, ...resting];
}

function fixedOf(text: string): bigint {
  const value = parseFixed(text);
  if (value === null) throw new Error(`the record holds an amount that is no number: ${text}`);
  return value;
}
