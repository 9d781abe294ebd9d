/**
 * What kind of run a configuration asks for, resolved once.
 *
 * A venue and a kind of trading decide many things together: where prices come from, where orders
 * go and whose money they move, whether trading begins by itself, how patient the strategies are,
 * what a lost day is. They are read from one table here; nothing else in the program asks which
 * venue was configured, it asks the mode for the thing that it needs.
 */
import { type ConfigProblem, isLoopback } from "../config/parse.ts";
import type { Config } from "../config/settings.ts";
import { withoutSlash } from "../kernel/wording.ts";
import type { ModeLabel } from "../monitor/view.ts";
import { DEFAULT_LIMITS, type RiskLimits } from "../risk/limits.ts";
import type { Money } from "../strategy/strategy-parameters.ts";
import type { UniverseParameters } from "../universe/universe-parameters.ts";
import { ENDPOINTS, ownEndpoints, type VenueEndpoints } from "./endpoints.ts";

/** An API key and its secret; both empty where none is used. */
export interface Keys {
  readonly apiKey: string;
  readonly apiSecret: string;
}

export interface Mode {
  /** On every page: live is the only one that can lose money. */
  readonly label: ModeLabel;
  /** The same for a sentence. */
  readonly title: string;
  /** Where prices come from; null until the embedded exchange listens, as its port is not known. */
  readonly endpoints: VenueEndpoints | null;
  /** "venue": sent where the prices come from. "process": matched here, against those prices. */
  readonly orders: "venue" | "process";
  /** What orders and account are signed with; empty: market data only, or a pair yet to be made. */
  readonly keys: Keys;
  /** There is no account without them. */
  readonly needsKeys: boolean;
  /** Trading begins by itself; everywhere else an operator arms it. */
  readonly autoTrade: boolean;
  /** Orders move money that somebody owns. */
  readonly realMoney: boolean;
  /** Where wallet and positions live, and so what a restart finds of them. */
  readonly account: "venue" | "process" | "embedded exchange";
  /** Where the account is, for its key: ids of two places may be equal. */
  readonly place: string;
  readonly dailyLossUsdtMax: number;
  /** Where the other risk limits differ from the defaults. */
  readonly limits: Partial<RiskLimits>;
  /** Where the universe's parameters differ from the defaults. */
  readonly universe: Partial<UniverseParameters>;
  /** Whose money the strategies' own choices and numbers are for. */
  readonly money: Money;
}

type Base = Omit<Mode, "label" | "title" | "endpoints" | "keys" | "place">;

/** The simulator's money is there to be watched: its day ends at a fifth of the wallet. */
const SIM_DAILY_LOSS_USDT = 2_000;

/** Strategies have no edge there: they would pause for their losses most of the time. */
const SIM_LIMITS: Partial<RiskLimits> = {
  dailyLossEquityPctMax: 20,
  stopCooldownMs: 30_000,
  stopOutsMax: 60,
  symbolStreakMax: 25,
  accountStreakMax: 80,
};

/** A round trip there seldom pays for itself: what comes nearest to it is traded all the same. */
const SIM_UNIVERSE: Partial<UniverseParameters> = { enterScore: 20, leaveScore: 12 };

const SIMULATED: Base = {
  orders: "venue",
  needsKeys: false,
  autoTrade: true,
  realMoney: false,
  account: "venue",
  dailyLossUsdtMax: SIM_DAILY_LOSS_USDT,
  limits: SIM_LIMITS,
  universe: SIM_UNIVERSE,
  money: "simulated",
};

const WATCHED: Base = {
  orders: "venue",
  needsKeys: true,
  autoTrade: false,
  realMoney: false,
  account: "venue",
  dailyLossUsdtMax: DEFAULT_LIMITS.dailyLossUsdtMax,
  limits: {},
  universe: {},
  money: "real",
};

/** The mode of a configuration. Everything that depends on the venue is decided in this call. */
export function modeOf(config: Config): Mode {
  const { venue, trading } = config;
  const mode = venue === "sim" ? simulated(config) : watched(config, venue, trading);
  const { dailyLossUsdtMax } = config;
  return dailyLossUsdtMax === "" ? mode : { ...mode, dailyLossUsdtMax };
}

/** The embedded exchange, or a simulator that runs elsewhere; orders always go over the wire. */
function simulated(config: Config): Mode {
  const { bybitRestUrl, bybitApiKey, bybitApiSecret, simApiKey, simApiSecret } = config;
  const isEmbedded = bybitRestUrl === "";
  // A simulator elsewhere may be given its own pair or Bybit's variables.
  const usesOwnPair = isEmbedded || bybitApiKey === "";
  return {
    ...SIMULATED,
    label: "SIM",
    place: "sim",
    title: "simulated exchange",
    endpoints: isEmbedded ? null : { ...ownUrls(config), tradeSocket: true },
    keys: usesOwnPair
      ? { apiKey: simApiKey, apiSecret: simApiSecret }
      : { apiKey: bybitApiKey, apiSecret: bybitApiSecret },
    // The embedded exchange begins anew with every start, and so does its account.
    ...(isEmbedded && { account: "embedded exchange" }),
  };
}

const REAL_LABELS = { mainnet: "LIVE", testnet: "TESTNET", demo: "DEMO" } as const;

/** A venue of Bybit's, or a server named in its place. */
function watched(
  config: Config,
  venue: Exclude<Config["venue"], "sim">,
  trading: Config["trading"],
): Mode {
  const own = ENDPOINTS[venue];
  const isPaper = trading === "paper";
  return {
    ...WATCHED,
    label: isPaper ? "PAPER" : REAL_LABELS[venue],
    title: `${venue}, ${trading}`,
    place: isPaper ? `paper-${venue}` : venue,
    endpoints:
      config.bybitRestUrl === "" ? own : { ...ownUrls(config), tradeSocket: own.tradeSocket },
    keys: isPaper
      ? { apiKey: "", apiSecret: "" }
      : { apiKey: config.bybitApiKey, apiSecret: config.bybitApiSecret },
    realMoney: !isPaper && venue === "mainnet",
    ...(isPaper && { orders: "process", account: "process", needsKeys: false }),
  };
}

const ownUrls = ({ bybitRestUrl, bybitWsUrl }: Config) =>
  ownEndpoints(withoutSlash(bybitRestUrl), withoutSlash(bybitWsUrl));

/**
 * What this mode cannot do without and was not given, as problems of the settings; and where the
 * keys of real money would travel in clear.
 */
export function keyProblems({ needsKeys, keys, realMoney, endpoints }: Mode): ConfigProblem[] {
  if (!needsKeys) return [];
  const clear = realMoney && endpoints !== null ? clearProblems(endpoints) : [];
  const wanted = [
    ["BYBIT_API_KEY", keys.apiKey, "a key: live trading on a real venue needs one"],
    ["BYBIT_API_SECRET", keys.apiSecret, "a secret: live trading on a real venue needs one"],
  ] as const;
  const missing = wanted
    .filter(([, value]) => value === "")
    .map(([name, , accepts]) => ({ name, found: "nothing", accepts }));
  return [...missing, ...clear];
}

function clearProblems({ restUrl, wsUrl }: VenueEndpoints): ConfigProblem[] {
  const urls = [
    ["SCALPER_BYBIT_REST_URL", new URL(restUrl), "https:"],
    ["SCALPER_BYBIT_WS_URL", new URL(wsUrl), "wss:"],
  ] as const;
  return urls
    .filter(([, { protocol, hostname }, scheme]) => protocol !== scheme && !isLoopback(hostname))
    .map(([name, url, scheme]) => {
      const accepts = `${scheme}// unless it is on this machine: keys of real money go there`;
      return { name, found: `"${url.protocol}//${url.host}"`, accepts };
    });
}
