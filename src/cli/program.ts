/**
 * The sub-commands of the one executable. A command that fails shows what was being done, wanted
 * and found, never a stack, and ends with a code of its own (exit-codes.ts).
 *
 * Only the command that is asked for is loaded and given its flags: what the others need would take
 * half as long again as a start.
 */
import { Command } from "commander";
import type { SettingKey } from "../config/settings.ts";
import type { OperatorAction } from "../domain/event.ts";
import { VERSION } from "../version.ts";
import { report } from "./failures.ts";
import { addSettingFlags, type Flags } from "./load-config.ts";

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
  runCommands(root);
  operatorCommands(root);
  const user = root.command("user").description("logins of the dashboard");
  userCommands(user);
  userChanges(user);
  auditCommands(root.command("audit").description("the trail of what people did and tried"));
  const config = root.command("config").description("settings");
  takesSettings(config.command("check"))
    .description("show every setting, where it came from, and every problem")
    .action(async (flags: Flags) => (await import("./config-check.ts")).runConfigCheck(flags));
  root
    .command("version")
    .description("print the version")
    .action(() => console.log(`scalper ${VERSION} (bun ${Bun.version})`));
  return root;
}

/** The command takes flags for these settings, or for all; they are added when it is chosen. */
function takesSettings(command: Command, only?: readonly SettingKey[]): Command {
  command.parent?.hook("preSubcommand", (_parent, chosen) => {
    if (chosen === command) addSettingFlags(command, only);
  });
  return command;
}

function runCommands(root: Command): void {
  takesSettings(root.command("serve"))
    .description("run the engine, the monitor API and the dashboard (what `bun start` does)")
    .action(async (flags: Flags) => (await import("./serve.ts")).runServe(flags));
  takesSettings(root.command("sweep"))
    .description("take back entries that a dead engine of this data directory left resting")
    .action(async (flags: Flags) => (await import("./sweep.ts")).runSweep(flags));
  takesSettings(root.command("sim"), SIM_SETTINGS)
    .description("run the simulated exchange alone, for any client that speaks Bybit v5")
    .option("--faults <file>", "JSON list of faults to start with")
    .option("--scenario <file>", "JSON scenario: regimes and a planted edge to start with")
    .action(async (flags: Flags) => (await import("./sim.ts")).runSim(flags));
  root
    .command("replay")
    .description("feed a recorded socket session through decoder and engine, print the final state")
    .argument("<file>", "lines of {ts, dir, data}; .gz is read too")
    .option("--print <what>", "books, tickers or trades", "books")
    .option("--json", "print JSON", false)
    .action(async (file: string, options: { print: string; json: boolean }) =>
      (await import("./replay-command.ts")).runReplayCommand(file, options),
    );
  takesSettings(root.command("check"))
    .description("look whether this installation can run: settings, directories, database, venue")
    .action(async (flags: Flags) => (await import("./check.ts")).runCheck(flags));
}

interface OrderOptions extends Flags {
  readonly reason?: string;
  readonly wait?: string;
}

/** What stops and starts a running engine; none of it needs a session. */
function operatorCommands(root: Command): void {
  const order = (name: string, about: string, actionOf: (options: Flags) => OperatorAction) =>
    ordering(root, name, about).action(async (flags: OrderOptions) =>
      give({ action: actionOf(flags) }, flags),
    );
  const orderOf = (name: string, about: string, action: OperatorAction) =>
    ordering(root, name, about)
      .argument("<symbol>")
      .action(async (symbol: string, flags: OrderOptions) => give({ action, symbol }, flags));
  order("halt", "stop entries; exits and stops go on", () => "halt");
  order("cancel", "cancel every order and stop entries", (flags) =>
    flags.keepTrading === undefined ? "cancel_halt" : "cancel_all",
  ).option("--keep-trading", "cancel only: entries return some seconds later");
  order("flatten", "cancel every order, close every position, stay halted", () => "flatten");
  orderOf("close", "get out of one contract and stay out of it", "close_symbol");
  orderOf("pause", "stop entries in one contract", "pause_symbol");
  orderOf("pin", "quote one contract whatever it scores", "pin_symbol");
  orderOf("unpin", "let one contract be chosen by its score again", "unpin_symbol");
  orderOf("block", "keep one contract out whatever it scores; exits go on", "block_symbol");
  orderOf("unblock", "let one contract be chosen again", "unblock_symbol");
  ordering(root, "resume", "let trading, or one contract, enter again")
    .argument("[symbol]")
    .action(async (symbol: string | undefined, flags: OrderOptions) =>
      give({ action: symbol === undefined ? "resume" : "resume_symbol", symbol }, flags),
    );
  takesSettings(root.command("status"), ["dataDir"])
    .description("show whether a running engine trades, and what it holds")
    .option("--json", "print JSON")
    .action(async (flags: Flags) =>
      (await import("./operator.ts")).runStatus(flags, { json: flags.json !== undefined }),
    );
}

function ordering(root: Command, name: string, about: string): Command {
  return takesSettings(root.command(name), ["dataDir"])
    .description(`${about} (of the engine that runs in the data directory)`)
    .option("--reason <text>", "kept in the audit trail")
    .option("--wait <seconds>", "how long to wait until it is done; default 30")
    .option("--json", "print JSON");
}

async function give(
  order: { readonly action: OperatorAction; readonly symbol?: string | undefined },
  flags: OrderOptions,
): Promise<void> {
  const { reason, wait } = flags;
  const options = { reason, wait, json: flags.json !== undefined };
  await (await import("./operator.ts")).runOrder(order, flags, options);
}

function userCommands(user: Command): void {
  takesSettings(user.command("add"), ["dataDir"])
    .description("add a login; the password is read from standard input")
    .argument("<name>")
    .option("--role <role>", "viewer, operator or admin", "viewer")
    .action(async (name: string, flags: Flags) =>
      (await import("./user.ts")).runUserAdd(name, flags),
    );
  takesSettings(user.command("passwd"), ["dataDir"])
    .description("set a login's password, read from standard input; ends its sessions")
    .argument("<name>")
    .action(async (name: string, flags: Flags) =>
      (await import("./user.ts")).runUserPasswd(name, flags),
    );
  takesSettings(user.command("list"), ["dataDir"])
    .description("list the logins")
    .action(async (flags: Flags) => (await import("./user.ts")).runUserList(flags));
}

function userChanges(user: Command): void {
  takesSettings(user.command("role"), ["dataDir"])
    .description("give a login another role; ends its sessions")
    .argument("<name>")
    .requiredOption("--role <role>", "viewer, operator or admin")
    .action(async (name: string, flags: Flags) =>
      (await import("./user.ts")).runUserRole(name, flags),
    );
  for (const verb of ["disable", "enable"] as const) {
    takesSettings(user.command(verb), ["dataDir"])
      .description(verb === "disable" ? "shut a login; ends its sessions" : "open it again")
      .argument("<name>")
      .action(async (name: string, flags: Flags) =>
        (await import("./user.ts")).runUserDisable(name, flags, verb === "disable"),
      );
  }
  takesSettings(user.command("delete"), ["dataDir"])
    .description("delete a login; ends its sessions")
    .argument("<name>")
    .action(async (name: string, flags: Flags) =>
      (await import("./user.ts")).runUserDelete(name, flags),
    );
  takesSettings(user.command("sessions"), ["dataDir"])
    .description("list who is signed in, with address, last use and program")
    .argument("[name]")
    .option("--end", "end them")
    .action(async (name: string | undefined, flags: Flags & { end?: boolean }) =>
      (await import("./user.ts")).runUserSessions(name, flags, flags.end === true),
    );
}

function auditCommands(audit: Command): void {
  takesSettings(audit.command("verify"), ["dataDir"])
    .description("read the whole audit trail: does each row follow from the one before?")
    .action(async (flags: Flags) => (await import("./user.ts")).runAuditVerify(flags));
}
