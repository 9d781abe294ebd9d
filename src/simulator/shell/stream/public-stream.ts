/** Requests on the public sockets. Linear and spot differ in shape and order of their replies. */

import type { PublicHub } from "./hub.ts";
import type { Peer } from "./peer.ts";
import {
  type Control,
  parseControl,
  reqIdOf,
  SPOT_ARGS_MAX,
  TOPIC_CHARS_MAX,
  topicsOf,
} from "./requests.ts";

export function onPublicFrame(hub: PublicHub, peer: Peer, text: string, nowMs: number): void {
  const control = parseControl(text);
  if (control === null) {
    refuse(peer, {}, "Failed to decode incoming data:readObjectStart: expect { or n", "");
    return;
  }
  switch (control.op) {
    case "ping":
      pong(peer, control);
      return;
    case "subscribe":
      subscribe(hub, peer, control, nowMs);
      return;
    case "unsubscribe":
      unsubscribe(hub, peer, control);
      return;
    default:
      refuse(peer, control, "error:invalid op", control.op);
  }
}

function pong(peer: Peer, control: Control): void {
  const reqId = control.req_id ?? "";
  peer.reply(
    JSON.stringify({
      success: true,
      ret_msg: "pong",
      conn_id: peer.connId,
      req_id: reqId,
      op: "ping",
    }),
  );
}

/** One bad topic refuses the whole request. On linear the first frames may overtake the reply. */
function subscribe(hub: PublicHub, peer: Peer, control: Control, nowMs: number): void {
  const topics = topicsOf(control);
  const problem = problemWith(hub, peer, topics);
  if (problem !== null) {
    refuse(peer, control, problem, "subscribe");
    return;
  }
  peer.holdFirst();
  const early = peer.kind === "linear" ? Math.ceil(topics.length / 2) : 0;
  topics.forEach((topic, at) => {
    if (at === early) accept(peer, control, "subscribe");
    peer.topics.add(topic);
    peer.topicChars += topic.length;
    hub.subscribe(peer, topic, nowMs);
  });
  if (topics.length <= early) accept(peer, control, "subscribe");
  peer.flush();
}

function problemWith(hub: PublicHub, peer: Peer, topics: readonly string[]): string | null {
  if (peer.kind === "spot" && topics.length > SPOT_ARGS_MAX) return `args size >${SPOT_ARGS_MAX}`;
  let chars = peer.topicChars;
  const seen = new Set<string>();
  for (const topic of topics) {
    if (!hub.knows(peer.kind, topic)) {
      return peer.kind === "spot"
        ? `Invalid symbol :[${topic}]`
        : `error:handler not found,topic:${topic}`;
    }
    if (peer.topics.has(topic) || seen.has(topic)) return `error:already subscribed,topic:${topic}`;
    seen.add(topic);
    chars += topic.length;
  }
  if (chars > TOPIC_CHARS_MAX) return `error:args length exceeds ${TOPIC_CHARS_MAX}`;
  return null;
}

function unsubscribe(hub: PublicHub, peer: Peer, control: Control): void {
  for (const topic of topicsOf(control)) {
    if (!peer.topics.delete(topic)) continue;
    peer.topicChars -= topic.length;
    hub.unsubscribe(peer, topic);
  }
  peer.holdFirst();
  accept(peer, control, "unsubscribe");
  peer.flush();
}

function accept(peer: Peer, control: Control, op: "subscribe" | "unsubscribe"): void {
  const isSpot = peer.kind === "spot";
  const reqId = isSpot ? reqIdOf(control) : { req_id: control.req_id ?? "" };
  const text = isSpot ? op : "";
  peer.push(
    "",
    JSON.stringify({ success: true, ret_msg: text, conn_id: peer.connId, ...reqId, op }),
  );
}

function refuse(peer: Peer, control: Partial<Control>, text: string, op: string): void {
  const reqId = control.req_id ?? "";
  peer.reply(
    JSON.stringify({ success: false, ret_msg: text, conn_id: peer.connId, req_id: reqId, op }),
  );
}
