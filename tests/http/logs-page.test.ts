/** The log page: search, levels, a line with its neighbours, download. */
import { describe, expect } from "bun:test";
import { scenario } from "./scenario.ts";

describe("the log page", () => {
  scenario({
    name: "logs show lines as text, filtered",
    as: "viewer",
    url: "/logs?file=engine.log&q=quote",
    status: 200,
    inBody: ["quote moved &lt;b&gt;3&lt;/b&gt; ticks", "engine.log"],
    notInBody: ["profile saved", "<b>3"],
  });
  scenario({
    name: "logs count what a search read, and say that it is complete",
    as: "viewer",
    url: "/logs?file=engine.log&q=quote",
    status: 200,
    inBody: [
      "All 80 of 400 (",
      ": complete.",
      "level=warn",
      "/logs/download?file=engine.log&amp;q=quote",
    ],
  });
  scenario({
    name: "logs say of how many lines none fits",
    as: "viewer",
    url: "/logs?q=needle",
    status: 200,
    inBody: ["No line of 400 (", "contains “needle”."],
    notInBody: ["Searching"],
  });
  scenario({
    name: "logs of one level",
    as: "viewer",
    url: "/logs?level=warn",
    status: 200,
    inBody: ['<li class="log warn"', 'aria-current="true">warn'],
    notInBody: ['<li class="log info"', '<li class="log error"'],
  });
  scenario({
    name: "logs lead from a line to its neighbours, with all of it",
    as: "viewer",
    url: "/logs?file=engine.log&at=0",
    status: 200,
    inBody: ['aria-current="true"', "&quot;seq&quot;: 0", "at=0"],
    notInBody: ["data-log-pause"],
  });
  for (const [query, text] of [
    ["regex=1&q=%28", "must be a regular expression"],
    ["q=%0a", "without control characters"],
    ["from=noon", "a time such as 13:05:41, -10m"],
    ["level=loud", "levels out of debug, info, warn, error"],
  ]) {
    scenario({
      name: `logs refuse ${query}`,
      as: "viewer",
      url: `/logs?${query}`,
      status: 400,
      inBody: [text ?? ""],
    });
  }
  scenario({
    name: "logs are downloaded in the file's order, filtered",
    as: "viewer",
    url: "/logs/download?level=error&not=book",
    status: 200,
    after: (answer, body) => {
      expect(answer.headers.get("content-disposition")).toBe(
        'attachment; filename="engine.ndjson"',
      );
      const lines = body
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(lines.length).toBeGreaterThan(1);
      for (const line of lines) expect(line.level).toBe("error");
      expect(lines.map(({ seq }) => seq)).toEqual(
        lines.map(({ seq }) => seq).toSorted((one, other) => one - other),
      );
    },
  });
  scenario({
    name: "logs refuse a path",
    as: "viewer",
    url: "/logs?file=..%2Fscalper.db",
    status: 400,
    inBody: ["Parameter &quot;file&quot;"],
  });
  scenario({
    name: "an unknown log is 404",
    as: "viewer",
    url: "/logs?file=nope.log",
    status: 404,
    inBody: ["There is no log file nope.log."],
  });
});
