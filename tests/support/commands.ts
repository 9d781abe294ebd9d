/** A person's command as it reaches the engine, fresh and under an id of its own. */
import type { OperatorAction, OperatorCommand } from "../../src/domain/event.ts";

let count = 0;

export function commandOf(
  action: OperatorAction,
  change: Partial<Omit<OperatorCommand, "kind" | "action">> = {},
): OperatorCommand {
  count++;
  return {
    kind: "command",
    id: `command-${count}`,
    action,
    symbol: "",
    by: "ann",
    reason: "test",
    ageMs: 0,
    lifeMs: 5_000,
    obstacle: "",
    ...change,
  };
}
