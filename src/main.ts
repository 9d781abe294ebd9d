/** Arguments → command → exit code. Everything else is in cli/ and app.ts. */
const argv = process.argv.slice(2);

// The guard stands beside the engine for as long as that lives: it loads nothing that it can spare.
if (argv.length === 1 && argv[0] === "guard") {
  await (await import("./app/guard-process.ts")).runGuardProcess();
} else await (await import("./cli/program.ts")).runProgram(argv);
