/**
 * Tells systemd how the service is (sd_notify protocol, man 3 sd_notify).
 *
 * Bun has no unix datagram socket, so libc is called through bun:ffi. Outside systemd
 * (NOTIFY_SOCKET unset) nothing is loaded and every call is a no-op.
 */
import { dlopen, FFIType, ptr } from "bun:ffi";

export interface Notifier {
  /** One datagram, for example "READY=1\nSTATUS=trading". Returns whether it was sent. */
  send(message: string): boolean;
  /** How often WATCHDOG=1 is due, null when systemd did not ask for it. */
  readonly watchdogMs: number | null;
}

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
/** A receiver that does not read must not stop the engine: the message is refused instead. */
const MSG_DONTWAIT = 0x40;
const READY = "READY=1";
const LIBC_NAMES = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"];

export interface NotifyEnvironment {
  readonly notifySocket: string | undefined;
  readonly watchdogUsec: string | undefined;
}

/**
 * Makes the notifier of this process. `onError` gets at most one text, when libc cannot be used.
 */
export function notifierOf(env: NotifyEnvironment, onError: (text: string) => void): Notifier {
  const { notifySocket } = env;
  const usec = Number(env.watchdogUsec ?? 0);
  const watchdogMs = usec > 0 ? usec / 1_000 : null;
  if (notifySocket === undefined || notifySocket === "") {
    return { send: () => false, watchdogMs: null };
  }
  const libc = openLibc();
  if (libc === null) {
    onError("cannot tell systemd that the service is ready: no usable libc was found");
    return { send: () => false, watchdogMs: null };
  }
  const address = socketAddress(notifySocket);
  const put = (message: string): boolean => {
    const descriptor = libc.symbols.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return false;
    const bytes = new TextEncoder().encode(message);
    const sent = libc.symbols.sendto(
      descriptor,
      ptr(bytes),
      bytes.length,
      MSG_DONTWAIT,
      ptr(address),
      address.length,
    );
    libc.symbols.close(descriptor);
    return Number(sent) === bytes.length;
  };
  // systemd waits for READY, and for nothing else: once refused it goes with the next message.
  let owed = "";
  return {
    watchdogMs,
    send(message) {
      const isSent = put(owed + message);
      if (isSent) owed = "";
      else if (message.startsWith(READY)) owed = `${READY}\n`;
      return isSent;
    },
  };
}

function openLibc() {
  for (const name of LIBC_NAMES) {
    try {
      return dlopen(name, {
        socket: { args: [FFIType.i32, FFIType.i32, FFIType.i32], returns: FFIType.i32 },
        sendto: {
          args: [FFIType.i32, FFIType.ptr, FFIType.u64, FFIType.i32, FFIType.ptr, FFIType.u32],
          returns: FFIType.i64,
        },
        close: { args: [FFIType.i32], returns: FFIType.i32 },
      });
    } catch {
      // The next name is tried; the caller reports when none is left.
    }
  }
  return null;
}

/** struct sockaddr_un; a leading "@" names the abstract namespace, written as a NUL. */
function socketAddress(path: string): Uint8Array {
  const name = new TextEncoder().encode(path.startsWith("@") ? `\0${path.slice(1)}` : `${path}\0`);
  const address = new Uint8Array(2 + name.length);
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(name, 2);
  return address;
}
