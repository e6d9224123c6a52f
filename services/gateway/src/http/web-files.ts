import { readdirSync, readFileSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import type { Ctx } from "./context.ts";

/** Where `npm run build -w web` puts the pages. */
export const WEB_DIR = resolve(import.meta.dirname, "../../../../web/dist");

/** One file of the pages, and the same as it was compressed when they were built. */
interface WebFile { readonly type: string; readonly plain: Buffer<ArrayBuffer>; readonly br?: Buffer<ArrayBuffer>; readonly gzip?: Buffer<ArrayBuffer> }

/** The pages by their paths, as `/assets/main-1a2b3c4d.js`. Empty when they were not built. */
export type WebFiles = ReadonlyMap<string, WebFile>;

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml", ".png": "image/png", ".woff2": "font/woff2", ".webmanifest": "application/manifest+json",
};
/** Files whose names hold a hash of their content. */
const HASHED = "/assets/";
/** What is no page, whoever asks for it. */
const NOT_PAGES = /^\/(api|auth|download|metrics|healthz|readyz|assets)(\/|$)/;
const PAGE_CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
  + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const NOT_BUILT = `<!doctype html><html lang="en"><title>SafeBase</title><h1>SafeBase runs, its pages are not built</h1>
<p>Build them with <code>npm run build -w web</code>, then start SafeBase again; <code>npm start</code> does both.</p>
<p>The API works without them: <a href="/api/docs">its description</a>.</p></html>\n`;

/** Reads all that was built; it is small, and served from memory. */
export function loadWebFiles(dir: string): WebFiles {
  const names = listFiles(dir);
  const read = (name: string): Buffer<ArrayBuffer> => readFileSync(join(dir, name));
  return new Map(names.flatMap((name) => {
    const type = TYPES[extname(name)];
    if (type === undefined) return []; // compressed forms, and what the build notes for itself
    const br = names.includes(`${name}.br`) ? { br: read(`${name}.br`) } : {};
    const gzip = names.includes(`${name}.gz`) ? { gzip: read(`${name}.gz`) } : {};
    return [[`/${name}`, { type, plain: read(name), ...br, ...gzip }] as const];
  }));
}

function listFiles(dir: string): string[] {
  try {
    return readdirSync(dir, { recursive: true, encoding: "utf8" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return []; // it was not built
    throw error;
  }
}

/** A file of the web, or its page for whatever a browser is led to: the page finds its own way. Else nothing. */
export function answerWeb(files: WebFiles, c: Ctx): Response | undefined {
  const { method, path } = c.req;
  if (method !== "GET" && method !== "HEAD") return undefined;
  const file = files.get(path);
  if (file !== undefined) return send(c, file, path.startsWith(HASHED) ? "public, max-age=31536000, immutable" : "no-cache");
  if (path !== "/" && (NOT_PAGES.test(path) || c.req.header("accept")?.includes("text/html") !== true)) return undefined;
  const page = files.get("/index.html");
  return page === undefined ? c.html(NOT_BUILT, 503) : send(c, page, "no-cache");
}

function send(c: Ctx, file: WebFile, caching: string): Response {
  const accepted = (c.req.header("accept-encoding") ?? "").split(",").map((each) => each.trim().split(";")[0]);
  const encoding = (["br", "gzip"] as const).find((each) => file[each] !== undefined && accepted.includes(each));
  return c.body((encoding && file[encoding]) ?? file.plain, 200, {
    "content-type": file.type, "cache-control": caching, vary: "accept-encoding", "content-security-policy": PAGE_CSP,
    ...(encoding === undefined ? {} : { "content-encoding": encoding }),
  });
}
