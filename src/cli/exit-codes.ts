/** Exit codes, by sysexits.h where it has a fitting one. The unit file names `config` as final. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 64,
  /** What was kept is not as it was written. */
  data: 65,
  /** Something needed is missing: a file to replay, a database. */
  noInput: 66,
  /** An invariant broke; systemd restarts and start-up recovers. */
  software: 70,
  /** A port is taken, a directory is not writable, another engine runs here. */
  unavailable: 69,
  /** Taken and begun, but not seen to its end while the command waited. */
  unfinished: 2,
  /** It did not reach a working engine, and will not be carried out later. */
  undelivered: 75,
  /** The engine said no. */
  refused: 77,
  /** The settings are wrong: restarting cannot help. */
  config: 78,
  /** Ctrl-C a second time: ended at once, with orders and record as they were. */
  aborted: 130,
} as const;

/** A failure that the operator can mend: shown as its text, without a stack. */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}
