import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** Its code, without what is said beside it. */
function code(markdown: string): string[] {
  return [...markdown.matchAll(/^```(\w+.*)\n([^]*?)^```$/gm)].map(([, language, text]) => `${language}\n${(text ?? "").replaceAll(/ *(^|\s)# .*$/gm, "").replaceAll(/\n\n+/g, "\n").trim()}`);
}

/** What stands first in each line of its tables. */
const names = (markdown: string): string[] => [...markdown.matchAll(/^\| (`[^|]+?) \|/gm)].map(([, name]) => name ?? "");

const PAIRS = [["README.md", "README.fr.md"], ["docs/first-steps.md", "docs/premiers-pas.md"]] as const;

describe("what is written in two languages", () => {
  test.each(PAIRS)("%s and %s have the same commands, settings, pictures and parts", (english, french) => {
    const [en, fr] = [read(english), read(french)];
    expect(code(fr)).toEqual(code(en));
    expect(names(fr)).toEqual(names(en));
    expect(fr.match(/^##+ /gm)).toEqual(en.match(/^##+ /gm));
    const pictures = (text: string): string[] => [...text.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, path]) => (path ?? "").replace(/-(en|fr)-/, "-"));
    expect(pictures(fr)).toEqual(pictures(en));
  });

  it.each(PAIRS.flat())("%s leads nowhere that does not exist", (path) => {
    const places = [...read(path).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)|(?:src|srcset)="([^"]+)"/g)].map(([, link, picture]) => link ?? picture ?? "");
    expect(places.length).toBeGreaterThan(2);
    expect(places.filter((place) => !existsSync(join(ROOT, dirname(path), place)))).toEqual([]);
  });
});
