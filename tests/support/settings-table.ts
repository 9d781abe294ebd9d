/**
 * The README's table of settings, made from the schema. `bun tests/support/settings-table.ts`
 * writes it.
 */
import { join } from "node:path";
import { flagOf, SETTINGS, type Setting } from "../../src/config/settings.ts";

const README = join(import.meta.dir, "../../README.md");
const BLOCK = /<!-- settings -->[\s\S]*<!-- \/settings -->/;

function settingsTable(): string {
  const rows = Object.entries(SETTINGS).map(([key, setting]: [string, Setting]) => {
    const flag = setting.secret ? "" : ` \`${flagOf(key)}\``;
    const fallback = setting.fallback === "" ? "" : `\`${setting.fallback}\``;
    return `| \`${setting.env}\`${flag} | ${fallback} | ${setting.about} (${setting.accepts}) |`;
  });
  return ["| name and flag | default | what it does |", "|---|---|---|", ...rows].join("\n");
}

export const block = (): string => `<!-- settings -->\n${settingsTable()}\n<!-- /settings -->`;

export async function readmeBlock(): Promise<string> {
  return BLOCK.exec(await Bun.file(README).text())?.[0] ?? "";
}

if (import.meta.main) {
  const text = await Bun.file(README).text();
  await Bun.write(
    README,
    text.replace(BLOCK, () => block()),
  );
}
