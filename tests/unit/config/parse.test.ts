import { describe, expect, test } from "bun:test";
import { type ConfigSources, nearest, parseConfig } from "../../../src/config/parse.ts";

const from = (sources: Partial<ConfigSources>) =>
  parseConfig({ env: {}, flags: {}, file: null, credentials: {}, ...sources });

function configOf(sources: Partial<ConfigSources>) {
  const result = from(sources);
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value.config;
}

function problemsOf(sources: Partial<ConfigSources>) {
  const result = from(sources);
  return result.ok ? [] : result.problem;
}

describe("defaults", () => {
  test("an empty environment runs the simulator on loopback", () => {
    expect(configOf({})).toMatchObject({
      venue: "sim",
      trading: "paper",
      host: "127.0.0.1",
      httpPort: 8080,
      monitorPort: 8090,
      simPort: 8091,
      simSymbols: 611,
      simDelayMs: [2, 5],
      dataDir: "./data",
    });
  });

  test("systemd's directories are taken when nothing else is said", () => {
    const env = { STATE_DIRECTORY: "/var/lib/scalper:/x", LOGS_DIRECTORY: "/var/log/scalper" };
    expect(configOf({ env })).toMatchObject({
      dataDir: "/var/lib/scalper",
      logDir: "/var/log/scalper",
    });
    expect(configOf({ env: { ...env, SCALPER_DATA_DIR: "/d" } }).dataDir).toBe("/d");
  });
});

describe("sources", () => {
  test("flag over environment over credential over file over default", () => {
    const file = { http_port: 1, monitor_port: 2, sim_port: 3, admin_password: "from the file" };
    const env = { SCALPER_HTTP_PORT: "11", SCALPER_MONITOR_PORT: "12" };
    const config = configOf({
      file,
      env,
      flags: { httpPort: "21" },
      credentials: { "admin-password": "from systemd\n" },
    });
    expect([config.httpPort, config.monitorPort, config.simPort]).toEqual([21, 12, 3]);
    expect(config.adminPassword).toBe("from systemd");
  });
});

describe("problems", () => {
  test("all are reported at once, with name, value found and what is accepted", () => {
    const problems = problemsOf({
      env: { SCALPER_VENUE: "binance", SCALPER_HTTP_PORT: "x", SCALPER_SIM_SYMBOLS: "0" },
    });
    expect(problems.map(({ name }) => name)).toEqual([
      "SCALPER_VENUE",
      "SCALPER_HTTP_PORT",
      "SCALPER_SIM_SYMBOLS",
    ]);
    expect(problems[0]).toMatchObject({
      found: '"binance"',
      accepts: "sim, mainnet, testnet or demo",
    });
  });

  test("a flag is named as a flag", () => {
    expect(problemsOf({ flags: { httpPort: "-1" } })[0]?.name).toBe("--http-port");
  });

  test("unknown names of ours are refused with the nearest one, others are nobody's business", () => {
    const [problem] = problemsOf({ env: { SCALPER_HTP_PORT: "1", HOME: "/root" } });
    expect(problem?.name).toBe("SCALPER_HTP_PORT");
    expect(problem?.accepts).toContain("SCALPER_HTTP_PORT");
    expect(problemsOf({ file: { htp_port: 1 } })[0]?.accepts).toContain("http_port");
    expect(nearest("SCALPER_VENU", ["SCALPER_HOST", "SCALPER_VENUE"])).toBe("SCALPER_VENUE");
  });

  test("a secret's value never enters a problem", () => {
    const problems = problemsOf({ env: { SCALPER_ADMIN_PASSWORD: "hunter2" } });
    expect(problems[0]?.name).toBe("SCALPER_ADMIN_PASSWORD");
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });

  test.each([
    [{ BYBIT_API_KEY: "k" }, "BYBIT_API_KEY and BYBIT_API_SECRET"],
    [{ SCALPER_SIM_API_KEY: "k" }, "SCALPER_SIM_API_KEY and SCALPER_SIM_API_SECRET"],
    [
      { SCALPER_BYBIT_REST_URL: "http://127.0.0.1:1" },
      "SCALPER_BYBIT_REST_URL and SCALPER_BYBIT_WS_URL",
    ],
    [{ SCALPER_HTTP_PORT: "8090" }, "SCALPER_MONITOR_PORT"],
    [{ SCALPER_ORDER_USDT_MAX: "900" }, "SCALPER_ORDER_USDT_MAX"],
    [
      { SCALPER_BYBIT_REST_URL: "ftp://x", SCALPER_BYBIT_WS_URL: "ws://x" },
      "SCALPER_BYBIT_REST_URL",
    ],
  ])("%p is refused", (env, name) => {
    expect(problemsOf({ env }).map((problem) => problem.name)).toContain(name);
  });

  test("ports of 0 do not clash", () => {
    const env = { SCALPER_HTTP_PORT: "0", SCALPER_MONITOR_PORT: "0", SCALPER_SIM_PORT: "0" };
    expect(problemsOf({ env })).toEqual([]);
  });
});

describe("the way in from outside", () => {
  test("a clear-text bind beyond loopback wants encryption or a word", () => {
    const names = (env: Record<string, string>) => problemsOf({ env }).map(({ name }) => name);
    for (const host of ["0.0.0.0", "::", "192.168.1.5", "desk.lan", "128.0.0.1"]) {
      const env = { SCALPER_HOST: host };
      expect([host, names(env)]).toEqual([host, ["SCALPER_HOST"]]);
      expect(names({ ...env, SCALPER_ALLOW_PLAIN_HTTP: "on" })).toEqual([]);
      expect(names({ ...env, SCALPER_TLS_CERT: "/c", SCALPER_TLS_KEY: "/k" })).toEqual([]);
    }
    for (const host of ["127.0.0.1", "127.8.8.8", "::1", "localhost"]) {
      expect([host, names({ SCALPER_HOST: host })]).toEqual([host, []]);
    }
    expect(names({ SCALPER_TLS_CERT: "/c" })).toEqual(["SCALPER_TLS_CERT and SCALPER_TLS_KEY"]);
  });

  test("a public address is an origin; proxies are addresses", () => {
    const env = {
      SCALPER_PUBLIC_URL: "https://desk.example.org/",
      SCALPER_TRUSTED_PROXIES: "127.0.0.1, ::1",
    };
    expect(configOf({ env })).toMatchObject({
      publicUrl: "https://desk.example.org",
      trustedProxies: ["127.0.0.1", "::1"],
    });
    expect(configOf({})).toMatchObject({ publicUrl: "", trustedProxies: [] });
    expect(problemsOf({ env: { SCALPER_TRUSTED_PROXIES: "all" } })).toHaveLength(1);
    expect(problemsOf({ env: { SCALPER_PUBLIC_URL: "desk.example.org" } })).toHaveLength(1);
  });
});

describe("strategies", () => {
  test("their problems are told with all others, under the name that the operator used", () => {
    const problems = problemsOf({
      env: { SCALPER_HTTP_PORT: "x", SCALPER_STRATEGIES: "market" },
      flags: { strategyParameters: "maker.quoteNotionalUsdt=0" },
    });
    expect(problems.map(({ name }) => name)).toEqual([
      "SCALPER_HTTP_PORT",
      "SCALPER_STRATEGIES",
      "--strategy-parameters",
    ]);
  });
});
