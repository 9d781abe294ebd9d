/** What a failed command tells the operator, and the code it ends with. */
import { CommanderError } from "commander";
import { errorStack } from "../kernel/wording.ts";
import { EXIT, OperatorError } from "./exit-codes.ts";

/**
 * Prints a failure and returns its exit code. What the operator can mend is one text without a
 * stack; anything else is a fault of ours, and its stack is what a report needs.
 */
export function report(error: unknown): number {
  // The parser has printed its own text.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const code = operatorCodeOf(error);
  if (code !== null && error instanceof Error) {
    console.error(`scalper: ${error.message}`);
    return code;
  }
  console.error(`scalper: this is a fault of the program, please report it: ${errorStack(error)}`);
  return EXIT.software;
}

/**
 * Errors whose text is for the operator, by their name: to ask for their classes would load the
 * whole program for every command.
 */
const OPERATORS: ReadonlyMap<string, number> = new Map([
  ["StartError", EXIT.unavailable],
  ["LeaseHeldError", EXIT.unavailable],
  ["PortTakenError", EXIT.unavailable],
  ["MigrationError", EXIT.noInput],
]);

function operatorCodeOf(error: unknown): number | null {
  if (error instanceof OperatorError) return error.exitCode;
  return error instanceof Error ? (OPERATORS.get(error.name) ?? null) : null;
}
