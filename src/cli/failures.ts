/** What a failed command tells the operator, and the code it ends with. */
import { CommanderError } from "commander";
import { StartError } from "../app/start-error.ts";
import { errorStack } from "../kernel/wording.ts";
import { LeaseHeldError } from "../store/lease.ts";
import { MigrationError } from "../store/migrate.ts";
import { PortTakenError } from "../web/web-servers.ts";
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

function operatorCodeOf(error: unknown): number | null {
  if (error instanceof OperatorError) return error.exitCode;
  if (error instanceof StartError) return EXIT.unavailable;
  if (error instanceof LeaseHeldError || error instanceof PortTakenError) return EXIT.unavailable;
  return error instanceof MigrationError ? EXIT.noInput : null;
}
