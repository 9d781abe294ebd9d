/** Run by a test as a process of its own: holds the lease of a directory until it is killed. */
import { openTemp } from "./support-open.ts";

openTemp(process.argv[2] ?? "");
console.log("held");
setInterval(() => {}, 1_000);
