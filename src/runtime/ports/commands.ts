/** How a person's command reaches the engine, whichever way it came, and what came of it. */
import type { OperatorAction } from "../../domain/event.ts";
import type { ProfileEdit } from "../../domain/profile-edit.ts";
import type { Intervention } from "../../engine/audit.ts";

/** A command as it came in. */
export interface CommandWish {
  /** Made by whoever gives it, new for each wish; a repeat has the id of the first. */
  readonly id: string;
  readonly action: OperatorAction;
  /** Empty where the action is about all of trading. */
  readonly symbol: string;
  readonly by: string;
  readonly reason: string;
  /** When it was given, as far as can be known; see `CommandAge`. */
  readonly age: CommandAge;
  /** With `edit_profile` only. */
  readonly edit?: ProfileEdit;
  /** Older than this it is not carried out; at most, and usually, {@link COMMAND_LIFE_MS_MAX}. */
  readonly lifeMs?: number;
}

/**
 * How a command's age is known, the best first.
 *
 * A giver that hears the server keeps the last stamp heard and counts on by its own monotonic
 * clock: stamp and count together are the server's own time of giving, whatever the two wall clocks
 * show, and behind it by no more than the stamp took to arrive, so that a command can only look too
 * old. A giver that heard nothing is judged by what the server knows of itself: how long it stood
 * still before it read the command. A file and its reader share one machine's clock.
 */
export type CommandAge =
  | { readonly by: "stamp"; readonly stamp: string; readonly sinceMs: number }
  | { readonly by: "receipt" }
  | { readonly by: "file"; readonly ageMs: number };

/** A person who waited longer for an answer has looked elsewhere, and so has the market. */
export const COMMAND_LIFE_MS_MAX = 5_000;

export interface CommandDesk {
  /** The server's own time, for commands that are given from now on. */
  stamp(): string;
  /** Hands a command to the engine; null when the engine takes nothing any more. */
  give(wish: CommandWish): Intervention | null;
  /** What came of a command, of this run or an earlier one; null when it never arrived. */
  find(id: string): Intervention | null;
}
