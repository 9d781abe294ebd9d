/** Takes out of tidy.ratchet.json what is mended: `bun tests/unit/tidy.shrink.ts`. Adds nothing. */
import { join } from "node:path";
import { readFacts } from "./tidy.facts.ts";
import { shrunk } from "./tidy.rules.ts";

const PATH = join(import.meta.dir, "tidy.ratchet.json");
const smaller = shrunk(await readFacts(), await Bun.file(PATH).json());
await Bun.write(PATH, `${JSON.stringify(smaller, null, 2)}\n`);
