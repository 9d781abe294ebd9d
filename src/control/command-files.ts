/**
 * Commands by a file in the data directory, for whoever can do nothing else: `touch HALT`.
 *
 * What stops is a state: trading is halted for as long as the file HALT is there, also over a
 * restart, and a resume is refused until somebody removes it. It is looked at, never touched. What
 * sells is a command: FLATTEN is taken once, by renaming it to FLATTEN.taken, and only while it is
 * young, so that one which lay before a frozen process, or before a start, sells nothing: that one
 * ends as FLATTEN.expired. The first line of a file is the reason. Both are noticed within half a
 * second.
 */
import { readFileSync, renameSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { errorText } from "../kernel/wording.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { CommandDesk } from "../runtime/ports/commands.ts";
import type { LogPort } from "../runtime/ports/log.ts";

/** Two looks at a directory that is in memory cost some ten microseconds. */
const LOOK_EVERY_MS = 250;
const REASON_CHARS_MAX = 200;
/** Stands where a login name stands: nobody signed in. */
const BY = "file";

interface FileOptions {
  readonly dataDir: string;
  readonly runId: string;
  readonly desk: () => CommandDesk;
  readonly isTrading: () => boolean;
  readonly clock: Clock;
  /** The wall clock, which files are dated by. */
  readonly wallMs: () => number;
  readonly log: LogPort;
}

export class CommandFiles {
  private readonly options: FileOptions;
  private readonly halt: string;
  private readonly flatten: string;
  /** The file that was acted on last, by the time of its making; 0 when there was none. */
  private haltSeen = 0;
  private flattenSeen = 0;
  private halts = 0;
  private cancel: () => void = () => {};

  constructor(options: FileOptions) {
    this.options = options;
    this.halt = join(options.dataDir, "HALT");
    this.flatten = join(options.dataDir, "FLATTEN");
  }

  /** Looks now, and from now on. */
  start(): void {
    this.look();
    this.cancel = this.options.clock.after(LOOK_EVERY_MS, () => this.start());
  }

  stop(): void {
    this.cancel();
  }

  /** Why trading may not be resumed; empty when no file forbids it. */
  whyHalted(): string {
    return found(this.halt) === null ? "" : `the file ${this.halt} is there: remove it first`;
  }

  private look(): void {
    try {
      this.lookAtHalt();
      this.lookAtFlatten();
    } catch (error) {
      this.options.log.error("a command file could not be looked at", { text: errorText(error) });
    }
  }

  private lookAtHalt(): void {
    const file = found(this.halt);
    const before = this.haltSeen;
    this.haltSeen = file?.ctimeMs ?? 0;
    if (file === null) {
      if (before !== 0) this.options.log.info("the file HALT is gone: an operator may resume");
      return;
    }
    if (before !== 0 && !this.options.isTrading()) return;
    this.halts++;
    const id = `file-halt-${this.options.runId}-${this.halts}`;
    this.give({ id, action: "halt", reason: this.reasonIn(this.halt), ageMs: 0 });
  }

  private lookAtFlatten(): void {
    const file = found(this.flatten);
    if (file === null) {
      this.flattenSeen = 0;
      return;
    }
    // One that could not be renamed stays, and is not taken again.
    if (file.ctimeMs === this.flattenSeen) return;
    const reason = this.reasonIn(this.flatten);
    this.flattenSeen = file.ctimeMs;
    this.rename(this.flatten, "taken");
    const id = `file-flatten-${Math.round(file.ctimeMs)}-${file.ino}`;
    const ageMs = this.options.wallMs() - file.ctimeMs;
    const told = this.give({ id, action: "flatten", reason, ageMs });
    if (told?.verdict === "expired") this.rename(`${this.flatten}.taken`, "expired");
  }

  /** Says by its name what came of the file; one that cannot be renamed stays. */
  private rename(path: string, ending: "taken" | "expired"): void {
    try {
      renameSync(path, `${this.flatten}.${ending}`);
    } catch (error) {
      this.options.log.warn("the file FLATTEN cannot be renamed", { text: errorText(error) });
    }
  }

  private give(given: {
    readonly id: string;
    readonly action: "halt" | "flatten";
    readonly reason: string;
    readonly ageMs: number;
  }): ReturnType<CommandDesk["give"]> {
    const { id, action, reason, ageMs } = given;
    const age = { by: "file", ageMs } as const;
    return this.options.desk().give({ id, action, symbol: "", by: BY, reason, age });
  }

  private reasonIn(path: string): string {
    const [line = ""] = readFileSync(path, "utf8").split("\n");
    const text = line
      .replace(/\p{Cc}+/gu, " ")
      .trim()
      .slice(0, REASON_CHARS_MAX);
    if (text !== "") return text;
    const seenAt = new Date(this.options.wallMs()).toISOString().slice(11, 19);
    return `the file ${path} was there at ${seenAt} UTC`;
  }
}

function found(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}
