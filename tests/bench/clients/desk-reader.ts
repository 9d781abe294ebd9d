/** Readers of live streams as a tab is one: compressed bytes as they come over the wire. */
import { FROM_SOURCE } from "../../support/product.ts";
import { PASSWORD } from "./sign-in.ts";

interface Reading {
  /** Bytes of bodies so far, as they were sent. */
  bytes(): number;
  stop(): void;
}

/** Reads `url` `tabs` times at once with these cookies in turn; bodies stay compressed. */
export async function readStreams(
  url: string,
  cookies: readonly string[],
  tabs: number,
): Promise<Reading> {
  const leave = new AbortController();
  let bytes = 0;
  for (let tab = 0; tab < tabs; tab++) {
    const cookie = cookies[tab % cookies.length] ?? "";
    const headers = { cookie, "accept-encoding": "gzip" };
    const answer = await fetch(url, { headers, signal: leave.signal, decompress: false });
    if (!answer.ok || answer.body === null) throw new Error(`${url} answered ${answer.status}`);
    const { body } = answer;
    const read = async (): Promise<void> => {
      for await (const chunk of body) bytes += chunk.byteLength;
    };
    read().catch((error: unknown) => {
      if (!leave.signal.aborted) throw error;
    });
  }
  return { bytes: () => bytes, stop: () => leave.abort() };
}

/** Another person, since one may have 32 streams only: made beside the running product. */
export async function addPerson(dir: string, name: string): Promise<void> {
  const child = Bun.spawn([...FROM_SOURCE, "user", "add", name, "--role", "operator"], {
    cwd: dir,
    env: { PATH: process.env.PATH ?? "", HOME: dir },
    stdin: new Blob([`${PASSWORD}\n`]),
    stdout: "ignore",
    stderr: "inherit",
  });
  if ((await child.exited) !== 0) throw new Error(`the user ${name} could not be added`);
}
