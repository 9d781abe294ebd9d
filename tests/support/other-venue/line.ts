/** A socket without a network: what goes in comes out at the exchange a moment later, and back. */
import type { Clock } from "../../../src/runtime/ports/clock.ts";
import type { OpenSocket } from "../../../src/venue/common/socket.ts";
import type { OtherExchange } from "./exchange.ts";
import { linesOf } from "./wire.ts";

const WAY_MS = 5;

export function lineTo(exchange: OtherExchange, clock: Clock): OpenSocket {
  return () => {
    let isOpen = true;
    const later = (act: () => void) =>
      clock.after(WAY_MS, () => {
        if (isOpen) act();
      });
    const client: ReturnType<OpenSocket> = {
      readyState: 1,
      bufferedAmount: 0,
      onopen: null,
      onmessage: null,
      onerror: null,
      onclose: null,
      send(text) {
        later(() => {
          for (const line of linesOf(text)) exchange.hear(line);
        });
      },
      terminate() {
        isOpen = false;
        exchange.disconnect();
      },
    };
    later(() => {
      exchange.connect((data) => later(() => client.onmessage?.({ data })));
      client.onopen?.({});
    });
    return client;
  };
}
