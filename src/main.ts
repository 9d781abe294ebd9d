/** Arguments → command → exit code. Everything else is in cli/ and app.ts. */
import { runProgram } from "./cli/program.ts";

await runProgram(process.argv.slice(2));
