/**
 * The one way in for people's commands: pages, API, socket, files and signals hand them over here.
 *
 * It measures how old a command is and knows what forbids it outside the engine; the engine judges
 * both, so that every outcome is told and recorded in one place. Commands that an earlier run took
 * are known from the record and not carried out again.
 *
 * An outcome is handed out only once it is written: whoever was answered finds the same after a
 * death in the next moment. What the disk refuses is said to be not durable.
 */
import type { EngineEvent } from "../domain/event.ts";
import type { Intervention } from "../engine/audit.ts";
import type { Clock } from "./ports/clock.ts";
import {
  COMMAND_LIFE_MS_MAX,
  type CommandAge,
  type CommandDesk,
  type CommandWish,
} from "./ports/commands.ts";

interface DeskOptions {
  readonly clock: Clock;
  readonly runId: string;
  readonly accept: (event: EngineEvent) => void;
  /** What the engine told last, newest first. */
  readonly told: () => readonly Intervention[];
  /** What the record has of a command of any run. */
  readonly recorded: (id: string) => Intervention | null;
  /** Writes what was told so far, before it returns; why it could not, empty when it could. */
  readonly commit: () => string;
  /** How long a command that is read now may have waited unread. */
  readonly waitedMs: () => number;
  /** Why trading may not be resumed; empty when nothing forbids it. */
  readonly whyHalted: () => string;
}

export function createCommandDesk(options: DeskOptions): CommandDesk {
  const { clock, runId, accept, recorded } = options;
  /** What the engine told of it, written; null when it told nothing. */
  const told = (id: string): Intervention | null => {
    const isTold = ({ commandId }: Intervention) => commandId === id;
    if (!options.told().some(isTold)) return null;
    const fault = options.commit();
    if (fault !== "") {
      accept({ kind: "record_status", up: false, detail: fault, unwritten: id });
    }
    return options.told().find(isTold) ?? null;
  };
  const find = (id: string): Intervention | null => told(id) ?? recorded(id);
  return {
    stamp: () => stampOf(runId, clock.monotonicMs()),
    find,
    give(wish: CommandWish) {
      const known = find(wish.id);
      if (known !== null) return known;
      const { id, action, symbol, by, reason, lifeMs = COMMAND_LIFE_MS_MAX } = wish;
      const ageMs = ageOf(wish.age, options);
      accept({
        kind: "command",
        id,
        action,
        symbol,
        by,
        reason,
        ageMs: ageMs ?? 0,
        lifeMs: Math.min(lifeMs, COMMAND_LIFE_MS_MAX),
        obstacle: obstacleOf(wish, ageMs, options),
        ...(wish.edit !== undefined && { edit: wish.edit }),
      });
      return told(id);
    },
  };
}

function obstacleOf({ action }: CommandWish, ageMs: number | null, options: DeskOptions): string {
  if (ageMs === null) return "it was meant for an earlier run of the program";
  return action === "resume" ? options.whyHalted() : "";
}

/** Null when the command was given to another process. */
function ageOf(age: CommandAge, { clock, runId, waitedMs }: DeskOptions): number | null {
  switch (age.by) {
    case "file":
      return Math.max(0, age.ageMs);
    case "receipt":
      return waitedMs();
    case "stamp": {
      const given = timeOf(age.stamp);
      if (given === null || given.runId !== runId) return null;
      return Math.max(0, clock.monotonicMs() - (given.monotonicMs + Math.max(0, age.sinceMs)));
    }
  }
}

/** `run@ms`: the monotonic clock begins anew with every process, so the run is part of it. */
const stampOf = (runId: string, monotonicMs: number): string =>
  `${runId}@${Math.floor(monotonicMs)}`;

function timeOf(stamp: string): { readonly runId: string; readonly monotonicMs: number } | null {
  const [, runId, text] = /^([0-9A-Za-z_-]{1,20})@(\d{1,15})$/.exec(stamp) ?? [];
  if (runId === undefined || text === undefined) return null;
  return { runId, monotonicMs: Number(text) };
}
