import { simKeys } from "../app/sim-keys.ts";
import { errorText } from "../kernel/wording.ts";
import { systemClock } from "../runtime/clocks.ts";
import { startSimulatorServer } from "../simulator/index.ts";
import { portText } from "../web/port-text.ts";
import { configOrThrow } from "./config-check.ts";
import { EXIT, OperatorError } from "./exit-codes.ts";
import type { Flags } from "./load-config.ts";
import { onStopSignal } from "./signals.ts";

/** `scalper sim`: the exchange alone, until a signal. */
export async function runSim(flags: Flags): Promise<void> {
  const config = configOrThrow(flags);
  const { apiKey, apiSecret } = simKeys(config);
  const server = await startSimulatorServer({
    seed: config.simSeed,
    symbols: config.simSymbols,
    port: config.simPort,
    host: "127.0.0.1",
    accounts: [{ apiKey, apiSecret, walletUsdt: String(config.paperWalletUsdt) }],
    delayMs: config.simDelayMs,
    ...(flags.faults === undefined ? {} : { faultsFile: flags.faults }),
    ...(flags.scenario === undefined ? {} : { scenarioFile: flags.scenario }),
  }).catch((error: unknown) => {
    const { simPort: port } = config;
    const where = {
      what: "simulated exchange",
      host: "127.0.0.1",
      port,
      setting: "SCALPER_SIM_PORT",
    };
    throw new OperatorError(portText(where, errorText(error)), EXIT.unavailable);
  });
  const rest = `http://127.0.0.1:${server.port}`;
  const socket = `ws://127.0.0.1:${server.port}`;
  console.log(`simulated exchange: ${config.simSymbols} contracts, seed "${config.simSeed}"`);
  console.log(`  REST       ${rest}/v5/market/time`);
  console.log(`  public     ${socket}/v5/public/linear`);
  console.log(`  private    ${socket}/v5/private`);
  console.log(`  trade      ${socket}/v5/trade`);
  console.log(`  key        ${apiKey}`);
  const shown = config.simApiSecret === "" ? apiSecret : "(from the settings)";
  console.log(`  secret     ${shown}`);
  console.log("  stop       Ctrl-C");
  await new Promise<string>((resolve) => onStopSignal(systemClock, resolve));
  await server.stop();
}
