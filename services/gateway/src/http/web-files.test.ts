import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { tempDir } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApp, type TestApp } from "./app-fixture.ts";
import { loadWebFiles } from "./web-files.ts";

const PAGE = "<!doctype html><title>SafeBase</title>";
const BROWSER = { accept: "text/html,application/xhtml+xml" };

describe("the pages", () => {
  const stack = new AsyncDisposableStack();
  let test: TestApp;
  beforeAll(async () => {
    const { path } = stack.use(await tempDir("web"));
    await mkdir(join(path, "assets"));
    await writeFile(join(path, "index.html"), PAGE);
    await writeFile(join(path, "assets/main-1a2b.js"), "run()");
    await writeFile(join(path, "assets/main-1a2b.js.br"), brotliCompressSync("run()"));
    test = stack.use(await openTestApp({}, { web: loadWebFiles(path) }));
  });
  afterAll(() => stack.disposeAsync());

  it.each(["/", "/index.html", "/databases/7"])("%s is the page, asked for anew each time, with a policy without inline parts", async (path) => {
    const { status, text, headers } = await test.call("GET", path, { headers: BROWSER });
    expect([status, text]).toEqual([200, PAGE]);
    expect(Object.fromEntries(headers)).toMatchObject({ "content-type": "text/html; charset=utf-8", "cache-control": "no-cache", "x-content-type-options": "nosniff" });
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';.* frame-ancestors 'none'/);
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
  });

  it("a hashed file is kept for ever, and sent as it was compressed to whoever takes it", async () => {
    const plain = await test.call("GET", "/assets/main-1a2b.js");
    expect([plain.text, plain.headers.get("content-encoding"), plain.headers.get("content-type")]).toEqual(["run()", null, "text/javascript; charset=utf-8"]);
    const small = await test.app.request("/assets/main-1a2b.js", { headers: { "accept-encoding": "gzip, deflate, br;q=1.0" } });
    expect(Buffer.from(await small.arrayBuffer())).toEqual(brotliCompressSync("run()"));
    expect(Object.fromEntries(small.headers)).toMatchObject({ "content-encoding": "br", vary: "accept-encoding", "cache-control": "public, max-age=31536000, immutable" });
  });

  it.each(["/assets/gone-1.js", "/auth/nowhere", "/download/nothing/here", "/readyz/x", "/assets/..%2findex.html"])("%s is not the page", async (path) => {
    expect((await test.call("GET", path, { headers: BROWSER })).text).not.toBe(PAGE);
  });

  it("is for browsers: a program is told that there is no such route, and nothing is written to a page", async () => {
    expect(await test.call("GET", "/databases")).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect(await test.call("POST", "/databases", { headers: BROWSER, json: {} })).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect((await test.call("GET", "/api/databases", { headers: BROWSER })).status).toBe(401);
  });
});

it("says how to build the pages where they are not", async () => {
  await using test = await openTestApp({}, { web: loadWebFiles("/nonexistent") });
  expect(await test.call("GET", "/", { headers: BROWSER })).toMatchObject({ status: 503, text: expect.stringContaining("npm run build -w web") });
});

it("a browser learns whether the first account is still to be made", async () => {
  await using test = await openTestApp({ SAFEBASE_REGISTRATION: "closed" });
  expect((await test.call("GET", "/auth/registration")).body).toEqual({ first: true, open: true });
  await test.account("admin@example.org");
  expect((await test.call("GET", "/auth/registration")).body).toEqual({ first: false, open: false });
});
