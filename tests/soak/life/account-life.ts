/**
 * One life of an account: processes of the program come and go, borders are crossed, the venue
 * lives on; and at the end everything is quiet, flat and compared.
 *
 * All of it is a function of the seed. Borders happen one after another; what one of them leaves
 * behind for a while (a ban, a spoilt row) may meet the next. A person stands by who resumes what
 * was halted, sooner or later.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Prng, prngOf } from "../../../src/kernel/prng.ts";
import { BORDERS, type BorderName } from "./borders/list.ts";
import { LifeProcess, type StartMode } from "./life-process.ts";
import { reckonLife } from "./reckoning.ts";
import { Watch } from "./watch.ts";
import { World } from "./world.ts";

interface LifeOptions {
  readonly seed: string;
  readonly hours: number;
  readonly borders: readonly BorderName[];
  readonly onLog?: (line: string) => void;
}

/** What came of one life. */
export interface LifeOutcome {
  readonly seed: string;
  readonly sha256: string;
  readonly complaints: readonly string[];
  /** How often each border was crossed. */
  readonly crossed: Readonly<Record<string, number>>;
  readonly starts: number;
  readonly executions: number;
  readonly virtualSec: number;
  readonly unprotectedMsMax: number;
  /** The last lines of what was told, for a life that failed. */
  readonly lines: readonly string[];
}

/** The day ends in the second half of a life of two hours, and funding with it. */
const DAY_ENDS_AFTER_SEC = 4_200;
const DAY_AT_MS = Date.UTC(2026, 0, 6);
/** Mean time between two borders. */
const BORDER_EVERY_SEC = 90;
const PEACE_BEFORE_SEC = 20;
const PEACE_AFTER_SEC = 75;
const FLAT_SEC_MAX = 120;
/** A person looks at the page this often. */
const OPERATOR_EVERY_SEC = 15;

export class Life {
  readonly world: World;
  readonly prng: Prng;
  readonly mode: StartMode;
  readonly crossed: Record<string, number> = {};
  readonly watch: Watch;
  /** The one that works for the account; null while none runs. */
  process: LifeProcess | null = null;
  /** Wall clock of the machine minus the world's. */
  offsetMs = 0;
  /** Set while a border wants to be asked at every boundary. */
  onBoundary: ((process: LifeProcess, boundary: string) => void) | null = null;
  /** The person keeps the hands off while a border works. */
  operatorWaits = false;
  starts = 0;
  readonly dir: string;
  private readonly options: LifeOptions;

  constructor(options: LifeOptions) {
    this.options = options;
    const { seed, onLog } = options;
    this.prng = prngOf(`${seed}/life`);
    this.world = new World(seed, DAY_AT_MS - DAY_ENDS_AFTER_SEC * 1_000, onLog);
    this.mode = this.prng.int(2) === 0 ? "auto" : "armed";
    this.dir = mkdtempSync(join(tmpdir(), "scalper-life-"));
    this.watch = new Watch(this);
  }

  async run(): Promise<LifeOutcome> {
    try {
      this.start();
      await this.pass(PEACE_BEFORE_SEC);
      const endSec = this.options.hours * 3_600 - PEACE_AFTER_SEC;
      while (this.world.secondsPassed() < endSec) await this.crossOne(endSec);
      await this.quiet();
      reckonLife(this);
      return this.outcome();
    } finally {
      this.process?.kill("the run ends");
      this.world.simulator.stop();
      rmSync(this.dir, { recursive: true, force: true });
    }
  }

  /** Starts a process on the account's own directory. */
  start(): LifeProcess {
    const process = new LifeProcess({
      world: this.world,
      name: `process ${++this.starts}`,
      dataDir: join(this.dir, "account"),
      mode: this.mode,
      offsetMs: this.offsetMs,
      onCross: (crossing, boundary) => this.onBoundary?.(crossing, boundary),
    });
    this.process = process;
    process.start();
    return process;
  }

  command(action: "halt" | "resume" | "cancel_all" | "flatten", reason: string): void {
    this.world.log(`the person: ${action}`);
    this.process?.engine.command(action, "soak", reason);
  }

  /** Lets seconds pass, and what has to be looked at be looked at. */
  async pass(seconds: number): Promise<void> {
    let leftMs = Math.round(seconds * 1_000);
    while (leftMs > 0) {
      const ms = Math.min(1_000, leftMs);
      await this.world.pass(ms);
      leftMs -= ms;
      this.watch.look();
      this.stand(ms);
    }
  }

  private sinceLookMs = 0;

  /** A person resumes what is halted. */
  private stand(ms: number): void {
    this.sinceLookMs += ms;
    if (this.sinceLookMs < OPERATOR_EVERY_SEC * 1_000) return;
    this.sinceLookMs = 0;
    const { process } = this;
    if (process === null || !process.isAlive || this.operatorWaits) return;
    const { state, reason } = process.view.trading;
    if (state === "halted" && !reason.startsWith("flatten by")) this.command("resume", "go on");
  }

  private async crossOne(endSec: number): Promise<void> {
    const waitSec = 5 + BORDER_EVERY_SEC * this.prng.exponential();
    await this.pass(Math.min(waitSec, Math.max(1, endSec - this.world.secondsPassed())));
    if (this.world.secondsPassed() >= endSec) return;
    const names = this.options.borders;
    const name = names[this.prng.int(names.length)];
    if (name === undefined) return;
    this.crossed[name] = (this.crossed[name] ?? 0) + 1;
    this.world.log(`border ${name}`);
    await BORDERS[name](this, this.prng.child(`${name}/${this.crossed[name]}`));
    if (this.process === null || !this.process.isAlive) this.start();
  }

  /** Everything that was wrong ends; then one process makes the account flat. */
  private async quiet(): Promise<void> {
    this.onBoundary = null;
    this.operatorWaits = true;
    this.world.simulator.faults.remove(null);
    await this.pass(PEACE_AFTER_SEC);
    this.world.spoils.clear();
    if (this.process === null || !this.process.isAlive) this.start();
    await this.pass(PEACE_AFTER_SEC);
    await this.watch.compareSizes();
    this.command("flatten", "the run ends");
    let waitedSec = 0;
    while (!this.isProvedFlat() && waitedSec++ < FLAT_SEC_MAX) await this.pass(1);
    if (!this.isProvedFlat()) this.world.complain(`not proved flat in ${FLAT_SEC_MAX} s`);
    await this.process?.stop("the run ends");
  }

  private isProvedFlat(): boolean {
    return this.process?.view.trading.reason.startsWith("flat, by") === true;
  }

  private outcome(): LifeOutcome {
    const { world } = this;
    return {
      seed: this.options.seed,
      complaints: world.complaints,
      crossed: { ...this.crossed, day: world.clock.nowMs() > DAY_AT_MS ? 1 : 0 },
      starts: this.starts,
      executions: world.executions.length,
      virtualSec: world.secondsPassed(),
      unprotectedMsMax: this.watch.unprotectedMsMax,
      lines: world.lines,
      sha256: world.sha256(),
    };
  }
}
