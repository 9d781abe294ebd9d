/** The simulator's two shells behind one face: over loopback in real time, and in process. */
import { createHmac } from "node:crypto";
import WebSocket from "ws";
import { virtualClock } from "../../../src/runtime/clocks.ts";
import { startSimulatorServer } from "../../../src/simulator/index.ts";
import { type ClientSocket, connectInProcess } from "../../../src/simulator/shell/in-process.ts";

export const KEYS = { apiKey: "shell-key", apiSecret: "shell-secret" };
const OPTIONS = {
  seed: "shells",
  symbols: 5,
  accounts: [{ ...KEYS, walletUsdt: "10000" }],
};
const START_AT_MS = Date.UTC(2026, 0, 5, 12);
/** On either shell's clock; a healthy answer takes milliseconds. */
const WAIT_MS_MAX = 5_000;
const POLL_MS = 5;

export interface Shell {
  nowMs(): number;
  fetch(path: string, init: RequestInit): Promise<Response>;
  openSocket(path: string): ClientSocket;
  pass(ms: number): Promise<void>;
  stop(): Promise<void>;
}

export const SHELLS: Readonly<Record<string, () => Promise<Shell>>> = {
  async loopback() {
    const server = await startSimulatorServer({ ...OPTIONS, port: 0, host: "127.0.0.1" });
    return {
      nowMs: () => Date.now(),
      fetch: (path, init) => fetch(`http://127.0.0.1:${server.port}${path}`, init),
      openSocket: (path) => new WebSocket(`ws://127.0.0.1:${server.port}${path}`),
      pass: (ms) => Bun.sleep(ms),
      stop: () => server.stop(),
    };
  },
  async "in process"() {
    const clock = virtualClock(START_AT_MS);
    const simulator = connectInProcess({ ...OPTIONS, clock });
    return {
      nowMs: () => clock.nowMs(),
      fetch: (path, init) => simulator.fetch(`http://venue${path}`, init),
      openSocket: (path) => simulator.openSocket(`ws://venue${path}`),
      pass: (ms) => simulator.pass(ms),
      stop: async () => simulator.stop(),
    };
  },
};

/** A client of a shell that signs, keeps frames, and waits on the shell's clock. */
export class ShellClient {
  readonly shell: Shell;

  constructor(shell: Shell) {
    this.shell = shell;
  }

  async until<Value>(find: () => Value | undefined, wanted: string): Promise<Value> {
    for (let waitedMs = 0; waitedMs < WAIT_MS_MAX; waitedMs += POLL_MS) {
      const found = find();
      if (found !== undefined) return found;
      await this.shell.pass(POLL_MS);
    }
    throw new Error(`waited ${WAIT_MS_MAX} ms: ${wanted}`);
  }

  /** Answers of the venue are taken as they are: a test compares them. */
  async get(path: string, query: string): Promise<any> {
    return this.send(`${path}?${query}`, { headers: this.signed(query) });
  }

  async post(path: string, body: unknown): Promise<any> {
    const text = JSON.stringify(body);
    const headers = { "Content-Type": "application/json", ...this.signed(text) };
    return this.send(path, { method: "POST", body: text, headers });
  }

  async send(path: string, init: RequestInit): Promise<any> {
    let settled: { readonly text: string } | { readonly error: unknown } | undefined;
    this.shell.fetch(path, init).then(
      async (response) => {
        settled = { text: await response.text() };
      },
      (error: unknown) => {
        settled = { error };
      },
    );
    const result = await this.until(() => settled, `${path} is answered`);
    if ("error" in result) throw result.error;
    return result.text.startsWith("{") ? JSON.parse(result.text) : result.text;
  }

  async open(path: string): Promise<Connection> {
    const connection = new Connection(this, this.shell.openSocket(path));
    await this.until(() => connection.opened || undefined, `${path} opens`);
    return connection;
  }

  signature(text: string): string {
    return createHmac("sha256", KEYS.apiSecret).update(text).digest("hex");
  }

  private signed(payload: string): Record<string, string> {
    const timestamp = String(this.shell.nowMs());
    return {
      "X-BAPI-API-KEY": KEYS.apiKey,
      "X-BAPI-TIMESTAMP": timestamp,
      "X-BAPI-RECV-WINDOW": "5000",
      "X-BAPI-SIGN": this.signature(`${timestamp}${KEYS.apiKey}5000${payload}`),
    };
  }
}

export class Connection {
  readonly frames: any[] = [];
  opened = false;
  closedCode: number | undefined;
  private readonly client: ShellClient;
  private readonly socket: ClientSocket;

  constructor(client: ShellClient, socket: ClientSocket) {
    this.client = client;
    this.socket = socket;
    socket.onopen = () => {
      this.opened = true;
    };
    socket.onmessage = ({ data }) => void this.frames.push(JSON.parse(String(data)));
    socket.onerror = () => {};
    socket.onclose = ({ code }) => {
      this.closedCode = code;
    };
  }

  say(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Says it and returns the first answer that the condition likes. */
  async ask(message: unknown, isAnswer: (frame: any) => boolean): Promise<any> {
    const before = this.frames.length;
    this.say(message);
    return this.client.until(
      () => this.frames.slice(before).find(isAnswer),
      `an answer to ${JSON.stringify(message)}`,
    );
  }

  async signIn(): Promise<any> {
    const expires = this.client.shell.nowMs() + 5_000;
    const args = [KEYS.apiKey, expires, this.client.signature(`GET/realtime${expires}`)];
    return this.ask({ op: "auth", args }, (frame) => frame.op === "auth");
  }

  /** Rows of a topic that concern one order, oldest first. */
  rows(topic: string, orderLinkId: string): any[] {
    return this.frames
      .filter((frame) => frame.topic === topic)
      .flatMap((frame) => frame.data)
      .filter((row) => row.orderLinkId === orderLinkId);
  }

  leave(): void {
    this.socket.terminate();
  }
}
