import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { freshDatabase, until, type TestDatabase } from "@safebase/testing";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import type { BackupDetails } from "../backups/view.ts";
import { PASSWORD } from "./app-fixture.ts";
import { pgDump, startTestGateway, type TestGateway } from "./gateway-fixture.ts";

const run = promisify(execFile);
const LARGE = [{ program: "sh", args: ["-c", "head -c 9000000 /dev/urandom | base64 -w 100"] }];

describe.each(["sqlite", "postgresql"] as const)("download links, catalog on %s", (dialect) => {
  let gateway: TestGateway;
  let source: TestDatabase;
  let catalog: TestDatabase | undefined;
  let token: string, other: string;
  let small: BackupDetails, large: BackupDetails;
  beforeAll(async () => {
    if (dialect === "postgresql") catalog = await freshDatabase(inject("postgres"), "links");
    gateway = await startTestGateway(catalog === undefined ? {} : { SAFEBASE_CATALOG_URL: `postgres://${catalog.username}:${catalog.password}@${catalog.host}:${catalog.port}/${catalog.db_name}` });
    source = await freshDatabase(inject("postgres"), "download");
    await source.connection.query("create table guests (id int primary key, name text)");
    await source.connection.query("insert into guests select n, 'guest ' || n from generate_series(1, 100) n");
    token = await gateway.account("admin@example.org");
    other = await gateway.account("other@example.org");
    small = await gateway.backup(token, await gateway.database(token), [pgDump(source)]);
    large = await gateway.backup(token, await gateway.database(token, { type: "mariadb" }), LARGE, { compression: "none" });
  });
  afterEach(() => { vi.useRealTimers(); });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await source[Symbol.asyncDispose]();
    await catalog?.[Symbol.asyncDispose]();
  });

  const order = (id: number, json: object = {}, as = token, query = "") => gateway.call("POST", `/api/backups/${id}/link${query}`, { token: as, json });
  const linkTo = async (id: number, json: object = {}): Promise<string> => (await order(id, json)).body.url as string;
  const take = (url: string, headers: Record<string, string> = {}, method = "GET") => fetch(url, { method, headers });
  const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());
  const refusal = async (url: string, headers: Record<string, string> = {}) => {
    const response = await take(url, headers);
    return { status: response.status, cache: response.headers.get("cache-control"), ...await response.json() as { error: string; code: string } };
  };
  const USED = { status: 410, code: "gone", error: "this download link was used already", cache: "no-store" };

  it("tell where, until when and what, and download it once without a login", async () => {
    const { status, body, headers } = await order(small.id);
    expect(status).toBe(201);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body).toEqual({
      url: expect.stringMatching(new RegExp(`^${gateway.url}/download\\?token=[\\w.-]+$`)), expires_at: expect.any(String), filename: small.filename, size: small.size, sha256: small.sha256,
      curl: `curl -fL -o '${small.filename}' '${body.url}'`,
    });
    const life_s = (Date.parse(body.expires_at as string) - Date.now()) / 1000;
    expect(life_s > 880 && life_s <= 900).toBe(true);
    const head = await take(body.url as string, {}, "HEAD");
    expect([head.status, head.headers.get("content-length")]).toEqual([200, String(small.size)]);
    const response = await take(body.url as string);
    expect(createHash("sha256").update(await bytesOf(response)).digest("hex")).toBe(small.sha256);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "cache-control": "no-store", "referrer-policy": "no-referrer", etag: `"${small.sha256}"`, "content-disposition": `attachment; filename="${small.filename}"`,
    });
    for (const range of ["bytes=0-", "bytes=5-9"]) expect(await refusal(body.url as string, { range })).toMatchObject(USED);
    expect(await refusal(body.url as string)).toMatchObject(USED);
  });

  it("leave a trace of who made them and from where they were used, without their token", async () => {
    const url = await linkTo(small.id, { as: "gz", expires_s: 60 });
    await bytesOf(await take(url));
    await refusal(url);
    const { entries } = (await gateway.call("GET", "/api/audit?per_page=3", { token })).body;
    const about = { actor: "admin@example.org", ip: "127.0.0.1", object_type: "backup", object_id: small.id };
    expect(entries).toMatchObject([
      { ...about, action: "link.use", outcome: "refused", detail: { reason: USED.error } },
      { ...about, action: "link.use", outcome: "ok", detail: { form: "gz", link_id: expect.any(Number) } },
      { ...about, action: "link.create", outcome: "ok", detail: { form: "gz", link_id: expect.any(Number), expires_at: expect.any(String) } },
    ]);
    const secret = new URL(url).searchParams.get("token")?.split(".").at(-1) ?? "-";
    expect(JSON.stringify(entries)).not.toContain(secret);
    const metrics = (await gateway.call("GET", "/metrics")).text;
    expect(metrics).toMatch(/http_request_duration_seconds_count\{method="GET",route="\/download",status="410"[^}]*\} \d/);
    expect(metrics).not.toContain(secret);
  });

  it("are one client's when many come at once", async () => {
    const url = await linkTo(large.id);
    const answers = await Promise.all(Array.from({ length: 6 }, () => take(url)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 410, 410, 410, 410, 410]);
    for (const answer of answers) expect((await bytesOf(answer)).length).toBe(answer.status === 200 ? large.size : Number(answer.headers.get("content-length")));
  });

  it("go on where a stored download broke off, from the same address, until the last byte was sent", async () => {
    const url = await linkTo(large.id);
    const leaving = new AbortController();
    const begun = await fetch(url, { signal: leaving.signal });
    expect((await begun.body?.getReader().read())?.value?.length).toBeGreaterThan(0);
    leaving.abort();
    expect(await refusal(url)).toMatchObject(USED); // from its beginning
    expect(await refusal(url, { range: "bytes=100-", "if-range": '"of another file"' })).toMatchObject(USED); // so is this
    const { stdout } = await run("curl", ["-s", "--interface", "127.0.0.2", "-r", "100-", url]);
    expect(JSON.parse(stdout)).toMatchObject({ error: USED.error });
    const whole = await readFile(join(gateway.artifacts_dir, large.filepath ?? ""));
    const part = await take(url, { range: "bytes=100-199" });
    expect([part.status, (await bytesOf(part)).equals(whole.subarray(100, 200))]).toEqual([206, true]);
    expect((await take(url, { range: `bytes=${large.size}-` })).status).toBe(416);
    const rest = await take(url, { range: "bytes=200-", "if-range": `"${large.sha256}"` });
    expect([rest.status, (await bytesOf(rest)).equals(whole.subarray(200))]).toEqual([206, true]);
    expect(await refusal(url, { range: "bytes=200-" })).toMatchObject(USED);
  });

  it("convert once, and do not go on with what was converted", async () => {
    const { body } = await order(small.id, { as: "sql" });
    expect(body.filename).toMatch(/\.sql$/);
    expect([body.size, body.sha256]).toEqual([undefined, undefined]);
    const sql = (await bytesOf(await take(body.url as string, { range: "bytes=5-9" }))).toString(); // it has no ranges
    expect(sql).toContain("COPY public.guests (id, name) FROM stdin;\n1\tguest 1\n");
    expect(await refusal(body.url as string, { range: "bytes=5-" })).toMatchObject(USED);
  });

  it("expire", async () => {
    const url = await linkTo(small.id, { expires_s: 60 });
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ["Date"] });
    expect(await refusal(url)).toMatchObject({ status: 410, code: "gone", error: expect.stringMatching(/^this download link expired at 20/) });
    vi.useRealTimers();
    expect((await take(url)).status).toBe(200); // the refusal has not used it up
  });

  it("end with their backup, with their user, and with his right to see it", async () => {
    const json = { email: "second@example.org", password: PASSWORD, role: "admin" };
    const second = (await gateway.call("POST", "/auth/register", { token, json })).body;
    const backup = await gateway.backup(token, await gateway.database(token), [pgDump(source)]);
    const all = async (): Promise<string> => (await order(backup.id, {}, second.token as string, "?scope=all")).body.url as string;
    const [demoted, deleted, mine] = [await all(), await all(), await linkTo(backup.id)];
    await gateway.call("PATCH", `/api/users/${second.user.id}`, { token, json: { role: "user" } });
    expect(await refusal(demoted)).toMatchObject({ status: 410, error: "the backup of this download link was deleted" });
    expect((await gateway.call("DELETE", `/api/users/${second.user.id}`, { token })).status).toBe(200);
    expect(await refusal(deleted)).toMatchObject({ status: 410, error: "this download link was revoked" });
    expect((await gateway.call("DELETE", `/api/backups/${backup.id}`, { token })).status).toBe(200);
    expect(await refusal(mine)).toMatchObject({ status: 410, error: "the backup of this download link was deleted" });
  });

  it("end when their user logs out everywhere, not when one session does", async () => {
    const session = async (): Promise<string> => (await gateway.call("POST", "/auth/login", { json: { email: "admin@example.org", password: PASSWORD } })).body.token as string;
    const [one, two] = [await session(), await session()];
    const [first, second] = [(await order(small.id, {}, one)).body.url as string, await linkTo(small.id)];
    await gateway.call("POST", "/auth/logout", { token: one });
    expect((await take(first)).status).toBe(200);
    await gateway.call("POST", "/auth/logout", { token: two, json: { everywhere: true } });
    expect(await refusal(second)).toMatchObject({ status: 410, code: "gone", error: "this download link was revoked" });
    token = await session();
  });

  it("are not made for what belongs to others, is not there, or is asked for wrongly", async () => {
    expect((await order(small.id, {}, other)).status).toBe(404);
    expect((await order(9999)).status).toBe(404);
    const pending = (await gateway.call("POST", `/api/backups/database/${small.database_id}`, { token, json: {} })).body.backup;
    expect(await order(pending.id as number)).toMatchObject({ status: 409, body: { code: "conflict" } });
    for (const [json, error] of [
      [{ as: "tar" }, 'as must be stored, sql, zip or gz, got "tar"'], [{ expires_s: 59 }, "expires_s must be at least 60, got 59"],
      [{ expires_s: 86_401 }, "expires_s must be at most 86400, got 86401"], [{ uses: 2 }, "unknown field: uses"],
    ] as const) expect(await order(small.id, json)).toMatchObject({ status: 400, body: { error } });
    expect((await gateway.call("POST", `/api/backups/${small.id}/link`, { token })).status).toBe(201); // a body may be missing
  });

  it("never lead to a host that the request made up", async () => {
    const before = (await gateway.call("GET", "/api/audit?action=link.create", { token })).body.pagination.total as number;
    const { stdout } = await run("curl", [
      "-s", "-X", "POST", "-H", "Host: evil.example", "-H", "X-Forwarded-Host: evil.example", "-H", `Authorization: Bearer ${token}`, `${gateway.url}/api/backups/${small.id}/link`,
    ]);
    expect(JSON.parse(stdout)).toEqual({ code: "conflict", error: "it is not known at which address others reach SafeBase", hint: "set SAFEBASE_PUBLIC_URL to it" });
    expect((await gateway.call("GET", "/api/audit?action=link.create", { token })).body.pagination.total).toBe(before);
  });

  it("stay unused when nothing could be sent", async () => {
    const backup = await gateway.backup(token, await gateway.database(token), [pgDump(source)]);
    const path = join(gateway.artifacts_dir, backup.filepath ?? "");
    const [stored, sql] = [await linkTo(backup.id), await linkTo(backup.id, { as: "sql" })];
    const bytes = await readFile(path);
    await run("mv", [path, `${path}.away`]);
    for (const url of [stored, sql]) expect(await refusal(url)).toMatchObject({ status: 410, code: "artifact_missing" });
    await run("mv", [`${path}.away`, path]);
    expect((await bytesOf(await take(stored))).equals(bytes)).toBe(true);
    expect((await take(sql)).status).toBe(200);
  });

  it("that nobody made are not found, and are not guessed for long", async () => {
    const real = await linkTo(small.id);
    for (const wrong of ["x", `${real}x`.split("token=")[1] ?? "", token]) {
      expect(await refusal(`${gateway.url}/download?token=${wrong}`)).toMatchObject({ status: 404, error: "there is no such download link" });
    }
    expect(await refusal(`${gateway.url}/download`)).toMatchObject({ status: 400, error: "token is missing" });
    expect((await gateway.call("GET", "/api/audit?action=link.use&scope=all", { token })).body.entries[0]).toMatchObject({ outcome: "refused", actor: "a download link", user_id: null, ip: "127.0.0.1", detail: { reason: "no such link" } });
    for (let guess = 3; guess < 50; guess++) await refusal(`${gateway.url}/download?token=${guess}`);
    const many = await take(`${gateway.url}/download?token=guess`);
    expect([many.status, Number(many.headers.get("retry-after")) > 600]).toEqual([429, true]);
    expect(await refusal(real)).toMatchObject({ status: 429, error: "too many wrong download links, try again later" }); // else a right guess would show
    vi.useFakeTimers({ now: Date.now() + 14 * 60_000, toFake: ["Date"] });
    expect((await take(real)).status).toBe(429);
  });
});

describe("conversions", () => {
  it("are so many at once, and one whose receiver takes nothing ends", async () => {
    await using gateway = await startTestGateway({ SAFEBASE_CONVERSIONS: "1", SAFEBASE_JOB_STALL_LIMIT_S: "2" });
    const token = await gateway.account("admin@example.org");
    const backup = await gateway.backup(token, await gateway.database(token, { type: "mariadb" }), [{ program: "sh", args: ["-c", "head -c 300000000 /dev/zero | tr '\\0' 'x'"] }]);
    const take = (query: string) => fetch(`${gateway.url}/api/backups/${backup.id}/download${query}`, { headers: { authorization: `Bearer ${token}` } });
    const { url } = (await gateway.call("POST", `/api/backups/${backup.id}/link`, { token, json: { as: "gz" } })).body;
    const stuck = await take("?as=sql"); // its body is not read
    expect(stuck.status).toBe(200);
    for (const again of [await take("?as=gz"), await fetch(url as string)]) {
      expect([again.status, again.headers.get("retry-after")]).toEqual([429, "30"]);
      expect(await again.json()).toMatchObject({ code: "too_many_requests", error: "1 download is being converted already, try again later or download the backup as stored" });
    }
    expect((await take("")).status).toBe(200); // stored bytes cost no place
    const freed = await until("its place to be free", async () => {
      const answer = await fetch(url as string);
      if (answer.status === 200) return answer;
      await answer.body?.cancel();
      return undefined;
    }, { timeout_ms: 30_000 });
    expect((await freed.arrayBuffer()).byteLength).toBeGreaterThan(100_000);
    await expect(stuck.arrayBuffer()).rejects.toThrow();
  });
});
