/**
 * File descriptors with promises. `FileHandle` is not used: Bun throws into the process when one is
 * collected before it was closed, and a log must never be able to end a trading process.
 */
import { close, constants, fstat, ftruncate, open, read, type Stats, write } from "node:fs";

export type Fd = number;

type Done<Value> = (error: Error | null, value: Value) => void;

const promised = <Value>(start: (done: Done<Value>) => void): Promise<Value> =>
  new Promise((resolve, reject) => {
    start((error, value) =>
      error === null || error === undefined ? resolve(value) : reject(error),
    );
  });

/**
 * For reading what lies in the log directory: a link put there leads nowhere, and a pipe put there
 * cannot hold the reader.
 */
export const READ_NO_LINK = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export const openFd = (path: string, flags: string | number, mode?: number): Promise<Fd> =>
  promised((done) => open(path, flags, mode, done));

export const statFd = (fd: Fd): Promise<Stats> => promised((done) => fstat(fd, done));

/** Bytes written at the end of a file opened for appending. */
export const appendFd = (fd: Fd, bytes: Uint8Array, from: number): Promise<number> =>
  promised((done) => write(fd, bytes, from, bytes.length - from, null, done));

/** Fills `into` from `position` as far as the file reaches; the bytes read, 0 at its end. */
export const readFd = (fd: Fd, into: Uint8Array, position: number): Promise<number> =>
  promised((done) => read(fd, into, 0, into.length, position, done));

export const truncateFd = (fd: Fd, bytes: number): Promise<void> =>
  promised((done) => ftruncate(fd, bytes, (error) => done(error, undefined)));

/** Never fails: there is nothing to be done about a descriptor that cannot be closed. */
export const closeFd = (fd: Fd): Promise<void> =>
  new Promise((resolve) => close(fd, () => resolve()));
