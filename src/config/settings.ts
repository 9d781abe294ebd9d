/**
 * Every setting of the program, as one table: the schema, the defaults, the help text and the
 * README all come from here. A setting has one name in three spellings: the environment variable
 * (SCALPER_HTTP_PORT), the flag (--http-port) and the key of the configuration file (http_port).
 */
import { z } from "zod";

export interface Setting {
  /** Name in the environment; also how problems name it. */
  readonly env: string;
  readonly schema: z.ZodType;
  /** What a correct value looks like, for problems and help. */
  readonly accepts: string;
  readonly about: string;
  readonly fallback: string;
  /** Never a flag (argument lists are public) and never printed. */
  readonly secret?: true;
  /** Name of the systemd credential that may carry it instead. */
  readonly credential?: string;
}

const port = z.coerce.number().int().min(0).max(65535);
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const money = (max: number) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .refine((amount) => amount > 0 && amount <= max);
const delay = z
  .string()
  .regex(/^\d{1,4}-\d{1,4}$/)
  .transform((value) => {
    const [least = 0, most = 0] = value.split("-").map(Number);
    return [least, most] as const;
  })
  .refine(([least, most]) => least <= most && most <= 1_000);
const text = z.string().trim();
/** Whether the calendar of the runtime knows the zone. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
const url = (protocols: readonly string[]) =>
  z.string().refine((value) => {
    if (value === "") return true;
    return URL.canParse(value) && protocols.includes(new URL(value).protocol);
  });

export const SETTINGS = {
  venue: {
    env: "SCALPER_VENUE",
    schema: z.enum(["sim", "mainnet", "testnet", "demo"]),
    accepts: "sim, mainnet, testnet or demo",
    about: "where prices come from; sim is the embedded exchange and needs no keys",
    fallback: "sim",
  },
  trading: {
    env: "SCALPER_TRADING",
    schema: z.enum(["paper", "live"]),
    accepts: "paper or live",
    about: "paper matches orders in this process; live sends them to the venue (sim always does)",
    fallback: "paper",
  },
  dataDir: {
    env: "SCALPER_DATA_DIR",
    schema: text.min(1),
    accepts: "a directory that can be created or written",
    about: "database and state; systemd's STATE_DIRECTORY when that is set",
    fallback: "./data",
  },
  guard: {
    env: "SCALPER_GUARD",
    schema: z.enum(["on", "off"]),
    accepts: "on or off",
    about:
      "a second process that takes entries back when this one dies; where orders go to a venue",
    fallback: "on",
  },
  guardSilenceSec: {
    env: "SCALPER_GUARD_SILENCE_SEC",
    schema: whole(2, 60),
    accepts: "a whole number of seconds from 2 to 60",
    about: "how long the engine may be silent before its guard takes entries back",
    fallback: "5",
  },
  takeOver: {
    env: "SCALPER_TAKE_OVER",
    schema: z
      .string()
      .regex(/^[0-9a-z]{8}$/)
      .or(z.literal("")),
    accepts: "the eight characters of an installation, as the halt names it",
    about: "an engine on this account that is dead: its orders go once none moved for 5 minutes",
    fallback: "",
  },
  logDir: {
    env: "SCALPER_LOG_DIR",
    schema: text,
    accepts: "a directory that can be created or written",
    about: "log files; <data dir>/logs when empty",
    fallback: "",
  },
  host: {
    env: "SCALPER_HOST",
    schema: text.min(1).max(255),
    accepts: "an address of this machine, for example 127.0.0.1",
    about:
      "address that the dashboard listens on; the monitor API and the simulator stay on loopback",
    fallback: "127.0.0.1",
  },
  httpPort: {
    env: "SCALPER_HTTP_PORT",
    schema: port,
    accepts: "a port from 0 to 65535; 0 takes any free one",
    about: "dashboard",
    fallback: "8080",
  },
  monitorPort: {
    env: "SCALPER_MONITOR_PORT",
    schema: port,
    accepts: "a port from 0 to 65535; 0 takes any free one",
    about: "JSON monitor API",
    fallback: "8090",
  },
  simPort: {
    env: "SCALPER_SIM_PORT",
    schema: port,
    accepts: "a port from 0 to 65535; 0 takes any free one",
    about: "embedded exchange",
    fallback: "8091",
  },
  publicUrl: {
    env: "SCALPER_PUBLIC_URL",
    schema: url(["http:", "https:"]).transform((value) => value && new URL(value).origin),
    accepts: "an https:// address without a path, for example https://desk.example.org",
    about: "where a proxy serves the dashboard: its name is answered, its cookies are for TLS only",
    fallback: "",
  },
  trustedProxies: {
    env: "SCALPER_TRUSTED_PROXIES",
    schema: z
      .string()
      .regex(/^[0-9a-fA-F.:, ]*$/)
      .transform((value) =>
        value
          .split(",")
          .map((part) => part.trim())
          .filter(Boolean),
      ),
    accepts: "addresses with commas between, for example 127.0.0.1",
    about: "proxies whose X-Forwarded-For and X-Forwarded-Proto are believed",
    fallback: "",
  },
  tlsCert: {
    env: "SCALPER_TLS_CERT",
    schema: text,
    accepts: "a file that can be read",
    about: "certificate chain (PEM), for a dashboard that speaks TLS itself",
    fallback: "",
  },
  tlsKey: {
    env: "SCALPER_TLS_KEY",
    schema: text,
    accepts: "a file that can be read",
    about: "private key (PEM) of SCALPER_TLS_CERT",
    fallback: "",
  },
  plainHttp: {
    env: "SCALPER_ALLOW_PLAIN_HTTP",
    schema: z.enum(["on", "off"]),
    accepts: "on or off",
    about:
      "lets the dashboard be reached from other machines without encryption; pages then say so",
    fallback: "off",
  },
  adminPassword: {
    env: "SCALPER_ADMIN_PASSWORD",
    schema: z.string().min(8).max(256).or(z.literal("")),
    accepts: "8 to 256 characters",
    about: "password of the first login; a random one is printed once when it is empty",
    fallback: "",
    secret: true,
    credential: "admin-password",
  },
  bybitRestUrl: {
    env: "SCALPER_BYBIT_REST_URL",
    schema: url(["http:", "https:"]),
    accepts: "an http:// or https:// address without a path",
    about: "points the adapter at any server that speaks Bybit v5; the venue's own when empty",
    fallback: "",
  },
  bybitWsUrl: {
    env: "SCALPER_BYBIT_WS_URL",
    schema: url(["ws:", "wss:"]),
    accepts: "a ws:// or wss:// address without a path",
    about: "the same for its sockets",
    fallback: "",
  },
  bybitApiKey: {
    env: "BYBIT_API_KEY",
    schema: text.max(256),
    accepts: "the key as Bybit shows it",
    about: "needed for live trading; must not have withdrawal rights",
    fallback: "",
    secret: true,
    credential: "bybit-api-key",
  },
  bybitApiSecret: {
    env: "BYBIT_API_SECRET",
    schema: text.max(256),
    accepts: "the secret as Bybit shows it",
    about: "belongs to BYBIT_API_KEY",
    fallback: "",
    secret: true,
    credential: "bybit-api-secret",
  },
  simSeed: {
    env: "SCALPER_SIM_SEED",
    schema: text.min(1).max(64),
    accepts: "1 to 64 characters",
    about: "the simulated market is a function of it",
    fallback: "scalper",
  },
  simSymbols: {
    env: "SCALPER_SIM_SYMBOLS",
    schema: whole(1, 800),
    accepts: "a whole number from 1 to 800",
    about: "contracts listed on the simulator",
    fallback: "611",
  },
  simDelayMs: {
    env: "SCALPER_SIM_DELAY_MS",
    schema: delay,
    accepts: "least-most in milliseconds, for example 2-5, at most 1000; 0-0 for none",
    about: "how long the simulator takes to answer, drawn between the two",
    fallback: "2-5",
  },
  simApiKey: {
    env: "SCALPER_SIM_API_KEY",
    schema: text.max(128),
    accepts: "up to 128 characters",
    about: "key pair that the simulator accepts; made at the start and printed when empty",
    fallback: "",
    secret: true,
  },
  simApiSecret: {
    env: "SCALPER_SIM_API_SECRET",
    schema: text.max(128),
    accepts: "up to 128 characters",
    about: "belongs to SCALPER_SIM_API_KEY",
    fallback: "",
    secret: true,
  },
  orderUsdtMax: {
    env: "SCALPER_ORDER_USDT_MAX",
    schema: money(1_000_000),
    accepts: "an amount in USDT above 0 and at most 1000000",
    about: "risk limit: value of one order",
    fallback: "250",
  },
  symbolUsdtMax: {
    env: "SCALPER_SYMBOL_USDT_MAX",
    schema: money(10_000_000),
    accepts: "an amount in USDT above 0 and at most 10000000",
    about: "risk limit: position and open orders in one symbol",
    fallback: "500",
  },
  exposureUsdtMax: {
    env: "SCALPER_EXPOSURE_USDT_MAX",
    schema: money(100_000_000),
    accepts: "an amount in USDT above 0 and at most 100000000",
    about: "risk limit: positions and open orders together",
    fallback: "2000",
  },
  dailyLossUsdtMax: {
    env: "SCALPER_DAILY_LOSS_USDT_MAX",
    schema: money(10_000_000).or(z.literal("")),
    accepts: "an amount in USDT above 0 and at most 10000000",
    about: "risk limit: loss of a UTC day that halts trading; empty is 50, on the simulator 2000",
    fallback: "",
  },
  limits: {
    env: "SCALPER_LIMITS",
    schema: text.max(4_000),
    accepts: "limit=number, with commas between",
    about: "the other risk limits by name, for example leverageMax=5, symbolLossUsdtMax=10",
    fallback: "",
  },
  dayTimeZone: {
    env: "SCALPER_DAY_TIME_ZONE",
    schema: text.refine(isTimeZone),
    accepts: "an IANA name, for example Europe/Berlin",
    about: "in whose midnight the trading day begins, its result and its loss limit",
    fallback: "UTC",
  },
  activeSymbolsMax: {
    env: "SCALPER_ACTIVE_SYMBOLS_MAX",
    schema: whole(1, 50),
    accepts: "a whole number from 1 to 50",
    about: "symbols quoted at the same time",
    fallback: "8",
  },
  strategies: {
    env: "SCALPER_STRATEGIES",
    schema: text.max(500),
    accepts: "names of strategies with commas between, or none",
    about:
      "which strategies trade; empty is their own choice: all on the simulator, else the maker",
    fallback: "",
  },
  strategyParameters: {
    env: "SCALPER_STRATEGY_PARAMETERS",
    schema: text.max(4_000),
    accepts: "strategy.parameter=number, with commas between",
    about: "numbers of strategies, for example maker.quoteNotionalUsdt=50",
    fallback: "",
  },
  paperWalletUsdt: {
    env: "SCALPER_PAPER_WALLET_USDT",
    schema: money(1_000_000_000),
    accepts: "an amount in USDT above 0",
    about: "starting balance of paper and simulated accounts",
    fallback: "10000",
  },
  logFileMb: {
    env: "SCALPER_LOG_FILE_MB",
    schema: whole(1, 10_000),
    accepts: "a whole number of MB from 1 to 10000",
    about: "a log file is rotated at this size",
    fallback: "64",
  },
  logTotalMb: {
    env: "SCALPER_LOG_TOTAL_MB",
    schema: whole(2, 1_000_000),
    accepts: "a whole number of MB from 2 to 1000000",
    about: "rotated log files together; the oldest goes first",
    fallback: "1024",
  },
  logLevel: {
    env: "SCALPER_LOG_LEVEL",
    schema: z.enum(["debug", "info", "warn", "error"]),
    accepts: "debug, info, warn or error",
    about: "least level that is written",
    fallback: "info",
  },
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof SETTINGS;
export type Config = {
  readonly [Key in SettingKey]: z.output<(typeof SETTINGS)[Key]["schema"]>;
};

/** `httpPort` → `--http-port`. */
export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `httpPort` → `http_port`. */
export function fileKeyOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
