/** GET /logs/download: the lines that fit a filter, streamed in the file's order. */
import { z } from "zod";
import { DEFAULT_LOG, filterOf, LOG_FILTER_SHAPE } from "../monitor/log-params.ts";
import type { LogSearch } from "../runtime/ports/log.ts";
import { paramsOf } from "./parameters.ts";
import { type Dashboard, problem } from "./respond.ts";

const PARAMS = z.object(LOG_FILTER_SHAPE);
/** One piece of the answer: a reader that is slow holds the search up, not the memory. */
const PIECE = { hitsMax: 5_000, bytesMax: 512 * 1024, forMs: 50 } as const;

export function logRoutes({ app, deps, assets }: Dashboard): void {
  app.get("/logs/download", (c) => {
    const { file = DEFAULT_LOG, before, ...params } = paramsOf(c, PARAMS);
    const filter = filterOf(params, deps.nowMs()) ?? {};
    const search = deps.logs.search({ file, filter, order: "file", before });
    if (search === null) {
      const text = `There is no log file ${file}.`;
      return problem(c, assets, 404, { title: "No such log", text });
    }
    // The file may take longer than Bun lets a quiet connection be.
    c.env?.liftIdleTimeout?.();
    return c.body(linesOf(search), 200, {
      "content-type": "application/x-ndjson; charset=utf-8",
      "content-disposition": `attachment; filename="${file.replace(/\.log$/, "")}.ndjson"`,
    });
  });
}

function linesOf(search: LogSearch): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          const { hits, isDone } = await search.next(PIECE);
          if (hits.length > 0) {
            controller.enqueue(encoder.encode(hits.map(({ text }) => `${text}\n`).join("")));
          }
          if (isDone) {
            search.close();
            controller.close();
          }
          if (isDone || hits.length > 0) return;
        }
      },
      cancel: () => search.close(),
    },
    { highWaterMark: 0 },
  );
}
