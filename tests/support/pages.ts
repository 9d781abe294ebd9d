/** The pages as a browser asks for them, from the one list that the product has. */
import type { Page } from "../../views/page.tsx";
import { PAGES } from "../../views/pages/list.ts";

/** A page's path with its example parameters in it. */
function addressOf({ paths, example }: Page): string {
  return (paths[0] ?? "/").replaceAll(/:(\w+)/g, (_, name: string) => {
    return encodeURIComponent(example[name] ?? "");
  });
}

export const ADDRESSES: readonly string[] = PAGES.map(addressOf);
