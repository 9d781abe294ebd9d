/**
 * Where the simulator's messages differ from the recorded ones, and why. A difference that is not
 * here fails the comparison, and so does a line here that no longer holds.
 */
type Difference = readonly [line: string, why: string];

const NEWER = "field of the documented present, younger than the recording";
const FEE_COIN = "the recorded account paid its fee in MNT; ours pays in USDT";
const NO_SPOT = "the key has no spot, wallet or exchange rights: the list is empty";

const newer = (...fields: string[]): Difference[] =>
  fields.map((field) => [`extra ${field}`, NEWER]);

export const KNOWN_DIFFERENCES: Readonly<Record<string, readonly Difference[]>> = {
  tickers: newer("result.list[].singleOpenInterest", "result.list[].singleOpenInterestValue"),
  "open orders": [
    ...newer(
      "result.list[].createType",
      "result.list[].marketUnit",
      "result.list[].parentOrderLinkId",
      "result.list[].rpiMatchedQty",
      "result.list[].rpiTakerAccess",
      "result.list[].slippageTolerance",
      "result.list[].slippageToleranceType",
    ),
    ["missing result.list[].cumFeeDetail.MNT", FEE_COIN],
  ],
  "order history": [
    ...newer(
      "result.list[].createType",
      "result.list[].marketUnit",
      "result.list[].parentOrderLinkId",
    ),
    ["extra result.list[].cumFeeDetail.USDT", FEE_COIN],
    ["missing result.list[].cumFeeDetail.MNT", FEE_COIN],
  ],
  executions: newer("result.list[].createType", "result.list[].execFeeV2"),
  positions: newer(
    "result.list[].breakEvenPrice",
    "result.list[].curRealisedPnl",
    "result.list[].isReduceOnly",
    "result.list[].leverageSysUpdatedTime",
    "result.list[].mmrSysUpdatedTime",
    "result.list[].openTime",
    "result.list[].positionBalance",
    "result.list[].positionIMByMp",
    "result.list[].positionMMByMp",
    "result.list[].seq",
    "result.list[].sessionAvgPrice",
  ),
  "closed pnl": newer("result.list[].closeFee", "result.list[].openFee"),
  "risk limit": newer("list[].mmDeduction"),
  wallet: newer("result.list[].coin[].spotBorrow"),
  "account info": newer("result.isMasterTrader", "result.spotHedgingStatus", "retExtInfo", "time"),
  "query api": [
    ["missing result.permissions.Earn[]", NO_SPOT],
    ["missing result.permissions.Exchange[]", NO_SPOT],
    ["missing result.permissions.Spot[]", NO_SPOT],
    ["missing result.permissions.Wallet[]", NO_SPOT],
    ["missing result.permissions.BitCard[]", NO_SPOT],
    ["missing result.permissions.ByXPost[]", NO_SPOT],
    ["missing result.permissions.FiatBitPay[]", NO_SPOT],
    ["missing result.permissions.FiatConvertBroker[]", NO_SPOT],
    ["missing result.permissions.FiatP2P[]", NO_SPOT],
  ],
  "cancel all": [
    ["extra result.list", "the recorded reply is of a spot account, which has no list"],
  ],
  "ws order": [
    ...newer(
      "data[].createType",
      "data[].marketUnit",
      "data[].parentOrderLinkId",
      "data[].slippageTolerance",
      "data[].slippageToleranceType",
    ),
    ["extra data[].cumFeeDetail.USDT", FEE_COIN],
    ["missing data[].cumFeeDetail.MNT", FEE_COIN],
    ["missing data[].tpSlMode", "the spelling of 2023; it is tpslMode since"],
  ],
  "ws execution": newer(
    "data[].createType",
    "data[].execFeeV2",
    "data[].execPnl",
    "data[].extraFees",
    "data[].feeCurrency",
    "data[].marketUnit",
    "data[].seq",
  ),
  "ws position": newer("data[].openTime"),
};
