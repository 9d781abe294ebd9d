/** What an operator is told when a port cannot be opened. */

export interface Port {
  /** After "the": "dashboard", "monitor API". */
  readonly what: string;
  readonly host: string;
  readonly port: number;
  /** The setting that chooses the port. */
  readonly setting: string;
}

/** `found` is the text of the runtime's error: the code in it says which cure is the right one. */
export function portText(port: Port, found: string): string {
  const { what, host, port: number } = port;
  const known = CURES.find(([pattern]) => pattern.test(found));
  const [, reason = found.replace(/\.*$/, ""), cure = () => ""] = known ?? [];
  const text = `cannot open the ${what} on ${host}:${number}: ${reason}. Nothing was started.`;
  return `${text} ${cure(port)}`.trimEnd();
}

const CURES: readonly (readonly [RegExp, string, (port: Port) => string])[] = [
  [
    /in use|EADDRINUSE/i,
    "the port is taken",
    ({ port, setting }) =>
      `Stop the program that uses port ${port}, or set ${setting} to another port (0 takes any).`,
  ],
  [
    /EACCES|permission/i,
    "this user may not open it",
    ({ setting }) => `Set ${setting} to a port above 1023.`,
  ],
  [
    /EADDRNOTAVAIL|EINVAL|ENOTFOUND/,
    "this machine has no such address",
    () => "Set SCALPER_HOST to an address of this machine.",
  ],
];
