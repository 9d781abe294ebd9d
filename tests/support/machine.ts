/** What a test may need of the machine and cannot count on: small disks, a terminal, a port. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether this user may mount file systems. Says so once where it may not. */
export const MAY_MOUNT = ((): boolean => {
  const disk = mountDisk("size=64k");
  disk?.unmount();
  if (disk === null) console.log("skipped: small disks, as this user may not mount a tmpfs");
  return disk !== null;
})();

interface Disk {
  readonly dir: string;
  /** Changes its options, for example "size=16m". */
  remount(options: string): void;
  unmount(): void;
}

/** A file system of its own in memory, or null where that is not permitted. */
export function mountDisk(options: string): Disk | null {
  const dir = mkdtempSync(join(tmpdir(), "scalper-disk-"));
  const run = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
  if (!run("mount", "-t", "tmpfs", "-o", options, "tmpfs", dir)) {
    rmdirSync(dir);
    return null;
  }
  return {
    dir,
    remount: (changed) => void run("mount", "-o", `remount,${changed}`, dir),
    unmount() {
      run("umount", dir);
      rmdirSync(dir);
    },
  };
}

/** Takes a free port of loopback until it is closed. */
export async function takePort(): Promise<{ port: number; server: Server }> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : 0, server };
}
