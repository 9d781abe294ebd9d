/**
 * The loopback server: one port for REST, the four sockets and the admin routes.
 *
 * It owns the host's clock, the step timer and the transport; what happens to requests and frames
 * is the front's.
 */
import type { Server, ServerWebSocket } from "bun";
import { BODY_BYTES_MAX, refusal, refusedAdmin, refusedAtTheDoor } from "./door.ts";
import { type FrontOptions, type SimulatorStats, type SocketTerms, VenueFront } from "./front.ts";
import { callScenario } from "./rest/scenario.ts";
import { ShellClock } from "./shell-clock.ts";
import type { Peer } from "./stream/peer.ts";
import { type HttpReply, rawQueryOf } from "./wire/reply.ts";

export type { SimulatorStats } from "./front.ts";

/** Fine enough for level-1 books, which the venue pushes every 10 ms. */
const STEP_MS = 10;
/** Of one answer's work at a time: a step of the market comes every ten. */
const SLICE_MS = 2;
const FRAME_BYTES_MAX = 256 * 1024;

export interface SimulatorOptions extends FrontOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** Loopback unless the operator says otherwise. */
  readonly host: string;
  /** JSON file with a list of faults that hold from the start. */
  readonly faultsFile?: string;
  /** JSON file with a scenario that is called at the start. */
  readonly scenarioFile?: string;
}

interface SocketData {
  readonly terms: SocketTerms;
  peer: Peer | null;
}

export class SimulatorServer {
  private readonly front: VenueFront;
  private readonly server: Server<SocketData>;
  private readonly timer: ReturnType<typeof setInterval>;
  private readonly options: SimulatorOptions;

  constructor(
    options: SimulatorOptions,
    begin: { readonly faults: readonly unknown[]; readonly scenario: unknown },
  ) {
    const clock = new ShellClock();
    this.options = options;
    this.front = new VenueFront(options, {
      nowMs: () => clock.read(),
      after: (delayMs, callback) => void setTimeout(callback, delayMs).unref(),
      soon: (callback) => void setImmediate(callback),
    });
    for (const fault of begin.faults) this.front.faults.add(fault);
    if (begin.scenario !== null) callScenario(this.front.venue, begin.scenario);
    this.server = this.listen();
    this.timer = setInterval(() => this.front.step(), STEP_MS);
  }

  get port(): number {
    return this.server.port ?? this.options.port;
  }

  stats(): SimulatorStats {
    return this.front.stats();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.front.closeAll(1001, "the simulator stops");
    await this.server.stop(true);
  }

  private listen(): Server<SocketData> {
    const { front } = this;
    return Bun.serve<SocketData>({
      hostname: this.options.host,
      port: this.options.port,
      idleTimeout: 120,
      maxRequestBodySize: BODY_BYTES_MAX,
      // Otherwise a request that throws is answered with a page of source and stack.
      development: false,
      // Bun shares the port with whoever listens there already unless told otherwise (1.4.5).
      reusePort: false,
      error: () => responseOf(refusal(500, "The exchange could not answer this request.")),
      fetch: (request, server) => this.fetch(request, server),
      websocket: {
        idleTimeout: 0,
        maxPayloadLength: FRAME_BYTES_MAX,
        backpressureLimit: 64 * 1024 * 1024,
        open: (socket) => {
          socket.data.peer = front.open(socket.data.terms, wireOf(socket));
        },
        message({ data: { peer } }, message) {
          if (peer !== null) front.hear(peer, String(message));
        },
        close({ data: { peer } }) {
          if (peer !== null) front.left(peer);
        },
      },
    });
  }

  private async fetch(request: Request, server: Server<SocketData>): Promise<Response | undefined> {
    const { front } = this;
    const shut = refusedAtTheDoor(request);
    if (shut !== null) return responseOf(shut);
    const { pathname: path, search } = new URL(request.url);
    const address = server.requestIP(request)?.address ?? "";
    if (front.isSocketPath(path)) {
      const terms = front.admit({ path, search, address });
      if (!terms.ok) return new Response(terms.problem.text, { status: terms.problem.status });
      if (server.upgrade(request, { data: { terms: terms.value, peer: null } })) return undefined;
      return new Response("a websocket is wanted here", { status: 400 });
    }
    const { method } = request;
    if (path.startsWith("/sim/")) {
      const secrets = this.options.accounts.map(({ apiSecret }) => apiSecret);
      const unknown = refusedAdmin(request, secrets);
      if (unknown !== null) return responseOf(unknown);
    }
    const body = method === "GET" ? "" : await request.text();
    if (path.startsWith("/sim/")) return responseOf(front.admin(method, path, body));
    const header = (name: string): string | null => request.headers.get(name);
    const call = { method, path, rawQuery: rawQueryOf(request.url), body, address, header };
    await inSlices(front.ahead(call));
    const { promise, resolve } = Promise.withResolvers<HttpReply>();
    front.answer(call, resolve);
    return responseOf(await promise);
  }
}

/** Lets frames and other requests in between. */
async function inSlices(work: Generator<void>): Promise<void> {
  let fromMs = performance.now();
  for (const _step of work) {
    if (performance.now() - fromMs < SLICE_MS) continue;
    await new Promise<void>((resolve) => setImmediate(resolve));
    fromMs = performance.now();
  }
}

function wireOf(socket: ServerWebSocket<SocketData>) {
  return {
    send: (text: string) => void socket.send(text),
    bufferedBytes: () => socket.getBufferedAmount(),
    cork: (work: () => void) => void socket.cork(work),
    close: (code: number, reason: string) => socket.close(code, reason),
    terminate: () => socket.terminate(),
  };
}

function responseOf(reply: HttpReply): Response {
  return new Response(reply.body, { status: reply.status, headers: reply.headers });
}
