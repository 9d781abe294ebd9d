/**
 * The sub-commands of the one executable. A command that fails shows what was being done, wanted
 * and found, never a stack, and ends with a code of its own (exit-codes.ts).
 */
import { Command } from "commander";
import { VERSION } from "../version.ts";
import { runCheck } from "./check.ts";
import { runConfigCheck } from "./config-check.ts";
import { report } from "./failures.ts";
import { addSettingFlags, type Flags } from "./load-config.ts";
import { runReplayCommand } from "./replay-command.ts";
import { runServe } from "./serve.ts";
import { runSim } from "./sim.ts";
import { runUserAdd, runUserList, runUserPasswd } from "./user.ts";

/** What the exchange alone reads of the settings. */
const SIM_SETTINGS = ["simPort", "simSymbols", "simSeed", "simDelayMs", "paperWalletUsdt"] as const;

/** Runs one command line; the process ends when nothing is left to do, at once when it failed. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  try {
    await program().parseAsync([...argv], { from: "user" });
  } catch (error) {
    // Whatever a failed start may have left running must not hold the process.
    process.exit(report(error));
  }
}

function program(): Command {
  const root = new Command("scalper")
    .description(
      "Watches Bybit's USDT perpetuals, trades them under hard risk limits, shows it all.",
    )
    .version(VERSION, "-v, --version")
    .exitOverride()
    .showHelpAfterError("(scalper --help lists the commands)");

  addSettingFlags(root.command("serve"))
    .description("run the engine, the monitor API and the dashboard (what `bun start` does)")
    .action((flags: Flags) => runServe(flags));

  addSettingFlags(root.command("sim"), SIM_SETTINGS)
    .description("run the simulated exchange alone, for any client that speaks Bybit v5")
    .option("--faults <file>", "JSON list of faults to start with")
    .option("--scenario <file>", "JSON scenario: regimes and a planted edge to start with")
    .action((flags: Flags) => runSim(flags));

  root
    .command("replay")
    .description("feed a recorded socket session through decoder and engine, print the final state")
    .argument("<file>", "lines of {ts, dir, data}; .gz is read too")
    .option("--print <what>", "books, tickers or trades", "books")
    .option("--json", "print JSON", false)
    .action((file: string, options: { print: string; json: boolean }) =>
      runReplayCommand(file, options),
    );

  addSettingFlags(root.command("check"))
    .description("look whether this installation can run: settings, directories, database, venue")
    .action((flags: Flags) => runCheck(flags));

  const user = root.command("user").description("logins of the dashboard");
  addSettingFlags(user.command("add"), ["dataDir"])
    .description("add a login; the password is read from standard input")
    .argument("<name>")
    .option("--role <role>", "viewer, operator or admin", "viewer")
    .action((name: string, flags: Flags) => runUserAdd(name, flags));
  addSettingFlags(user.command("passwd"), ["dataDir"])
    .description("set a login's password, read from standard input; ends its sessions")
    .argument("<name>")
    .action((name: string, flags: Flags) => runUserPasswd(name, flags));
  addSettingFlags(user.command("list"), ["dataDir"])
    .description("list the logins")
    .action((flags: Flags) => runUserList(flags));

  const config = root.command("config").description("settings");
  addSettingFlags(config.command("check"))
    .description("show every setting, where it came from, and every problem")
    .action((flags: Flags) => runConfigCheck(flags));

  root
    .command("version")
    .description("print the version")
    .action(() => console.log(`scalper ${VERSION} (bun ${Bun.version})`));
  return root;
}
