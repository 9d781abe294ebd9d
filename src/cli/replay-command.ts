import { existsSync } from "node:fs";
import { runReplay } from "../app/replay.ts";
import { EXIT, OperatorError } from "./exit-codes.ts";

const PRINTS = ["books", "tickers", "trades"] as const;
type Print = (typeof PRINTS)[number];

const isPrint = (text: string): text is Print => PRINTS.some((print) => print === text);

/**
 * `scalper replay FILE --print books|tickers|trades --json`: final state of a recording on stdout.
 */
export async function runReplayCommand(
  file: string,
  options: { print: string; json: boolean },
): Promise<void> {
  if (!isPrint(options.print)) {
    throw new OperatorError(
      `cannot replay: wanted --print ${PRINTS.join(", ")}; found "${options.print}"`,
      EXIT.usage,
    );
  }
  if (!existsSync(file)) {
    throw new OperatorError(`cannot replay "${file}": there is no such file`, EXIT.noInput);
  }
  const result = await runReplay({ file, print: options.print, json: options.json });
  await write(process.stderr, result.stderr);
  await write(process.stdout, result.stdout);
  process.exitCode = result.exitCode;
}

/** Resolves when the text is handed over, so that a pipe gets all of it before the process ends. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  if (text === "") return Promise.resolve();
  return new Promise((resolve) => stream.write(text, () => resolve()));
}
