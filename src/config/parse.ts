/**
 * Configuration is a value: parsed once by a pure function that reports *all* problems.
 *
 * Strongest first: flag, environment, systemd credential, configuration file, default. Unknown
 * names with our prefix are refused, since a misspelt limit is a limit that does not hold. Values
 * of secrets never enter a problem's text.
 */
import { keysOf } from "../kernel/keys.ts";
import { failure, type Result, success } from "../kernel/result.ts";
import { limitsIn } from "./limit-settings.ts";
import {
  type Config,
  fileKeyOf,
  flagOf,
  SETTINGS,
  type Setting,
  type SettingKey,
} from "./settings.ts";
import { strategyProblems } from "./strategies.ts";

export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** By setting key, as the command line gave them. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** Parsed configuration file, null without one. */
  readonly file: Readonly<Record<string, unknown>> | null;
  /** systemd credentials by name. */
  readonly credentials: Readonly<Record<string, string>>;
}

export interface ConfigProblem {
  readonly name: string;
  readonly found: string;
  readonly accepts: string;
}

interface ParsedConfig {
  readonly config: Config;
  /** Where each setting came from, by its key. */
  readonly origins: Readonly<Record<string, string>>;
}

export type ConfigResult = Result<ParsedConfig, readonly ConfigProblem[]>;

/** Reads all settings. Pure: the caller passes the environment, the flags and the parsed file. */
export function parseConfig(sources: ConfigSources): ConfigResult {
  const problems: ConfigProblem[] = [...unknownNames(sources)];
  const values: Record<string, unknown> = {};
  const origins: Record<string, string> = {};
  for (const key of keysOf(SETTINGS)) {
    const setting: Setting = SETTINGS[key];
    const given = pick(key, setting, sources);
    const parsed = setting.schema.safeParse(given.value);
    if (parsed.success) values[key] = parsed.data;
    else
      problems.push({
        name: given.name,
        found: shown(setting, given.value),
        accepts: setting.accepts,
      });
    origins[key] = given.origin;
  }
  problems.push(...strategyProblemsOf(values, sources), ...limitProblemsOf(values, sources));
  if (problems.length > 0) return failure(problems);
  const config = values as Config;
  const conflicts = crossCheck(config);
  return conflicts.length > 0 ? failure(conflicts) : success({ config, origins });
}

/** Strategies are checked with everything else, once both of their texts can be read. */
function strategyProblemsOf(
  { strategies, strategyParameters }: Readonly<Record<string, unknown>>,
  sources: ConfigSources,
): ConfigProblem[] {
  if (typeof strategies !== "string" || typeof strategyParameters !== "string") return [];
  const nameOf = (key: "strategies" | "strategyParameters") =>
    pick(key, SETTINGS[key], sources).name;
  return strategyProblems(
    { strategies, strategyParameters },
    { strategies: nameOf("strategies"), strategyParameters: nameOf("strategyParameters") },
  );
}

/** The risk limits by name are checked against their table. */
function limitProblemsOf(
  { limits }: Readonly<Record<string, unknown>>,
  sources: ConfigSources,
): ConfigProblem[] {
  const read = typeof limits === "string" ? limitsIn(limits) : null;
  if (read === null || read.ok) return [];
  const { name } = pick("limits", SETTINGS.limits, sources);
  return read.problem.map((problem) => ({ name, ...problem }));
}

interface Given {
  readonly value: string;
  readonly origin: string;
  /** How the operator wrote it, so that a problem points at the right place. */
  readonly name: string;
}

function pick(key: SettingKey, setting: Setting, sources: ConfigSources): Given {
  const flag = sources.flags[key];
  if (flag !== undefined) return { value: flag, origin: "flag", name: flagOf(key) };
  const env = sources.env[setting.env];
  if (env !== undefined && env !== "")
    return { value: env, origin: "environment", name: setting.env };
  const credential = setting.credential && sources.credentials[setting.credential];
  if (setting.credential && credential !== undefined) {
    return { value: credential.trim(), origin: "credential", name: setting.credential };
  }
  const inFile = sources.file?.[fileKeyOf(key)];
  if (inFile !== undefined) {
    return { value: String(inFile), origin: "file", name: fileKeyOf(key) };
  }
  if (key === "dataDir" && sources.env.STATE_DIRECTORY) {
    const [first = ""] = sources.env.STATE_DIRECTORY.split(":");
    return { value: first, origin: "systemd", name: "STATE_DIRECTORY" };
  }
  if (key === "logDir" && sources.env.LOGS_DIRECTORY) {
    const [first = ""] = sources.env.LOGS_DIRECTORY.split(":");
    return { value: first, origin: "systemd", name: "LOGS_DIRECTORY" };
  }
  return { value: setting.fallback, origin: "default", name: setting.env };
}

function shown(setting: Setting, value: string): string {
  return setting.secret ? `a secret of ${value.length} characters` : `"${value.slice(0, 120)}"`;
}

/** Names of ours that no setting has: misspellings, mostly. */
function unknownNames(sources: ConfigSources): ConfigProblem[] {
  const known = new Set<string>(Object.values(SETTINGS).map(({ env }) => env));
  known.add("SCALPER_CONFIG");
  const fileKeys = new Set(Object.keys(SETTINGS).map(fileKeyOf));
  const strangers = Object.keys(sources.env).filter(
    (name) => name.startsWith("SCALPER_") && !known.has(name),
  );
  const strangeKeys = Object.keys(sources.file ?? {}).filter((key) => !fileKeys.has(key));
  return [
    ...strangers.map((name) => ({
      name,
      found: "a name that no setting has",
      accepts: `one of ours; the nearest is ${nearest(name, [...known])}`,
    })),
    ...strangeKeys.map((name) => ({
      name,
      found: "a key of the configuration file that no setting has",
      accepts: `one of ours; the nearest is ${nearest(name, [...fileKeys])}`,
    })),
  ];
}

/** Settings that are right alone and wrong together. */
function crossCheck(config: Config): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if ((config.bybitApiKey === "") !== (config.bybitApiSecret === "")) {
    problems.push(halved("BYBIT_API_KEY and BYBIT_API_SECRET"));
  }
  if ((config.simApiKey === "") !== (config.simApiSecret === "")) {
    problems.push(halved("SCALPER_SIM_API_KEY and SCALPER_SIM_API_SECRET"));
  }
  if ((config.bybitRestUrl === "") !== (config.bybitWsUrl === "")) {
    problems.push(halved("SCALPER_BYBIT_REST_URL and SCALPER_BYBIT_WS_URL"));
  }
  if ((config.tlsCert === "") !== (config.tlsKey === "")) {
    problems.push(halved("SCALPER_TLS_CERT and SCALPER_TLS_KEY"));
  }
  problems.push(...portClashes(config), ...clearTextProblems(config));
  if (config.orderUsdtMax > config.symbolUsdtMax) {
    problems.push({
      name: "SCALPER_ORDER_USDT_MAX",
      found: String(config.orderUsdtMax),
      accepts: `at most SCALPER_SYMBOL_USDT_MAX, which is ${config.symbolUsdtMax}`,
    });
  }
  return problems;
}

function halved(name: string): ConfigProblem {
  return { name, found: "one without the other", accepts: "both of them or neither" };
}

/** Passwords and sessions cross a network in clear only where somebody asked for it by name. */
function clearTextProblems({ host, tlsCert, plainHttp }: Config): ConfigProblem[] {
  if (isLoopback(host) || tlsCert !== "" || plainHttp === "on") return [];
  const accepts =
    "a loopback address with a TLS proxy in front, SCALPER_TLS_CERT and SCALPER_TLS_KEY, " +
    "or SCALPER_ALLOW_PLAIN_HTTP=on in a network that you trust";
  return [{ name: "SCALPER_HOST", found: `"${host}" without encryption`, accepts }];
}

/** An address that other machines cannot reach. */
export function isLoopback(host: string): boolean {
  return ["localhost", "::1", "[::1]"].includes(host) || /^127(\.\d{1,3}){3}$/.test(host);
}

function portClashes(config: Config): ConfigProblem[] {
  const ports = [
    ["SCALPER_HTTP_PORT", config.httpPort],
    ["SCALPER_MONITOR_PORT", config.monitorPort],
    ["SCALPER_SIM_PORT", config.simPort],
  ] as const;
  return ports.flatMap(([name, value], index) => {
    const twin = ports.slice(0, index).find(([, other]) => other === value && value !== 0);
    return twin === undefined
      ? []
      : [{ name, found: String(value), accepts: `a port that ${twin[0]} does not use` }];
  });
}

/** The known name with the fewest edits to `name`. */
export function nearest(name: string, known: readonly string[]): string {
  const scored = known.map((candidate) => [edits(name, candidate), candidate] as const);
  scored.sort(([left], [right]) => left - right);
  return scored[0]?.[1] ?? "";
}

/** Levenshtein distance, one row at a time. */
function edits(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const swap = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
