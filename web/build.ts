import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "vite";

const DIST = join(import.meta.dirname, "dist");
const FRESH = join(import.meta.dirname, "dist.new");
const COMPRESSED = new Set([".html", ".js", ".css", ".svg"]);

/** `npm run build -w web`: the pages, each file beside its compressed forms. The old ones serve until all is there. */
await build({ configFile: join(import.meta.dirname, "vite.config.ts"), logLevel: "warn" });
for (const entry of await readdir(FRESH, { recursive: true, withFileTypes: true })) {
  if (entry.isFile() && COMPRESSED.has(extname(entry.name))) await compress(join(entry.parentPath, entry.name));
}
await rm(DIST, { recursive: true, force: true });
await rename(FRESH, DIST);

async function compress(path: string): Promise<void> {
  const plain = await readFile(path);
  await writeFile(`${path}.br`, await promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }));
  await writeFile(`${path}.gz`, await promisify(gzip)(plain, { level: 9 }));
}
