/**
 * Takes back resting entries by REST alone: what the guard does for a dead engine, and the unit
 * after it. Orders that only reduce stay, and so do stops.
 *
 * An order may still be on its way when the engine dies, so the account is read again until two
 * reads in a row show nothing.
 */
import { isRecord } from "../../kernel/json.ts";
import { prngOf } from "../../kernel/prng.ts";
import { withoutSlash } from "../../kernel/wording.ts";
import type { Clock } from "../../runtime/ports/clock.ts";
import type { LogPort } from "../../runtime/ports/log.ts";
import { Waits } from "../common/waits.ts";
import { RequestLimits } from "./budgets.ts";
import { CATEGORY, SETTLE_COIN } from "./codec/encode.ts";
import { textOf } from "./codec/fields.ts";
import { listAll } from "./paged-list.ts";
import { RestClient } from "./rest-client.ts";

interface SweepOptions {
  readonly restUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly clock: Clock;
  readonly log: LogPort;
  /** Whether a client id is of the engine whose entries shall go. */
  readonly isOurs: (clientId: string) => boolean;
}

interface Swept {
  /** Client ids whose cancel the venue took. */
  readonly cancelled: readonly string[];
  /** Why it cannot be said that none is left; empty when it can. */
  readonly fault: string;
}

/** Reads of the account: twenty seconds of trying, at this pause. */
const LOOKS_MAX = 40;
const PAUSE_MS = 500;
/** Reads without an entry of ours, one after the other, that end it. */
const CLEAN_LOOKS = 2;

/** Never rejects. */
export async function sweepEntries(options: SweepOptions): Promise<Swept> {
  const waits = new Waits(options.clock);
  const rest = clientOf(options, waits);
  await rest.measureClock();
  const cancelled = new Set<string>();
  let clean = 0;
  let fault = "the account could not be read";
  for (let look = 0; look < LOOKS_MAX && clean < CLEAN_LOOKS; look++) {
    if (look > 0) await waits.pause(PAUSE_MS);
    const listed = await listAll(rest, OPEN_ORDERS);
    if (listed.kind === "failed") {
      fault = listed.text;
      clean = 0;
      continue;
    }
    const entries = listed.items.flatMap((item) => entryOf(item, options.isOurs));
    clean = entries.length === 0 ? clean + 1 : 0;
    fault = entries.length === 0 ? "" : `${entries.length} entries were still listed`;
    const taken = await Promise.all(entries.map((entry) => cancel(rest, entry)));
    for (const clientId of taken.flat()) cancelled.add(clientId);
  }
  waits.stop();
  return { cancelled: [...cancelled], fault: clean < CLEAN_LOOKS ? fault : "" };
}

const OPEN_ORDERS = {
  method: "GET",
  path: "/v5/order/realtime",
  query: { category: CATEGORY, settleCoin: SETTLE_COIN, openOnly: 0, limit: 50 },
  signed: true,
  // It is asked to take risk away: a door that is shut may be probed for it.
  purpose: "cancel",
  retries: 1,
} as const;

interface Entry {
  readonly symbol: string;
  readonly orderId: string;
  readonly clientId: string;
}

/** The entry that a row of the venue's list is, if it is one of ours. */
function entryOf(item: unknown, isOurs: SweepOptions["isOurs"]): Entry[] {
  if (!isRecord(item)) return [];
  const clientId = textOf(item, "orderLinkId");
  const reduces = item.reduceOnly === true || item.closeOnTrigger === true;
  if (reduces || !isOurs(clientId)) return [];
  return [{ symbol: textOf(item, "symbol"), orderId: textOf(item, "orderId"), clientId }];
}

async function cancel(rest: RestClient, { symbol, orderId, clientId }: Entry): Promise<string[]> {
  const result = await rest.call({
    method: "POST",
    path: "/v5/order/cancel",
    body: { category: CATEGORY, symbol, orderId },
    signed: true,
    purpose: "cancel",
    retries: 1,
  });
  return result.kind === "ok" ? [clientId] : [];
}

function clientOf(options: SweepOptions, waits: Waits): RestClient {
  const { restUrl, apiKey, apiSecret, clock, log } = options;
  return new RestClient({
    clock,
    log,
    waits,
    limits: new RequestLimits(clock),
    prng: prngOf("entry-sweep"),
    baseUrl: withoutSlash(restUrl),
    apiKey,
    apiSecret,
    onHealth: (up, detail) =>
      log.info(up ? "the venue answers" : "the venue is silent", { detail }),
  });
}
