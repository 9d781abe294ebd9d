/**
 * A wire between browser and server that can be cut: bytes then go nowhere, in both directions, and
 * nobody is told. What was swallowed does not come later.
 */
import type { Socket } from "bun";

export interface Wire {
  readonly url: string;
  cut(): void;
  mend(): void;
  stop(): void;
}

interface End {
  other: Socket<End> | null;
  waiting: Uint8Array[];
  /** Swallowed something: nothing that comes after makes sense. */
  isTorn: boolean;
}

const freshEnd = (other: Socket<End> | null = null): End => ({
  other,
  waiting: [],
  isTorn: false,
});

export async function startWire(port: number): Promise<Wire> {
  let isCut = false;
  const pass = (from: Socket<End>, bytes: Uint8Array): void => {
    const { data } = from;
    if (isCut) data.isTorn = true;
    if (data.isTorn || data.other?.data.isTorn) return;
    if (data.other === null) data.waiting.push(bytes.slice());
    else data.other.write(bytes);
  };
  const close = (from: Socket<End>): void => {
    if (!isCut) from.data.other?.end();
  };
  const listener = Bun.listen<End>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      async open(client) {
        client.data = freshEnd();
        if (isCut) {
          client.data.isTorn = true;
          return;
        }
        const server = await Bun.connect<End>({
          hostname: "127.0.0.1",
          port,
          data: freshEnd(client),
          socket: { data: pass, close },
        });
        for (const bytes of client.data.waiting) server.write(bytes);
        client.data.other = server;
      },
      data: pass,
      close,
    },
  });
  return {
    url: `http://127.0.0.1:${listener.port}`,
    cut: () => {
      isCut = true;
    },
    mend: () => {
      isCut = false;
    },
    stop: () => listener.stop(true),
  };
}
