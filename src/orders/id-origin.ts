/** Which engine wrote a client id: for who cleans up after one, and knows no strategy's name. */

/** `<installation>_<run>-<name>-<sequence>`: see `client-id.ts`. */
const FORM = /^([0-9a-z]{8})_([0-9a-z]{1,11})-[a-z]{2,8}-[0-9a-z]+$/;

/** Whether that installation wrote the id, in any run. */
export function isOfInstallation(clientId: string, installation: string): boolean {
  return FORM.exec(clientId)?.[1] === installation;
}

/** The same, in that run or an earlier one. Runs count in base 36. */
export function isWrittenBy(
  clientId: string,
  by: { readonly installation: string; readonly runIdMax: string },
): boolean {
  const run = FORM.exec(clientId)?.[2] ?? "";
  const isEarlier = Number.parseInt(run, 36) <= Number.parseInt(by.runIdMax, 36);
  return isEarlier && isOfInstallation(clientId, by.installation);
}
