/** All planted bugs. */
import { BORDER_BUGS } from "./border-bugs.ts";
import { ENGINE_BUGS } from "./engine-bugs.ts";
import { MONEY_BUGS } from "./money-bugs.ts";
import type { Bug } from "./mutant.ts";
import { TRADING_BUGS } from "./trading-bugs.ts";

/** One bug with what is needed to plant it. */
export interface Mutant extends Bug {
  /** Its place in the list, for `--only`. */
  readonly id: string;
  readonly file: string;
  readonly tests: readonly string[];
}

export const MUTANTS: readonly Mutant[] = [
  ...ENGINE_BUGS,
  ...TRADING_BUGS,
  ...MONEY_BUGS,
  ...BORDER_BUGS,
].flatMap(({ file, tests, bugs }) =>
  bugs.map((bug, index) => ({
    ...bug,
    file,
    tests,
    id: `${file.slice("src/".length)}#${index + 1}`,
  })),
);

/** The file with the bug in it, or null when its text is not there exactly once. */
export function planted(source: string, { find, replace }: Bug): string | null {
  const at = source.indexOf(find);
  if (at < 0 || source.indexOf(find, at + 1) >= 0) return null;
  return source.slice(0, at) + replace + source.slice(at + find.length);
}
