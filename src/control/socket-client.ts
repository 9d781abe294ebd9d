/**
 * The other end of the control socket, for the sub-commands: never waits without a limit, and never
 * sends to an engine that has not just spoken.
 */
import { connect, type Socket } from "node:net";
import {
  type Answer,
  Answer as AnswerSchema,
  lineReader,
  parsedLine,
  type Question,
} from "./protocol.ts";
import { socketPathIn } from "./socket-path.ts";

/** An engine answers within milliseconds; one that took this long stands still. */
export const ANSWER_MS_MAX = 2_000;

/** Why nobody answers: nothing listens there, it may not be asked, or it does not speak. */
type Silence = "absent" | "forbidden" | "frozen";

export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly silence: Silence;

  constructor(silence: Silence, detail: string) {
    super(detail);
    this.silence = silence;
  }
}

export type Hello = Extract<Answer, { readonly hello: unknown }>;

export class ControlClient {
  private readonly socket: Socket;
  private readonly answers: Answer[] = [];
  private wake: () => void = () => {};
  private ended: NoAnswer | null = null;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("utf8");
    const read = lineReader((line) => {
      this.answers.push(parsedLine(AnswerSchema, line) ?? { fault: "not understood" });
      this.wake();
    });
    socket.on("data", (chunk) => {
      if (!read(String(chunk))) socket.destroy();
    });
    socket.on("error", (error) => this.end(silenceOf(error), error.message));
    socket.on("close", () => this.end("absent", "the engine hung up"));
  }

  /** Connects and hears the engine out. Throws {@link NoAnswer}. */
  static async open(dataDir: string): Promise<{ client: ControlClient; hello: Hello }> {
    const path = socketPath(dataDir);
    const client = new ControlClient(connect(path.address));
    const first = await client.next();
    path.release();
    if ("hello" in first) return { client, hello: first };
    client.close();
    throw new NoAnswer("frozen", "something else listens there");
  }

  /** Throws {@link NoAnswer}. */
  async ask(question: Question): Promise<Answer> {
    this.socket.write(`${JSON.stringify(question)}\n`);
    return await this.next();
  }

  close(): void {
    this.socket.destroy();
  }

  private async next(): Promise<Answer> {
    const deadlineMs = performance.now() + ANSWER_MS_MAX;
    for (;;) {
      const answer = this.answers.shift();
      if (answer !== undefined) return answer;
      if (this.ended !== null) throw this.ended;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) {
        this.close();
        throw new NoAnswer("frozen", `no answer in ${ANSWER_MS_MAX / 1_000} s`);
      }
      await this.news(leftMs);
    }
  }

  private async news(msMax: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, msMax);
    this.wake = resolve;
    await promise;
    clearTimeout(timer);
  }

  private end(silence: Silence, detail: string): void {
    this.ended ??= new NoAnswer(silence, detail);
    this.wake();
  }
}

function socketPath(dataDir: string) {
  try {
    return socketPathIn(dataDir);
  } catch (error) {
    throw new NoAnswer(silenceOf(error), error instanceof Error ? error.message : String(error));
  }
}

/** A dead socket refuses; the full queue of an engine that stands still says "again". */
function silenceOf(error: unknown): Silence {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "EACCES" || code === "EPERM") return "forbidden";
  return code === "EAGAIN" ? "frozen" : "absent";
}
