/** The simulated exchange as a server: the embedded default venue, and `scalper sim`. */
import {
  type SimulatorOptions,
  SimulatorServer,
  type SimulatorStats,
} from "./shell/loopback-server.ts";

export type { SimulatorOptions } from "./shell/loopback-server.ts";

export interface RunningSimulator {
  readonly port: number;
  stats(): SimulatorStats;
  stop(): Promise<void>;
}

/**
 * Starts the exchange and listens. Rejects when the port is taken, a file cannot be read or
 * the options are out of range; then nothing is left running.
 */
export async function startSimulatorServer(options: SimulatorOptions): Promise<RunningSimulator> {
  const { faultsFile, scenarioFile } = options;
  const faults = faultsFile === undefined ? [] : await readFaults(faultsFile);
  const scenario: unknown = scenarioFile === undefined ? null : await Bun.file(scenarioFile).json();
  const server = new SimulatorServer(options, { faults, scenario });
  return { port: server.port, stats: () => server.stats(), stop: () => server.stop() };
}

async function readFaults(path: string): Promise<readonly unknown[]> {
  const parsed: unknown = await Bun.file(path).json();
  if (Array.isArray(parsed)) return parsed;
  throw new TypeError(`cannot read faults: wanted a JSON list in ${path}, found ${typeof parsed}`);
}
