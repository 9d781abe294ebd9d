/** The receiving end of systemd's notify protocol, as Bun has no unix datagram socket. */
import { dlopen, FFIType, ptr } from "bun:ffi";

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const MSG_DONTWAIT = 0x40;

const libc = dlopen("libc.so.6", {
  socket: { args: [FFIType.i32, FFIType.i32, FFIType.i32], returns: FFIType.i32 },
  bind: { args: [FFIType.i32, FFIType.ptr, FFIType.u32], returns: FFIType.i32 },
  recv: { args: [FFIType.i32, FFIType.ptr, FFIType.u64, FFIType.i32], returns: FFIType.i64 },
  close: { args: [FFIType.i32], returns: FFIType.i32 },
});

export interface NotifySocket {
  /** The next datagram, null when there is none. */
  next(): string | null;
  close(): void;
}

/** Listens as systemd does; `name` is a path, or begins with "@" for the abstract namespace. */
export function notifySocket(name: string): NotifySocket {
  const bytes = new TextEncoder().encode(name.startsWith("@") ? `\0${name.slice(1)}` : `${name}\0`);
  const address = new Uint8Array(2 + bytes.length);
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(bytes, 2);
  const descriptor = libc.symbols.socket(AF_UNIX, SOCK_DGRAM, 0);
  if (libc.symbols.bind(descriptor, ptr(address), address.length) !== 0) {
    throw new Error(`cannot listen on the notify socket ${name}`);
  }
  return {
    next() {
      const buffer = new Uint8Array(512);
      const size = Number(libc.symbols.recv(descriptor, ptr(buffer), buffer.length, MSG_DONTWAIT));
      return size < 0 ? null : new TextDecoder().decode(buffer.subarray(0, size));
    },
    close: () => void libc.symbols.close(descriptor),
  };
}
