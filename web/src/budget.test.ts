import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const DIST = join(import.meta.dirname, "../dist");
const LIMIT_BYTES = 100_000;

interface Chunk { file: string; imports?: string[]; dynamicImports?: string[] }

/** `npm test` builds the pages before it runs; by hand it is `npm run build -w web`. */
const manifest = JSON.parse(readFileSync(join(DIST, ".vite/manifest.json"), "utf8")) as Record<string, Chunk>;

/** A chunk and all that is fetched with it. */
function withImports(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const each of manifest[name]?.imports ?? []) withImports(each, found);
  return found;
}

const compressed = (names: Iterable<string>): number => [...names].reduce((sum, name) => sum + statSync(join(DIST, `${manifest[name]!.file}.br`)).size, 0);
const routes = (manifest["index.html"]?.dynamicImports ?? []).filter((name) => name.startsWith("src/features/"));
const words = compressed(withImports("src/i18n/fr.ts"));

it("each page is a chunk of its own", () => {
  expect(routes.length).toBeGreaterThanOrEqual(7);
});

it.each(routes)("the first load of %s is below the budget, words included", (route) => {
  const first = compressed(withImports(route, withImports("index.html"))) + words;
  expect(first).toBeGreaterThan(5_000);
  expect(first).toBeLessThan(LIMIT_BYTES);
});
