import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const PAGES = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`);

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(path: string): Set<string> {
  const prose = readFileSync(path, "utf8").replaceAll(/^ *```[^]*?^ *```$/gm, "");
  return new Set([...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!.toLowerCase().replaceAll(/[^\p{L}\p{N}_\- ]/gu, "").replaceAll(" ", "-")));
}

it.each(PAGES)("%s leads nowhere in vain", (page) => {
  const path = join(ROOT, page);
  for (const [, file = "", anchor] of readFileSync(path, "utf8").matchAll(/\]\(([^)#:\s]*)(?:#([^)]+))?\)/g)) {
    const target = file === "" ? path : join(dirname(path), file);
    expect(existsSync(target), file).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(target), `${file}#${anchor}`).toContain(anchor);
  }
});
