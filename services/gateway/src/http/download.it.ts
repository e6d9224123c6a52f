import { createHash } from "node:crypto";
import { readdir, readFile, writeFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { gunzipSync } from "node:zlib";
import { freshDatabase, until, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { pgDump, startTestGateway, type TestGateway } from "./gateway-fixture.ts";

let gateway: TestGateway;
let source: TestDatabase;
let token: string, other: string;
let database_id: number;
beforeAll(async () => {
  gateway = await startTestGateway();
  source = await freshDatabase(inject("postgres"), "download");
  await source.connection.query("create table guests (id int primary key, name text)");
  await source.connection.query("insert into guests select n, 'guest ' || n from generate_series(1, 5000) n");
  token = await gateway.account("admin@example.org");
  other = await gateway.account("other@example.org");
  database_id = await gateway.database(token);
});
afterAll(async () => { await gateway[Symbol.asyncDispose](); await source[Symbol.asyncDispose](); });

const take = (id: number, query = "", headers: Record<string, string> = {}, method = "GET") =>
  fetch(`${gateway.url}/api/backups/${id}/download${query}`, { method, headers: { authorization: `Bearer ${token}`, ...headers } });
const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

describe("a download as stored", () => {
  it("is the stored file, with its name, length and hash", async () => {
    const backup = await gateway.backup(token, database_id, [pgDump(source)]);
    const response = await take(backup.id);
    const bytes = await bytesOf(response);
    expect(response.status).toBe(200);
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(backup.sha256);
    expect(bytes.equals(await readFile(join(gateway.artifacts_dir, backup.filepath ?? "")))).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-length": String(backup.size), etag: `"${backup.sha256}"`, "accept-ranges": "bytes", "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${backup.filename}"`, "x-content-type-options": "nosniff",
    });
    const head = await take(backup.id, "", {}, "HEAD");
    expect([head.status, head.headers.get("content-length"), (await bytesOf(head)).length]).toEqual([200, String(backup.size), 0]);
    const { entries } = (await gateway.call("GET", "/api/audit?action=backup.download", { token })).body;
    expect(entries).toMatchObject([{ object_id: backup.id, ip: "127.0.0.1", outcome: "ok", detail: { form: "stored" } }]);
  });

  it("goes on where it stopped, as long as it is the same file", async () => {
    const backup = await gateway.backup(token, database_id, [pgDump(source)]);
    const whole = await bytesOf(await take(backup.id));
    const part = await take(backup.id, "", { range: "bytes=100-199", "if-range": `"${backup.sha256}"` });
    expect([part.status, part.headers.get("content-range"), part.headers.get("content-length")]).toEqual([206, `bytes 100-199/${whole.length}`, "100"]);
    expect((await bytesOf(part)).equals(whole.subarray(100, 200))).toBe(true);
    expect((await bytesOf(await take(backup.id, "", { range: "bytes=-7" }))).equals(whole.subarray(-7))).toBe(true);
    expect((await bytesOf(await take(backup.id, "", { range: "bytes=100-", "if-range": '"other"' }))).equals(whole)).toBe(true);
    const outside = await take(backup.id, "", { range: `bytes=${whole.length}-` });
    expect([outside.status, outside.headers.get("content-range"), await outside.json()]).toEqual([416, `bytes */${whole.length}`, expect.objectContaining({ code: "bad_request" })]);
  });
});

describe("a converted download", () => {
  it("is SQL, a gzip of it, a zip of it", async () => {
    const backup = await gateway.backup(token, database_id, [pgDump(source)]);
    const response = await take(backup.id, "?as=sql");
    const sql = (await bytesOf(response)).toString();
    expect(response.headers.get("content-disposition")).toMatch(/filename="My-shop_postgresql_\d{8}_\d{6}_\d+\.sql"/);
    expect(sql).toContain("COPY public.guests (id, name) FROM stdin;\n1\tguest 1\n");
    expect(sql).toContain("5000\tguest 5000\n\\.\n");
    const plain = (text: string) => text.replace(/^\\(un)?restrict .*$/gm, ""); // newer clients write a random key there
    expect(plain(gunzipSync(await bytesOf(await take(backup.id, "?as=gz"))).toString())).toBe(plain(sql));
    const unzipped = spawnSync("bsdtar", ["-xOf", "-"], { input: await bytesOf(await take(backup.id, "?as=zip")), maxBuffer: 1e8 });
    expect(unzipped.status).toBe(0);
    expect(plain(unzipped.stdout.toString())).toBe(plain(sql));
  });

  it("of several parts is one script; as stored they come one at a time", async () => {
    const section = (name: string, role: "pre-data" | "data" | "post-data", ...args: string[]) => {
      const dump = pgDump(source);
      return { part: { name, role }, stages: [{ ...dump, args: [...dump.args, `--section=${role}`, ...args] }], trailer: null };
    };
    const roles = { part: { name: "globals", role: "globals" as const }, stages: [{ program: "printf", args: ["CREATE ROLE r;"] }], trailer: null };
    const { id, filepath, sha256 } = await gateway.backup(token, database_id, [section("pre-data", "pre-data"), section("data-1", "data", "-t", "nothing*", "-t", "guests"), section("data-2", "data", "--exclude-table-data=guests"), section("post-data", "post-data"), roles]);
    const sql = gunzipSync(await bytesOf(await take(id, "?as=gz"))).toString();
    expect([sql.indexOf("CREATE TABLE public.guests") > 0, sql.match(/^5000\tguest 5000$/gm)?.length, sql.includes("CREATE ROLE")]).toEqual([true, 1, false]);
    expect((await bytesOf(await take(id, "?as=sql&part=globals"))).toString()).toBe("CREATE ROLE r;");
    const names = ["pre-data", "data-1", "data-2", "post-data", "globals"];
    expect(await gateway.call("GET", `/api/backups/${id}/download`, { token })).toMatchObject({ status: 400, body: { error: expect.stringContaining(names.join(", ")), hint: expect.stringContaining("as=sql") } });
    expect(await gateway.call("GET", `/api/backups/${id}/download?part=data-3`, { token })).toMatchObject({ status: 404, body: { error: expect.stringContaining(names.join(", ")) } });
    expect(await gateway.call("POST", `/api/backups/${id}/link`, { token, json: {} })).toMatchObject({ status: 400 });
    const manifest = JSON.parse(await readFile(join(gateway.artifacts_dir, filepath ?? ""), "utf8")) as { parts: { key: string; sha256: string }[] };
    const lines = await Promise.all(names.map(async (name, at) => {
      const bytes = await bytesOf(await take(id, `?part=${name}`));
      expect((await bytesOf(await take(id, `?part=${name}`, { range: "bytes=-5" }))).equals(bytes.subarray(-5))).toBe(true);
      return `${createHash("sha256").update(bytes).digest("hex")}  ${manifest.parts[at]!.key.split("/").at(-1)}\n`;
    }));
    expect(createHash("sha256").update(lines.join("")).digest("hex")).toBe(sha256);
  });

  it("ends its processes when the client goes away", async () => {
    const mariadb = await gateway.database(token, { type: "mariadb" });
    const big: [{ program: string; args: string[] }] = [{ program: "sh", args: ["-c", "head -c 300000000 /dev/zero | tr '\\0' 'x'"] }];
    const backup = await gateway.backup(token, mariadb, big);
    const leaving = new AbortController();
    const response = await fetch(`${gateway.url}/api/backups/${backup.id}/download?as=gz`, { headers: { authorization: `Bearer ${token}` }, signal: leaving.signal });
    await response.body?.getReader().read();
    expect(await childrenNamed("zstd", "gzip")).not.toEqual([]);
    leaving.abort();
    await until("the processes to end", async () => (await childrenNamed("zstd", "gzip")).length === 0);
  });
});

describe("no download", () => {
  it("of what belongs to others, is not there, or is asked for wrongly", async () => {
    const { id } = await gateway.backup(token, database_id, [pgDump(source)]);
    expect((await gateway.call("GET", `/api/backups/${id}/download`, { token: other })).status).toBe(404);
    expect((await gateway.call("GET", "/api/backups/9999/download", { token })).status).toBe(404);
    expect(await gateway.call("GET", `/api/backups/${id}/download?as=tar`, { token })).toMatchObject({ status: 400, body: { error: 'as must be stored, sql, zip or gz, got "tar"' } });
  });

  it("of a backup that is not completed", async () => {
    const ordered = (await gateway.call("POST", `/api/backups/database/${database_id}`, { token, raw: "" })).body.backup;
    expect(await gateway.call("GET", `/api/backups/${ordered.id}/download`, { token })).toMatchObject({ status: 409, body: { error: `backup ${ordered.id} is pending; only a completed one can be downloaded`, code: "conflict" } });
  });
});

describe("a damaged artifact", () => {
  const LARGE = [{ program: "sh", args: ["-c", "head -c 6000000 /dev/urandom | base64"] }];

  it.each(["", "?as=sql", "?as=gz", "?as=zip"])("breaks off when its last bytes are wrong, and says nothing in the file%s", async (query) => {
    const backup = await gateway.backup(token, await gateway.database(token, { type: "mariadb" }), LARGE);
    await flipBit(backup.filepath ?? "", 20);
    const response = await take(backup.id, query);
    expect(response.status).toBe(200);
    let received = Buffer.alloc(0);
    const read = async (): Promise<void> => { for await (const chunk of response.body as ReadableStream<Uint8Array>) received = Buffer.concat([received, chunk]); };
    expect(await read().then(() => `${received.length} bytes that look whole`, (error: unknown) => error)).toBeInstanceOf(Error);
    expect(received.length).toBeGreaterThan(1_000_000);
    expect(received.subarray(-1000).toString("latin1")).not.toMatch(/error|altered|zstd/i);
  });

  it("that is gone is told as such", async () => {
    const backup = await gateway.backup(token, database_id, [pgDump(source)]);
    await rm(join(gateway.artifacts_dir, backup.filepath ?? ""));
    for (const query of ["", "?as=sql"]) {
      const { status, body, headers } = await gateway.call("GET", `/api/backups/${backup.id}/download${query}`, { token });
      expect([status, body.code, headers.get("content-disposition")]).toEqual([410, "artifact_missing", null]);
    }
  });
});

async function flipBit(key: string, from_end: number): Promise<void> {
  const path = join(gateway.artifacts_dir, key);
  const bytes = await readFile(path);
  bytes[bytes.length - from_end]! ^= 1;
  await rm(path);
  await writeFile(path, bytes);
}

/** Names of our own children among these. */
async function childrenNamed(...names: string[]): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""))); // it may end meanwhile
  return stats.map((stat) => /^\d+ \((.*)\) (\S) (\d+)/.exec(stat)).filter((match) => match !== null && Number(match[3]) === process.pid && match[2] !== "Z")
    .map((match) => match?.[1] ?? "").filter((name) => names.includes(name));
}
