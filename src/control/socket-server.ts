/**
 * The engine's ear for the operator of this machine: a socket in the data directory, for its owner
 * alone. It needs no session, no port, no disk and none of the web.
 */
import { chmodSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { commandRow } from "../monitor/command-row.ts";
import type { CommandDesk } from "../runtime/ports/commands.ts";
import type { LogPort } from "../runtime/ports/log.ts";
import { type Answer, lineReader, parsedLine, Question, type Status } from "./protocol.ts";
import { socketPathIn } from "./socket-path.ts";

/** More terminals than people; a script that forgets to hang up must not use up the process. */
const CONNECTIONS_MAX = 16;
/** Answers that nobody reads: a connection that takes none is given up. */
const UNREAD_BYTES_MAX = 256 * 1_024;
/** Readable and writable for the owner of the data directory only. */
const OWNER_ONLY = 0o600;

interface ControlOptions {
  readonly dataDir: string;
  readonly desk: CommandDesk;
  readonly status: () => Status;
  readonly log: LogPort;
}

export interface ControlSocket {
  readonly path: string;
  stop(): void;
}

/** Listens. A socket that a killed run left is removed: the directory's lease says it is dead. */
export async function openControlSocket(options: ControlOptions): Promise<ControlSocket> {
  const { log } = options;
  const path = socketPathIn(options.dataDir);
  rmSync(path.file, { force: true });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    if (open.size >= CONNECTIONS_MAX) return void socket.destroy();
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    serve(socket, options);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path.address, () => {
      server.off("error", reject);
      resolve();
    });
  });
  server.on("error", (error) => log.error("the control socket failed", { text: error.message }));
  chmodSync(path.file, OWNER_ONLY);
  return {
    path: path.file,
    stop() {
      for (const socket of open) socket.destroy();
      server.close();
      rmSync(path.file, { force: true });
      path.release();
    },
  };
}

function serve(socket: Socket, options: ControlOptions): void {
  const say = (answer: Answer): void => {
    socket.write(`${JSON.stringify(answer)}\n`);
    if (socket.writableLength > UNREAD_BYTES_MAX) socket.destroy();
  };
  const { desk, status } = options;
  say({ hello: status(), stamp: desk.stamp(), pid: process.pid });
  const read = lineReader((line) => {
    const question = parsedLine(Question, line);
    say(question === null ? { fault: "not understood" } : answerOf(question, options));
  });
  socket.setEncoding("utf8");
  socket.on("data", (chunk) => {
    if (!read(String(chunk))) socket.destroy();
  });
}

function answerOf(question: Question, { desk, status }: ControlOptions): Answer {
  if ("status" in question) return { status: status() };
  if ("look" in question) {
    const told = desk.find(question.look);
    return told === null ? { unknown: question.look } : { told: commandRow(told) };
  }
  const { stamp, sinceMs, ...wish } = question.command;
  const told = desk.give({ ...wish, age: { by: "stamp", stamp, sinceMs } });
  return told === null
    ? { fault: "the engine takes nothing any more: it is ending" }
    : { told: commandRow(told) };
}
