/** Client ids as tapes write them. */

/** Short names of those who place orders: "#1" is the maker's first, "o#1" the operator's. */
const NAMES = new Map([
  ["", "maker"],
  ["o", "operator"],
  ["p", "protect"],
  ["m", "momentum"],
]);

/** "#1" becomes the whole client id; other texts stand for themselves. */
export function clientIdOf(id: string): string {
  const [who = "", sequence] = id.split("#");
  if (sequence === undefined) return id;
  return `t-${NAMES.get(who) ?? who}-${sequence}`;
}

export function short(clientId: string): string {
  for (const [who, name] of NAMES) {
    if (clientId.startsWith(`t-${name}-`)) return clientId.replace(`t-${name}-`, `${who}#`);
  }
  return clientId;
}
