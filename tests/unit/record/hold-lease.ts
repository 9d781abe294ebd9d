/** Run by a test as a process of its own: holds the lease of a directory until it is killed. */
import { openTemp } from "./support-open.ts";

/** Kept in reach: a connection that is collected closes, and the lease is free. */
const held = openTemp(process.argv[2] ?? "");
console.log("held");
setInterval(() => held.isInPlace(), 1_000);
