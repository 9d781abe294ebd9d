/**
 * Keeps a guard beside the engine (guard-process.ts): starts it, gives it its orders, sends the
 * heartbeat, starts another when it ends, and says farewell when the program leaves in order.
 */
import { errorText } from "../kernel/wording.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import { ACTED, BEAT, BYE, type GuardOrders } from "./guard-process.ts";
import type { Opened } from "./open.ts";
import type { Wired } from "./wire.ts";

/** Several in the shortest silence that may be set. */
const BEAT_EVERY_MS = 400;
/** A guard that ends at once, over and over, is started this often. */
const RESTART_AFTER_MS = 5_000;

/**
 * The guard of this run; null where no order outlives the process, or nobody may start one. Both
 * figures of the settings are in it: whether, and after which silence.
 */
export function guardOf(
  { config, mode, clock, logs, installation, run }: Opened,
  { venue }: Pick<Wired, "venue">,
  command: readonly string[] | undefined,
): GuardKeeper | null {
  const { endpoints, keys, orders } = mode;
  if (command === undefined || config.guard === "off") return null;
  if (orders !== "venue" || endpoints === null || keys.apiKey === "") return null;
  return new GuardKeeper({
    command,
    clock,
    log: logs.logger("guard"),
    orders: {
      restUrl: endpoints.restUrl,
      ...keys,
      installation,
      runId: run.runId,
      silenceMs: config.guardSilenceSec * 1_000,
      logDir: run.logDir,
    },
    onActed: () => venue.venue()?.reconcile("the guard took entries back"),
  });
}

interface GuardOptions {
  /** The executable and its arguments up to "guard". */
  readonly command: readonly string[];
  readonly orders: GuardOrders;
  readonly clock: Clock;
  readonly log: LogPort;
  /** The guard took entries back while we live: the account is not what we believe. */
  readonly onActed: (cancelled: number) => void;
}

export class GuardKeeper {
  private readonly options: GuardOptions;
  private child: ReturnType<typeof spawn> | null = null;
  private cancelTimer: () => void = () => {};
  private isStopped = false;

  constructor(options: GuardOptions) {
    this.options = options;
  }

  /** Of the guard, null while none runs. */
  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  start(): void {
    const { command, orders, clock, log } = this.options;
    if (this.isStopped) return;
    try {
      const child = spawn([...command, "guard"]);
      this.child = child;
      this.send(JSON.stringify(orders));
      log.info("a guard takes entries back should this process die", { pid: child.pid });
      void this.listen(child.stdout);
      void child.exited.then((code) => this.onExit(code));
      this.beat();
    } catch (error) {
      log.error("the guard cannot be started; trying again", { text: errorText(error) });
      this.child = null;
      this.cancelTimer = clock.after(RESTART_AFTER_MS, () => this.start());
    }
  }

  /** The program leaves in order: nothing of ours rests that the guard would have to take back. */
  stop(): void {
    this.isStopped = true;
    this.cancelTimer();
    this.send(BYE);
    this.child?.stdin.end();
    this.child?.unref();
  }

  private beat(): void {
    this.send(BEAT);
    this.cancelTimer = this.options.clock.after(BEAT_EVERY_MS, () => this.beat());
  }

  private send(line: string): void {
    try {
      this.child?.stdin.write(`${line}\n`);
      void this.child?.stdin.flush();
    } catch {
      // It has ended: `onExit` starts another.
    }
  }

  private onExit(code: number): void {
    this.child = null;
    this.cancelTimer();
    if (this.isStopped) return;
    this.options.log.error("the guard ended; starting another", { code });
    this.cancelTimer = this.options.clock.after(RESTART_AFTER_MS, () => this.start());
  }

  private async listen(out: ReadableStream<Uint8Array>): Promise<void> {
    let text = "";
    const decoder = new TextDecoder();
    for await (const part of out) {
      const lines = (text + decoder.decode(part, { stream: true })).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) {
        const [word, count] = line.split(" ");
        if (word !== ACTED || this.isStopped) continue;
        this.options.log.warn("the guard heard nothing of us and took entries back", { count });
        this.options.onActed(Number(count));
      }
    }
  }
}

/** With nothing of our environment: its orders come by the pipe, secrets included. */
const spawn = (command: string[]) =>
  Bun.spawn(command, { stdin: "pipe", stdout: "pipe", stderr: "ignore", env: {} });
