import manifest from "../package.json" with { type: "json" };

/** Version of the product, the same in the executable, the API and the page. */
export const VERSION: string = manifest.version;
