/** A simulator on a free port, a signing client and a socket client for the contract tests. */
import { createHmac } from "node:crypto";
import type { SimulatorOptions } from "../../../src/simulator/index.ts";
import { type RunningSimulator, startSimulatorServer } from "../../../src/simulator/index.ts";

export const KEY = "contract-key";
export const SECRET = "contract-secret";

interface Envelope<Result> {
  retCode: number;
  retMsg: string;
  result: Result;
  retExtInfo: any;
  time: number;
}

export interface Sim extends RunningSimulator {
  readonly base: string;
  readonly ws: string;
  get<Result = any>(
    path: string,
    query?: string,
    sign?: Partial<Signing>,
  ): Promise<Envelope<Result>>;
  post<Result = any>(
    path: string,
    body: unknown,
    sign?: Partial<Signing>,
  ): Promise<Envelope<Result>>;
  send(path: string, init: RequestInit): Promise<Response>;
}

interface Signing {
  key: string;
  secret: string;
  timestamp: number;
  recvWindow: string;
  contentType: string;
}

export async function startSim(options: Partial<SimulatorOptions> = {}): Promise<Sim> {
  const server = await startSimulatorServer({
    seed: "contract",
    symbols: 30,
    port: 0,
    host: "127.0.0.1",
    accounts: [{ apiKey: KEY, apiSecret: SECRET, walletUsdt: "10000" }],
    rateLimits: { endpointFactor: 0, addressMax: 0 },
    ...options,
  });
  const base = `http://127.0.0.1:${server.port}`;
  const headers = (payload: string, sign: Partial<Signing>): Record<string, string> => {
    const timestamp = String(sign.timestamp ?? Date.now());
    const key = sign.key ?? KEY;
    const recvWindow = sign.recvWindow ?? "5000";
    const origin = `${timestamp}${key}${recvWindow}${payload}`;
    return {
      "X-BAPI-API-KEY": key,
      "X-BAPI-TIMESTAMP": timestamp,
      "X-BAPI-RECV-WINDOW": recvWindow,
      "X-BAPI-SIGN": createHmac("sha256", sign.secret ?? SECRET)
        .update(origin)
        .digest("hex"),
    };
  };
  return {
    ...server,
    base,
    ws: `ws://127.0.0.1:${server.port}`,
    send: (path, init) => fetch(`${base}${path}`, asOwner(path, init)),
    get: async (path, query = "", sign = {}) => {
      const url = `${base}${path}${query === "" ? "" : `?${query}`}`;
      return (await (await fetch(url, { headers: headers(query, sign) })).json()) as any;
    },
    post: async (path, body, sign = {}) => {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const type = { "Content-Type": sign.contentType ?? "application/json" };
      const init = { method: "POST", body: text, headers: { ...type, ...headers(text, sign) } };
      return (await (await fetch(`${base}${path}`, init)).json()) as any;
    },
  };
}

/** What changes the exchange itself asks for the secret of its key pair. */
function asOwner(path: string, init: RequestInit): RequestInit {
  const isAdmin = path.startsWith("/sim/") && init.headers === undefined;
  return isAdmin ? { ...init, headers: { authorization: `Bearer ${SECRET}` } } : init;
}

/** A socket that keeps every frame and lets a test wait for one. */
export class SocketClient {
  readonly frames: any[] = [];
  readonly texts: string[] = [];
  closed: { code: number } | null = null;
  private readonly socket: WebSocket;
  private waiters: (() => void)[] = [];

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.onmessage = (event) => {
      this.texts.push(String(event.data));
      try {
        this.frames.push(JSON.parse(String(event.data)));
      } catch {
        this.frames.push(null);
      }
      this.wake();
    };
    socket.onclose = (event) => {
      this.closed = { code: event.code };
      this.wake();
    };
  }

  static open(url: string): Promise<SocketClient> {
    const socket = new WebSocket(url);
    const client = new SocketClient(socket);
    return new Promise((resolve, reject) => {
      socket.onopen = () => resolve(client);
      socket.onerror = () => reject(new Error(`cannot open ${url}`));
    });
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** The first frame, old or new, that the condition likes. */
  async until<Frame = any>(wanted: (frame: any) => boolean): Promise<Frame> {
    for (let seen = 0; ; ) {
      for (; seen < this.frames.length; seen++) {
        const frame = this.frames[seen];
        if (frame !== null && wanted(frame)) return frame;
      }
      await new Promise<void>((resolve) => this.waiters.push(resolve));
    }
  }

  async untilTrue(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.waiters.push(resolve));
  }

  signIn(expires: number | string = Date.now() + 5_000, secret = SECRET): void {
    const signature = createHmac("sha256", secret).update(`GET/realtime${expires}`).digest("hex");
    this.send({ op: "auth", args: [KEY, expires, signature] });
  }

  close(): void {
    this.socket.close();
  }

  private wake(): void {
    const waiting = this.waiters;
    this.waiters = [];
    for (const waiter of waiting) waiter();
  }
}
