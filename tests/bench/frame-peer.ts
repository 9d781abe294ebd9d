/** A subscriber of the simulator's streams without a socket: frames go to a function. */
import { prngOf } from "../../src/kernel/prng.ts";
import { Faults, FrameFaults } from "../../src/simulator/shell/faults.ts";
import { Peer } from "../../src/simulator/shell/stream/peer.ts";

export function framePeer(nowMs: number, send: (text: string) => void): Peer {
  return new Peer({
    kind: "linear",
    connId: "bench",
    address: "",
    idleMsMax: Number.POSITIVE_INFINITY,
    nowMs,
    faults: new FrameFaults(new Faults(prngOf("bench")), () => {}),
    line: { nowMs: () => 0, sampleMs: () => 0, after: () => {} },
    wire: {
      send,
      bufferedBytes: () => 0,
      cork: (work) => work(),
      close() {},
      terminate() {},
    },
  });
}
