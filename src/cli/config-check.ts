import type { ConfigProblem } from "../config/parse.ts";
import type { Config } from "../config/settings.ts";
import { SETTINGS, type Setting } from "../config/settings.ts";
import { keysOf } from "../kernel/keys.ts";
import { EXIT, OperatorError } from "./exit-codes.ts";
import { type Flags, loadConfig } from "./load-config.ts";

/** Prints every setting with its value and origin; secrets only as "set". */
export function runConfigCheck(flags: Flags): void {
  const result = loadConfig(flags);
  if (!result.ok) throw configError(result.problem);
  const { config, origins } = result.value;
  for (const key of keysOf(SETTINGS)) {
    const setting: Setting = SETTINGS[key];
    const value = config[key];
    const shown = setting.secret ? (value === "" ? "(empty)" : "(set)") : String(value);
    const name = setting.env.padEnd(28);
    console.log(`${name} ${shown.padEnd(20)} ${origins[key]?.padEnd(12)} ${setting.about}`);
  }
  console.log("\nThe settings are right.");
}

/** The settings or, when any is wrong, an error that lists all problems at once. */
export function configOrThrow(flags: Flags): Config {
  const result = loadConfig(flags);
  if (!result.ok) throw configError(result.problem);
  return result.value.config;
}

function configError(problems: readonly ConfigProblem[]): OperatorError {
  const lines = problems.map(
    ({ name, found, accepts }) => `  ✖ ${name}: wanted ${accepts}; found ${found}`,
  );
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new OperatorError(
    `cannot use the settings: ${count}\n${lines.join("\n")}\n` +
      "Nothing was started or connected. `scalper serve --help` explains every setting.",
    EXIT.config,
  );
}
