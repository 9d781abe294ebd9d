/**
 * The trade socket: orders with a header instead of a signature, replies with limits in a header.
 */

import { isRecord } from "../../../kernel/json.ts";
import type { SimVenue } from "../../world/world.ts";
import * as trade from "../order-commands.ts";
import type { Allowance, RateLimits } from "../rate-limits.ts";
import { limitHeaders } from "../rate-limits.ts";
import { windowRefusal } from "../request-auth.ts";
import { BATCHES } from "../rest/request-router.ts";
import type { Body } from "../wire/order-input.ts";
import { type Outcome, refuse } from "../wire/reply.ts";
import type { Peer } from "./peer.ts";
import { checkSocketAuth } from "./private-stream.ts";

/** Request ids remembered per socket: an id used twice is refused while it is remembered. */
const REQUEST_IDS_MAX = 100_000;
const REQUEST_ID_CHARS_MAX = 36;

const SINGLES: Readonly<Record<string, trade.TradeCommand>> = {
  "order.create": trade.createOrder,
  "order.amend": trade.amendOrder,
  "order.cancel": trade.cancelOrder,
};

interface TradeFrame {
  readonly op: string;
  readonly reqId: string | undefined;
  readonly header: Body;
  readonly args: readonly unknown[];
}

export class TradeDesk {
  private readonly venue: SimVenue;
  private readonly limits: RateLimits;
  /** The refusal that a fault wants instead of an order's own answer. */
  private readonly faultOf: (op: string) => Outcome | null;
  private readonly usedIds = new WeakMap<Peer, Set<string>>();
  private traces = 0;

  constructor(
    venue: SimVenue,
    limits: RateLimits,
    faultOf: (op: string) => Outcome | null = () => null,
  ) {
    this.venue = venue;
    this.limits = limits;
    this.faultOf = faultOf;
  }

  /** Answers one frame. `deliver` sends the reply of an order, now or late. */
  onFrame(
    peer: Peer,
    text: string,
    nowMs: number,
    deliver: (frame: string, op: string) => void,
  ): void {
    const frame = parseFrame(text);
    if (frame === null) {
      peer.reply(this.reply(peer, { op: "", reqId: undefined }, refuse(10001, "Params Error")));
    } else if (frame.op === "ping") {
      peer.reply(
        JSON.stringify({
          retCode: 0,
          retMsg: "OK",
          op: "pong",
          data: [String(nowMs)],
          connId: peer.connId,
        }),
      );
    } else if (frame.op === "auth") this.signIn(peer, frame, nowMs);
    else {
      const fault = this.faultOf(frame.op);
      const reply =
        fault === null ? this.command(peer, frame, nowMs) : this.reply(peer, frame, fault);
      deliver(reply, frame.op);
    }
  }

  private signIn(peer: Peer, frame: TradeFrame, nowMs: number): void {
    const answer = (code: number, text: string): void => {
      const reqId = frame.reqId === undefined ? {} : { reqId: frame.reqId };
      peer.reply(
        JSON.stringify({ ...reqId, retCode: code, retMsg: text, op: "auth", connId: peer.connId }),
      );
    };
    if (peer.accountId !== null) {
      answer(20001, "Repeat auth");
      return;
    }
    const checked = checkSocketAuth(this.venue, frame.args, nowMs);
    if (!checked.ok) {
      const { code, text } = checked.problem;
      answer(code === 10002 ? 10004 : code, text);
      peer.close(1008, "authentication failed");
      return;
    }
    peer.accountId = checked.value;
    answer(0, "OK");
  }

  private command(peer: Peer, frame: TradeFrame, nowMs: number): string {
    const { accountId } = peer;
    if (accountId === null) return this.reply(peer, frame, refuse(10004, "Please auth first"));
    if (!this.isFreshId(peer, frame.reqId)) {
      return this.reply(peer, frame, refuse(20006, "Duplicate reqId"));
    }
    const timestamp = String(frame.header["X-BAPI-TIMESTAMP"] ?? "");
    const recvWindow = frame.header["X-BAPI-RECV-WINDOW"];
    const window = windowRefusal(
      timestamp,
      recvWindow === undefined ? null : String(recvWindow),
      nowMs,
    );
    if (window !== null) return this.reply(peer, frame, window);
    const [body] = frame.args;
    if (!isRecord(body)) return this.reply(peer, frame, refuse(10001, "Params Error"));
    return this.run(peer, { frame, accountId, body }, nowMs);
  }

  private run(
    peer: Peer,
    call: { frame: TradeFrame; accountId: string; body: Body },
    nowMs: number,
  ): string {
    const { frame, accountId, body } = call;
    const path = `/v5/${frame.op.replace(".", "/")}`;
    const single = SINGLES[frame.op];
    if (single !== undefined) {
      const allowance = this.limits.take(accountId, `ws:${path}`, nowMs);
      const outcome =
        allowance?.granted === 0 ? trade.RATE_LIMITED : single(this.venue, accountId, body);
      return this.reply(peer, frame, outcome, allowance);
    }
    const command = BATCHES[path];
    if (command === undefined) return this.reply(peer, frame, refuse(10404, "op type not found"));
    const batch = trade.batchOrders(body);
    if (!batch.ok) return this.reply(peer, frame, batch.problem);
    const orders = batch.value;
    const allowance = this.limits.take(accountId, path, nowMs, orders.length);
    const granted = allowance?.granted ?? orders.length;
    if (granted === 0) return this.reply(peer, frame, trade.RATE_LIMITED, allowance);
    const options = { command, orders, granted };
    return this.reply(peer, frame, trade.runBatch(this.venue, accountId, options), allowance);
  }

  private isFreshId(peer: Peer, reqId: string | undefined): boolean {
    if (reqId === undefined) return true;
    if (reqId.length > REQUEST_ID_CHARS_MAX) return false;
    const used = this.usedIds.get(peer) ?? new Set<string>();
    this.usedIds.set(peer, used);
    if (used.has(reqId)) return false;
    if (used.size >= REQUEST_IDS_MAX) used.clear();
    used.add(reqId);
    return true;
  }

  private reply(
    peer: Peer,
    frame: { op: string; reqId: string | undefined },
    outcome: Outcome,
    allowance: Allowance | null = null,
  ): string {
    this.traces++;
    return JSON.stringify({
      ...(frame.reqId === undefined ? {} : { reqId: frame.reqId }),
      retCode: outcome.code,
      retMsg: outcome.text,
      op: frame.op,
      data: outcome.result,
      retExtInfo: outcome.ext ?? {},
      header: {
        ...(allowance === null ? {} : limitHeaders(allowance)),
        Traceid: this.traces.toString(16).padStart(32, "0"),
        Timenow: String(this.venue.nowMs),
      },
      connId: peer.connId,
    });
  }
}

function parseFrame(text: string): TradeFrame | null {
  try {
    const frame: unknown = JSON.parse(text);
    if (!isRecord(frame)) return null;
    const reqId = frame.reqId ?? frame.req_id;
    return {
      op: typeof frame.op === "string" ? frame.op : "",
      reqId: typeof reqId === "string" || typeof reqId === "number" ? String(reqId) : undefined,
      header: isRecord(frame.header) ? frame.header : {},
      args: Array.isArray(frame.args) ? frame.args : [],
    };
  } catch {
    return null;
  }
}
