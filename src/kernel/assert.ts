/**
 * Assertions stay on in production: a core that has lost an invariant must not trade on.
 * A failed one is a bug in this program, never bad input; bad input gets an error value.
 */
export class AssertionFailure extends Error {
  override readonly name = "AssertionFailure";
}

/**
 * Throws {@link AssertionFailure} unless `condition` holds; `fact` reads as the thing that is true.
 */
export function assert(condition: boolean, fact: string): asserts condition {
  if (!condition) throw new AssertionFailure(`must hold: ${fact}`);
}

/** Narrows away undefined and null; `fact` says why the value cannot be missing here. */
export function must<Value>(value: Value | undefined | null, fact: string): Value {
  if (value === undefined || value === null) throw new AssertionFailure(`must exist: ${fact}`);
  return value;
}

/** Closes a switch over a union: a new member that nobody handles does not compile. */
export function unreachable(value: never): never {
  throw new AssertionFailure(`unhandled case: ${JSON.stringify(value)}`);
}
