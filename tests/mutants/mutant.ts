/** A bug that somebody could have written, planted to see whether a test notices. */

export interface Bug {
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** What would go wrong. */
  readonly means: string;
  /** Why no test can notice it, where that is so: it changes nothing that anybody can see. */
  readonly equivalent?: string;
}

export interface Bugs {
  readonly file: string;
  /** The smallest tests that should notice: run first, together. */
  readonly tests: readonly string[];
  readonly bugs: readonly Bug[];
}
