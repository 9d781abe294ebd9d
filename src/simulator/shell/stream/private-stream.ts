/**
 * The private socket: sign-in, topics, and the account's events as messages.
 *
 * Events of one drain that belong to one topic travel in one message, in order. A topic with a
 * category suffix gets the same data under its own name.
 */
import { failure, type Result, success } from "../../../kernel/result.ts";
import type { SimEvent } from "../../core/api.ts";
import type { SimVenue, VenueListener } from "../../world/world.ts";
import { hmacHex, sameText } from "../request-auth.ts";
import {
  executionStreamItem,
  fastExecutionItem,
  type Item,
  orderStreamItem,
  positionStreamItem,
  walletItem,
} from "../wire/encode-order.ts";
import type { Peer } from "./peer.ts";
import { type Control, parseControl, reqIdOf, topicsOf } from "./requests.ts";

const TOPICS = ["order", "execution", "execution.fast", "position", "wallet"] as const;
type PrivateTopic = (typeof TOPICS)[number];
/** Subscribing one arms disconnect-cancel-all where it is enabled; nothing is pushed. */
export const DCP_TOPICS = ["dcp.future", "dcp.spot", "dcp.option"];
/** Accepted without data: greeks need options, other categories have no account here. */
const SILENT = ["greeks", ...DCP_TOPICS];
/** Topics that exist in one form only: they may stand beside either form of the others. */
const FORMLESS: readonly string[] = ["wallet", ...SILENT];
const CATEGORIES = ["linear", "spot", "inverse", "option"];

/** Checks `[key, expires, signature]`: the account's id, or what is wrong. */
export function checkSocketAuth(
  venue: SimVenue,
  args: readonly unknown[],
  nowMs: number,
): Result<string, { readonly code: number; readonly text: string }> {
  const [apiKey, expires, signature] = args;
  const expiresMs = Number(expires);
  if (typeof apiKey !== "string" || typeof signature !== "string" || !Number.isFinite(expiresMs)) {
    return failure({ code: 10001, text: "Params Error" });
  }
  const account = venue.accountOf(apiKey);
  if (account === undefined) return failure({ code: 10003, text: "API key is invalid." });
  if (expiresMs <= nowMs) return failure({ code: 10002, text: "Request expired" });
  const wanted = hmacHex(account.apiSecret, `GET/realtime${String(expires)}`);
  if (!sameText(wanted, signature.toLowerCase())) {
    return failure({
      code: 10004,
      text: `error sign! origin_string[GET/realtime${String(expires)}]`,
    });
  }
  return success(account.id);
}

export class PrivateHub implements VenueListener {
  private readonly venue: SimVenue;
  private readonly peers = new Set<Peer>();
  private nextMessage = 1;

  constructor(venue: SimVenue) {
    this.venue = venue;
    venue.listen(this);
  }

  join(peer: Peer): void {
    this.peers.add(peer);
  }

  leave(peer: Peer): void {
    this.peers.delete(peer);
  }

  /** What follows a command is told after its acknowledgement, which waits so long. */
  hold(delayMs: number): void {
    for (const peer of this.peers) peer.hold(delayMs);
  }

  onTrades(): void {}

  onPrivate(events: readonly SimEvent[]): void {
    if (this.peers.size === 0) return;
    const accounts = new Set<string>();
    for (const peer of this.peers) if (peer.accountId !== null) accounts.add(peer.accountId);
    for (const accountId of accounts) this.tell(accountId, events);
  }

  onFrame(peer: Peer, text: string, nowMs: number): void {
    const control = parseControl(text);
    if (control === null) {
      this.answer(peer, {}, { success: false, text: "Failed to decode incoming data", op: "" });
      return;
    }
    switch (control.op) {
      case "ping":
        peer.reply(
          JSON.stringify({
            ...reqIdOf(control),
            op: "pong",
            args: [String(nowMs)],
            conn_id: peer.connId,
          }),
        );
        return;
      case "auth":
        this.signIn(peer, control, nowMs);
        return;
      case "subscribe":
        this.subscribe(peer, control);
        return;
      case "unsubscribe":
        for (const topic of topicsOf(control)) peer.topics.delete(topic);
        this.answer(peer, control, { success: true, text: "", op: "unsubscribe" });
        return;
      default:
        this.answer(peer, control, { success: false, text: "error:invalid op", op: control.op });
    }
  }

  private signIn(peer: Peer, control: Control, nowMs: number): void {
    const checked = checkSocketAuth(this.venue, control.args ?? [], nowMs);
    if (!checked.ok) {
      this.answer(peer, control, { success: false, text: checked.problem.text, op: "auth" });
      peer.close(1008, "authentication failed");
      return;
    }
    peer.accountId = checked.value;
    this.answer(peer, control, { success: true, text: "", op: "auth" });
  }

  private subscribe(peer: Peer, control: Control): void {
    const topics = topicsOf(control);
    const problem = this.problemWith(peer, topics);
    if (problem === null) for (const topic of topics) peer.topics.add(topic);
    this.answer(peer, control, { success: problem === null, text: problem ?? "", op: "subscribe" });
  }

  private problemWith(peer: Peer, topics: readonly string[]): string | null {
    if (peer.accountId === null) return "Request not authorized";
    const sorted = topics.filter((topic) => !FORMLESS.includes(topic));
    const forms = new Set(
      sorted.map((topic) => (splitTopic(topic)?.category ? "category" : "all")),
    );
    if (forms.size > 1) return "error:all-in-one and categorised topics must not be mixed";
    for (const topic of topics) {
      if (splitTopic(topic) === null && !SILENT.includes(topic)) {
        return `error:handler not found,topic:${topic}`;
      }
      if (peer.topics.has(topic)) return `error:already subscribed,topic:${topic}`;
    }
    return null;
  }

  private answer(
    peer: Peer,
    control: Partial<Control>,
    reply: { success: boolean; text: string; op: string },
  ): void {
    const reqId = control.req_id === undefined ? {} : { req_id: control.req_id };
    const { success, text, op } = reply;
    peer.reply(JSON.stringify({ success, ret_msg: text, conn_id: peer.connId, ...reqId, op }));
  }

  private tell(accountId: string, events: readonly SimEvent[]): void {
    const items = this.itemsOf(accountId, events);
    for (const [topic, rows] of items) {
      if (rows.length === 0) continue;
      for (const form of [topic, `${topic}.linear`]) this.send(accountId, form, topic, rows);
    }
    for (const peer of this.peers) peer.flush();
  }

  private send(accountId: string, form: string, topic: PrivateTopic, rows: readonly Item[]): void {
    const readers = [...this.peers].filter(
      (peer) => peer.accountId === accountId && peer.topics.has(form),
    );
    if (readers.length === 0) return;
    const id = topic === "execution.fast" ? {} : { id: `${accountId}:${this.nextMessage++}` };
    const frame = JSON.stringify({
      topic: form,
      ...id,
      creationTime: this.venue.nowMs,
      data: rows,
    });
    for (const peer of readers) peer.push(form, frame);
  }

  private itemsOf(accountId: string, events: readonly SimEvent[]): Map<PrivateTopic, Item[]> {
    const items = new Map<PrivateTopic, Item[]>(TOPICS.map((topic) => [topic, []]));
    const add = (topic: PrivateTopic, item: Item): void => {
      items.get(topic)?.push(item);
    };
    let wallet: Item | null = null;
    for (const event of events) {
      if (event.kind === "order" && event.order.accountId === accountId) {
        add("order", orderStreamItem(this.venue, event.order));
      } else if (event.kind === "execution" && event.execution.accountId === accountId) {
        add("execution", executionStreamItem(this.venue, event.execution));
        if (event.execution.execType === "Trade") {
          add("execution.fast", fastExecutionItem(this.venue, event.execution));
        }
      } else if (event.kind === "position" && event.position.accountId === accountId) {
        add("position", positionStreamItem(this.venue, event.position));
      } else if (event.kind === "wallet" && event.wallet.accountId === accountId) {
        const isolated = this.venue.core.marginMode(accountId) === "ISOLATED_MARGIN";
        wallet = walletItem(event.wallet, isolated);
      }
    }
    if (wallet !== null) add("wallet", wallet);
    return items;
  }
}

/** `order.linear` is order of category linear; null when the topic does not exist. */
function splitTopic(topic: string): { base: PrivateTopic; category: string } | null {
  const base = TOPICS.find((name) => name === topic);
  if (base !== undefined) return { base, category: "" };
  const dot = topic.lastIndexOf(".");
  const stem = TOPICS.find((name) => name === topic.slice(0, dot));
  const category = topic.slice(dot + 1);
  if (stem === undefined || stem === "wallet" || !CATEGORIES.includes(category)) return null;
  return { base: stem, category };
}
