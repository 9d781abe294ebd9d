/**
 * argon2id, with a limit on how many run at once: one takes 19 MiB and some 40 ms of a core, so a
 * flood of logins must queue, and beyond that be turned away, before it can take the memory of a
 * machine that trades.
 */
import { Gate } from "../kernel/gate.ts";

/** Makes and checks the hashes that are kept instead of passwords. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** False also when the queue is full. A null hash takes the same time and is never right. */
  verify(password: string, hash: string | null): Promise<boolean>;
  /** True while a further login would be turned away. */
  isFull(): boolean;
}

interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
}

/**
 * OWASP's floor for argon2id is 19 MiB with 2 passes; a third pass costs time only. More memory
 * would be the largest single piece of the process, and stays with it after a login.
 */
const PASSWORD_COST: PasswordCost = { memoryKib: 19_456, passes: 3 };
const AT_ONCE_MAX = 2;
/** About a second of waiting; a person does not queue longer for a login. */
const WAITING_MAX = 30;

/**
 * Of a random password that nobody kept, at the cost above: what an unknown name is checked with.
 */
const NOBODYS_HASH =
  "$argon2id$v=19$m=19456,t=3,p=1$OfRRz1/fH99rt1rYSwjFkYRxyi/lwsCsFGUOHNRickY$AkeeLo7xBPFAjNq/2PvfQQRmkTOaOS5J99idy1EtXIA";

export function createPasswords(cost: PasswordCost = PASSWORD_COST): Passwords {
  const options = {
    algorithm: "argon2id",
    memoryCost: cost.memoryKib,
    timeCost: cost.passes,
  } as const;
  const gate = new Gate({ atOnceMax: AT_ONCE_MAX, waitingMax: WAITING_MAX });

  async function hash(password: string): Promise<string> {
    const made = gate.run(() => Bun.password.hash(password, options));
    if (made !== null) return made;
    throw new Error(`cannot hash a password: ${WAITING_MAX} others wait already; try again later`);
  }

  async function verify(password: string, known: string | null): Promise<boolean> {
    const right = gate.run(() => Bun.password.verify(password, known ?? NOBODYS_HASH));
    return right !== null && (await right) && known !== null;
  }

  return { hash, verify, isFull: () => gate.isFull };
}
