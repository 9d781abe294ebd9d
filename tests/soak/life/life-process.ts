/**
 * One process of the program in a world without sockets: the product's own wiring of record, engine
 * and adapter, a real database file, and a kill that leaves what `kill -9` leaves.
 *
 * A kill may fall on any boundary: before and after each effect, each event of the account, each
 * request and answer, each timer, and so each commit. From then on nothing leaves the process and
 * nothing reaches it; what it had committed stays in the file, what it had sent is on its way, and
 * its sockets are closed by the kernel.
 */
import { type AppVenue, createAppVenue } from "../../../src/app/app-venue.ts";
import { modeOf } from "../../../src/app/mode.ts";
import { openRecord } from "../../../src/app/open.ts";
import { memoryOf, type Trading, wireTrading } from "../../../src/app/wire.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import type { Config } from "../../../src/config/settings.ts";
import type { EngineEvent, OperatorAction } from "../../../src/domain/event.ts";
import { endRun } from "../../../src/record/runs.ts";
import type { LogPort } from "../../../src/runtime/ports/log.ts";
import type { Venue } from "../../../src/runtime/ports/venue.ts";
import { steadyClock } from "../../../src/runtime/steady-clock.ts";
import type { ClientSocket } from "../../../src/simulator/shell/in-process.ts";
import type { JournalDatabase } from "../../../src/store/database.ts";
import { commandOf } from "../../support/commands.ts";
import { WALLET_ALARM } from "../wallet-alarm.ts";
import type { World } from "./world.ts";
import { ProcessClock } from "./world-clock.ts";

/** How a process is started: trading by itself, armed by a person, or matched in the process. */
export type StartMode = "auto" | "armed" | "paper";

interface ProcessOptions {
  readonly world: World;
  /** Names lines of the log. */
  readonly name: string;
  readonly dataDir: string;
  readonly mode: StartMode;
  /** Called at every boundary; may kill the process. */
  readonly onCross: (process: LifeProcess, boundary: string) => void;
  /** Wall clock minus the world's. */
  readonly offsetMs: number;
}

/** Cancels and their confirmations take this long at most when a process leaves in order. */
const LEAVE_MS = 1_000;
const SILENT = new Set<EngineEvent["kind"]>(["book", "trades", "ticker", "bar", "book_picture"]);

export class LifeProcess {
  isAlive = true;
  readonly mode: StartMode;
  readonly clock: ProcessClock;
  readonly startedAtMs: number;
  private readonly options: ProcessOptions;
  private readonly database: JournalDatabase;
  private readonly trading: Trading;
  private readonly app: AppVenue;
  private readonly runId: string;
  private commands = 0;
  private readonly sockets = new Set<ClientSocket>();

  /** Throws what a start throws, the lease that another process holds among it. */
  constructor(options: ProcessOptions) {
    const { world, dataDir, mode } = options;
    this.options = options;
    this.mode = mode;
    this.clock = new ProcessClock(world.clock, this);
    this.clock.offsetMs = options.offsetMs;
    this.startedAtMs = world.clock.nowMs();
    const config = configOf(mode, world);
    // As the product does: its wall clock may be set, the time that it lives by may not.
    const raw = this.clock;
    const onStep = ({ byMs }: { readonly byMs: number }) =>
      world.log(`${options.name} sees its clock set by ${byMs} ms`);
    const clock = steadyClock({ raw, sinceBootMs: () => raw.monotonicMs(), onStep });
    const place = { config, clock, mode: modeOf(config), dataDir, logDir: dataDir };
    const { database, run } = openRecord(place);
    this.database = database;
    this.runId = run.runId;
    const logs = {
      logger: (component: string) => this.logOf(component),
      trade: NO_LOG,
      flushSync: () => {},
      addSecret: () => true,
    };
    const network = {
      fetch: (url: string, init: RequestInit) => this.fetch(url, init),
      openSocket: (url: string) => this.openSocket(url),
    };
    const memory = memoryOf({ ...place, database, logs });
    this.app = createAppVenue({ ...place, logs, runId: run.runId, network, memory });
    let seen: Venue | null = null;
    const venue = {
      ...this.app,
      venue: () => {
        const opened = this.app.venue();
        if (seen === null && opened !== null) seen = this.watched(opened);
        return seen;
      },
    };
    const onFatal = (text: string): void => this.die(text);
    this.trading = wireTrading({
      ...place,
      database,
      run,
      installation: "a0b1c2d3",
      logs,
      venue,
      onFatal,
    });
  }

  get engine() {
    return this.trading.engine;
  }

  get view() {
    return this.trading.engine.view();
  }

  /** Begins to connect. */
  start(): void {
    void this.app.open((event) => this.hear(event));
  }

  /** What a person asks for on a page. */
  command(action: OperatorAction, reason: string): void {
    const id = `${this.runId}-${++this.commands}`;
    this.hear(commandOf(action, { id, by: "soak", reason }));
  }

  /** As `kill -9`: nothing more leaves, arrives or is written. */
  kill(why: string): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.options.world.log(`${this.options.name} is killed: ${why}`);
    for (const socket of this.sockets) socket.terminate();
    this.database.close();
  }

  /** In order, as on SIGTERM. */
  async stop(reason: string): Promise<void> {
    const { world } = this.options;
    world.log(`${this.options.name} stops`);
    this.engine.accept({ kind: "leave", reason: `stopping: ${reason}` });
    const endMs = world.clock.nowMs() + LEAVE_MS;
    while (this.isAlive && world.clock.nowMs() < endMs) {
      if (this.view.openOrders.size === 0) break;
      await world.pass(20);
    }
    if (!this.isAlive) return;
    this.engine.stop();
    await this.app.stop();
    this.trading.record.close();
    endRun(this.database, { id: this.runId, nowMs: this.clock.nowMs(), exitReason: reason });
    this.isAlive = false;
    for (const socket of this.sockets) socket.terminate();
    this.database.close();
  }

  cross(boundary: string): void {
    if (this.isAlive) this.options.onCross(this, boundary);
  }

  private hear(event: EngineEvent): void {
    if (!this.isAlive) return;
    if (SILENT.has(event.kind)) {
      this.engine.accept(event);
      return;
    }
    this.cross(`event ${event.kind}`);
    if (!this.isAlive) return;
    this.engine.accept(event);
    this.cross(`event ${event.kind} done`);
  }

  private die(text: string): void {
    this.options.world.complain(`${this.options.name} died by itself: ${text}`);
    this.kill("an invariant broke");
  }

  private async fetch(url: string, init: RequestInit): Promise<Response> {
    const { world } = this.options;
    const { pathname } = new URL(url);
    const path = pathname.slice("/v5/".length);
    this.cross(`request ${path}`);
    if (!this.isAlive) return NEVER;
    const response = await world.fetch(url, init);
    if (!this.isAlive) return NEVER;
    this.cross(`answer ${path}`);
    return this.isAlive ? response : NEVER;
  }

  private openSocket(url: string): ClientSocket {
    const socket = this.options.world.simulator.openSocket(url);
    this.sockets.add(socket);
    return socket;
  }

  private watched(venue: Venue): Venue {
    return new Proxy(venue, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== "function") return member;
        return (...given: unknown[]) => this.effect(String(key), () => member.apply(target, given));
      },
    });
  }

  private effect(name: string, perform: () => unknown): unknown {
    this.cross(`effect ${name}`);
    if (!this.isAlive) return undefined;
    const result = perform();
    this.cross(`effect ${name} done`);
    return result;
  }

  private logOf(component: string): LogPort {
    const { world, name } = this.options;
    const line = (level: string) => (text: string, data?: Readonly<Record<string, unknown>>) => {
      if (!this.isAlive) return;
      if (text.startsWith(WALLET_ALARM)) world.complain(`${name}: ${text}`);
      world.log(`${name} ${level} ${component}: ${text}${data ? ` ${JSON.stringify(data)}` : ""}`);
    };
    return { info: line("info"), warn: line("warn"), error: line("error") };
  }
}

/** What is under way when a process dies never comes back to it. */
const NEVER = new Promise<Response>(() => {});
const NO_LOG: LogPort = { info: () => {}, warn: () => {}, error: () => {} };

function configOf(mode: StartMode, { keys }: World): Config {
  const flags: Record<string, string> = {
    venue: mode === "auto" ? "sim" : "mainnet",
    trading: mode === "paper" ? "paper" : "live",
    bybitRestUrl: "http://venue",
    bybitWsUrl: "ws://venue",
    dailyLossUsdtMax: "100000",
    strategies: "maker",
    strategyParameters: "maker.requoteCooldownMs=15000,maker.requoteBps=4",
  };
  const env = { BYBIT_API_KEY: keys.apiKey, BYBIT_API_SECRET: keys.apiSecret };
  const parsed = parseConfig({ env, flags, file: null, credentials: {} });
  if (!parsed.ok) throw new Error(`no configuration: ${JSON.stringify(parsed.problem)}`);
  return parsed.value.config;
}
