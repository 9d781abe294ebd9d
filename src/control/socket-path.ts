/**
 * Where an engine's socket is: in its data directory, so that who may write there may command it.
 *
 * The system takes at most 107 bytes for such a path. A longer one is reached through an open
 * directory's place in /proc; where there is no such place, the directory must be a shorter one.
 */
import { closeSync, existsSync, openSync } from "node:fs";
import { join, resolve } from "node:path";

const SOCKET_NAME = "control.sock";
const PATH_BYTES_MAX = 107;

interface SocketPath {
  /** For people, and for the file's own mode. */
  readonly file: string;
  /** What is opened or connected to. */
  readonly address: string;
  /** Closes what holds the address. */
  release(): void;
}

/** Throws when the directory cannot be opened, or its path is too long here. */
export function socketPathIn(dataDir: string): SocketPath {
  const dir = resolve(dataDir);
  const file = join(dir, SOCKET_NAME);
  if (Buffer.byteLength(file) <= PATH_BYTES_MAX) return { file, address: file, release() {} };
  const handle = openSync(dir, "r");
  const place = `/proc/self/fd/${handle}`;
  if (existsSync(place)) {
    return { file, address: join(place, SOCKET_NAME), release: () => closeSync(handle) };
  }
  closeSync(handle);
  throw new Error(
    `${file} is longer than the ${PATH_BYTES_MAX} bytes that a socket's path may have`,
  );
}
