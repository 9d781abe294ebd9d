/**
 * The account's place in a life: the world, the process that works for the account at the moment,
 * and the person beside it. Borders act on this and on nothing else.
 */

import { join } from "node:path";
import type { OperatorAction } from "../../../src/domain/event.ts";
import { type Prng, prngOf } from "../../../src/kernel/prng.ts";
import { commandOf } from "../../support/commands.ts";
import { LifeProcess, type StartMode } from "./life-process.ts";
import { Watch } from "./watch.ts";
import { World } from "./world.ts";

/** The day ends in the second half of a life of two hours, and funding with it. */
const DAY_ENDS_AFTER_SEC = 4_200;
const MIDNIGHT_AT_MS = Date.UTC(2026, 0, 6);
/** A person looks at the page this often. */
const OPERATOR_EVERY_SEC = 15;

interface DeskOptions {
  readonly seed: string;
  /** A directory of this life's own. */
  readonly dir: string;
  readonly onLog: ((line: string) => void) | undefined;
}

export class LifeDesk {
  readonly world: World;
  readonly prng: Prng;
  readonly mode: StartMode;
  readonly watch: Watch;
  readonly dir: string;
  /** The one that works for the account; null while none runs. */
  process: LifeProcess | null = null;
  /** Wall clock of the machine minus the world's. */
  offsetMs = 0;
  /** Set while a border wants to be asked at every boundary. */
  onBoundary: ((process: LifeProcess, boundary: string) => void) | null = null;
  /** The person keeps the hands off while a border works. */
  operatorWaits = false;
  private commands = 0;
  starts = 0;
  private sinceLookMs = 0;

  constructor({ seed, dir, onLog }: DeskOptions) {
    this.dir = dir;
    this.prng = prngOf(`${seed}/life`);
    const startAtMs = MIDNIGHT_AT_MS - DAY_ENDS_AFTER_SEC * 1_000;
    this.world = new World({ seed, startAtMs, onLog });
    this.mode = this.prng.int(2) === 0 ? "auto" : "armed";
    this.watch = new Watch(this);
  }

  get isUp(): boolean {
    return this.process?.isAlive === true;
  }

  get isPastMidnight(): boolean {
    return this.world.clock.nowMs() > MIDNIGHT_AT_MS;
  }

  /** Starts a process on the account's own directory. */
  start(mode: StartMode = this.mode): LifeProcess {
    const process = new LifeProcess({
      world: this.world,
      name: `process ${++this.starts}`,
      dataDir: join(this.dir, "account"),
      mode,
      offsetMs: this.offsetMs,
      onCross: (crossing, boundary) => this.onBoundary?.(crossing, boundary),
    });
    this.process = process;
    process.start();
    return process;
  }

  command(action: OperatorAction, reason: string): void {
    this.world.log(`the person: ${action}`);
    this.commands++;
    const id = `soak-${this.commands}`;
    this.process?.engine.accept(commandOf(action, { id, by: "soak", reason }));
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

  isProvedFlat(): boolean {
    return this.isUp && this.process?.view.trading.reason.startsWith("flat, by") === true;
  }

  /** A person resumes what is halted, and lets a flatten end. */
  private stand(ms: number): void {
    this.sinceLookMs += ms;
    if (this.sinceLookMs < OPERATOR_EVERY_SEC * 1_000) return;
    this.sinceLookMs = 0;
    const { process } = this;
    if (process === null || !process.isAlive || this.operatorWaits) return;
    const { state, reason } = process.view.trading;
    if (state === "halted" && !reason.startsWith("flatten by")) this.command("resume", "go on");
  }
}
