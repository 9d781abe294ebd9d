/**
 * Preloaded into a process that trades over sockets of ws (`bun --preload`): stamps every public
 * frame as it is handed to the program, and every order as it leaves. Written when the process ends
 * to the file in BENCH_TAP: one line per order, its client id and the microseconds since the frame
 * that it answers, or -1 when no frame caused it.
 *
 * An order answers a frame when it is sent before the frame's handler returns; for a client that
 * works by promises (BENCH_TAP_ASYNC=1) when it is sent before the next frame comes.
 */
import { writeFileSync } from "node:fs";
import WebSocket from "ws";

type Handler = (event: unknown) => void;
interface Patched {
  readonly url: string;
  onmessage: Handler;
  send(data: unknown, ...rest: unknown[]): unknown;
}

/** Minutes of orders at the venue's own limit of ten a second. */
const ORDERS_MAX = 100_000;
const isAsync = process.env.BENCH_TAP_ASYNC === "1";
const lines: string[] = [];
let frameAtMs = -1;

const prototype = WebSocket.prototype as unknown as Patched;
const onmessage = Object.getOwnPropertyDescriptor(prototype, "onmessage");
Object.defineProperty(prototype, "onmessage", {
  ...onmessage,
  set(this: Patched, handler: Handler) {
    const isPublic = this.url.includes("/v5/public");
    const stamped: Handler = (event) => {
      frameAtMs = performance.now();
      handler(event);
      if (!isAsync) frameAtMs = -1;
    };
    onmessage?.set?.call(this, isPublic ? stamped : handler);
  },
});

const { send } = prototype;
prototype.send = function (this: Patched, data: unknown, ...rest: unknown[]) {
  const sent = send.call(this, data, ...rest);
  if (typeof data === "string" && data.includes('"order.create"') && lines.length < ORDERS_MAX) {
    const us = frameAtMs < 0 ? -1 : (performance.now() - frameAtMs) * 1_000;
    const id = /"orderLinkId":"([^"]+)"/.exec(data)?.[1] ?? "";
    lines.push(`${id} ${us.toFixed(1)}`);
  }
  return sent;
};

process.on("exit", () => {
  const path = process.env.BENCH_TAP;
  if (path !== undefined) writeFileSync(path, `${lines.join("\n")}\n`);
});
