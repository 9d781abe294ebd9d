/**
 * argon2id, with a limit on how many run at once: one takes 64 MiB and a tenth of a second of a
 * core, so a flood of logins must queue, and beyond that be turned away, before it can take the
 * memory of a machine that trades.
 */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** False also when the queue is full. A null hash takes the same time and is never right. */
  verify(password: string, hash: string | null): Promise<boolean>;
  /** True while a further login would be turned away. */
  isFull(): boolean;
}

export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
}

/** More than three times OWASP's floor of 19 MiB; about 100 ms. */
export const PASSWORD_COST: PasswordCost = { memoryKib: 65_536, passes: 2 };
/** 128 MiB at the worst. */
const AT_ONCE_MAX = 2;
/** Three seconds of waiting; a person does not queue longer for a login. */
const WAITING_MAX = 30;

export function createPasswords(cost: PasswordCost = PASSWORD_COST): Passwords {
  const options = {
    algorithm: "argon2id",
    memoryCost: cost.memoryKib,
    timeCost: cost.passes,
  } as const;
  const waiting: (() => void)[] = [];
  let running = 0;
  let dummyHash: Promise<string> | null = null;

  async function queued<Value>(work: () => Promise<Value>): Promise<Value> {
    if (running >= AT_ONCE_MAX) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next(); // The place is handed over, so nobody can slip in between.
    }
  }

  const hash = (password: string) => queued(() => Bun.password.hash(password, options));

  async function verify(password: string, known: string | null): Promise<boolean> {
    if (waiting.length >= WAITING_MAX) return false;
    dummyHash ??= hash("nobody has this password");
    const target = known ?? (await dummyHash);
    const right = await queued(() => Bun.password.verify(password, target));
    return right && known !== null;
  }

  return { hash, verify, isFull: () => waiting.length >= WAITING_MAX };
}
