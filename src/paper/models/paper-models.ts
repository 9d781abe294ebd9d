/** How real a simulated venue is, by argument: one model a question. */
import { DEFAULT_FEES } from "../../domain/fees.ts";
import { type FeeModel, flatFees } from "./fee.ts";
import { fixedLatency, type LatencyModel } from "./latency.ts";
import { firstTier, type LiquidationModel } from "./maintenance.ts";
import { contestedQueue, type QueueModel } from "./queue.ts";
import { type FundingModel, venueFunding } from "./settlement.ts";

export interface PaperModels {
  readonly queue: QueueModel;
  readonly fee: FeeModel;
  readonly funding: FundingModel;
  readonly liquidation: LiquidationModel;
  readonly latency: LatencyModel;
}

/** Orders travel as far as real ones do from a server near the exchange. */
const ONE_WAY_MS = 20;

/** What paper trading uses when nobody chooses. */
export const DEFAULT_MODELS: PaperModels = {
  queue: contestedQueue(),
  fee: flatFees(DEFAULT_FEES),
  funding: venueFunding,
  liquidation: firstTier,
  latency: fixedLatency(ONE_WAY_MS),
};
