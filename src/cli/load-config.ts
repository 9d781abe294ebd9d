/**
 * Gathers what the pure parser needs: environment, flags, configuration file, systemd credentials.
 * The only reader of the environment in the program.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { keyProblems, modeOf } from "../app/mode.ts";
import { type ConfigProblem, type ConfigResult, parseConfig } from "../config/parse.ts";
import { flagOf, SETTINGS, type Setting, type SettingKey } from "../config/settings.ts";
import { isRecord, type JsonRecord } from "../kernel/json.ts";
import { keysOf } from "../kernel/keys.ts";
import { failure, type Result, success } from "../kernel/result.ts";
import { errorText } from "../kernel/wording.ts";

export type Flags = Readonly<Record<string, string | undefined>>;

/** Adds one flag for each setting that is not a secret, or only for the named ones. */
export function addSettingFlags(command: Command, only?: readonly SettingKey[]): Command {
  command.option("--config <file>", "TOML file with settings (SCALPER_CONFIG)");
  for (const key of keysOf(SETTINGS)) {
    const setting: Setting = SETTINGS[key];
    if (setting.secret || (only !== undefined && !only.includes(key))) continue;
    const fallback = setting.fallback === "" ? "" : `; default ${setting.fallback}`;
    command.option(
      `${flagOf(key)} <value>`,
      `${setting.about} (${setting.accepts}${fallback}; ${setting.env})`,
    );
  }
  return command;
}

/** Reads all sources and parses them. A file that cannot be read is a problem like any other. */
export function loadConfig(flags: Flags): ConfigResult {
  const env = process.env;
  const path = flags.config ?? env.SCALPER_CONFIG;
  const file = path === undefined ? success(null) : readToml(path);
  if (!file.ok) return failure([file.problem]);
  const result = parseConfig({
    env,
    flags,
    file: file.value,
    credentials: readCredentials(env.CREDENTIALS_DIRECTORY),
  });
  if (!result.ok) return result;
  const problems = keyProblems(modeOf(result.value.config));
  return problems.length > 0 ? failure(problems) : result;
}

/**
 * The data directory alone, whatever is wrong with the other settings: who wants to stop an engine
 * must not be asked for its keys first.
 */
export function dataDirOf(flags: Flags): string {
  const loaded = loadConfig(flags);
  if (loaded.ok) return loaded.value.config.dataDir;
  const { SCALPER_DATA_DIR: given, STATE_DIRECTORY: state } = process.env;
  return flags.dataDir ?? given ?? state ?? SETTINGS.dataDir.fallback;
}

function readToml(path: string): Result<JsonRecord, ConfigProblem> {
  const refuse = (found: string, accepts: string) =>
    failure({ name: "--config / SCALPER_CONFIG", found, accepts });
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    return refuse(`"${path}", which cannot be read (${codeOf(error)})`, "a readable TOML file");
  }
  try {
    const parsed: unknown = Bun.TOML.parse(text);
    return success(isRecord(parsed) ? parsed : {});
  } catch (error) {
    return refuse(
      `"${path}", which is not TOML (${errorText(error)})`,
      'lines like http_port = 8080 or venue = "sim"',
    );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unreadable";
}

function readCredentials(directory: string | undefined): Record<string, string> {
  if (directory === undefined) return {};
  try {
    return Object.fromEntries(
      readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), "utf8")]),
    );
  } catch {
    return {};
  }
}
