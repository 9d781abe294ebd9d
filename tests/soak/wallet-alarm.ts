/**
 * How the program's log begins to say that wallet and record differ. The simulated venue keeps true
 * books and nobody pays in or out, so that in a soak every such line is a false alarm.
 */
export const WALLET_ALARM = "wallet and record differ";
