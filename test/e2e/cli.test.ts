import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { tempDir } from "@safebase/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { Client, type Json, type Shown } from "../client.ts";
import { Shell, type Ended } from "./command-line.ts";
import { damage, dropLater, filledDatabase, look, startSystem, type System } from "./system.ts";

const GUIDE = resolve(import.meta.dirname, "../../docs/cli.md");
const PASSWORD = "a long password"; // of every account, as the fixture makes them
const server = inject("postgres");

let system: System, folder: AsyncDisposable & { path: string }, shell: Shell, user: Client, token: string;
let users = 0;

beforeAll(async () => { system = await startSystem({ SAFEBASE_LOG_LEVEL: "warn", SAFEBASE_ALLOWED_TARGETS: "127.0.0.1" }); });
afterAll(() => system[Symbol.asyncDispose]());

/** A user with a shell of his own, and a token in its environment. */
beforeEach(async () => {
  const email = `user${++users}@example.org`;
  folder = await tempDir("cli");
  user = await system.newUser(email);
  ({ token } = await user.call<{ token: string }>("POST", "/api/tokens", { name: "test" }));
  shell = await Shell.open(folder.path, { SAFEBASE_URL: system.url, SAFEBASE_TOKEN: token, EMAIL: email });
  return () => folder[Symbol.asyncDispose]();
});

const database = (rows?: number) => filledDatabase(server, user, "shop", rows);
const inDir = (name: string): string => join(shell.dir, name);
const restores = async () => (await user.call<{ restores: Shown[] }>("GET", "/api/restores")).restores;

test("the guide's tour runs as printed", async () => {
  await using shop = await database(20);
  await user.call("DELETE", `/api/databases/${shop.id}`);
  await using _dropped = dropLater(server, "shop_copy");
  await writeFile(inDir("password.txt"), `${PASSWORD}\n`);
  await writeFile(inDir("database-password.txt"), `${server.password}\n`);
  const block = /^```sh tour\n(.*?)^```$/ms.exec(await readFile(GUIDE, "utf8"))?.[1] ?? "";
  const script = block.replace(/^export SAFEBASE_URL=.*$/m, () => `export SAFEBASE_URL=${system.url}`).replace("me@example.org", () => "$EMAIL")
    .replace(/^DATABASE=.*$/m, () => `DATABASE=postgres://${server.username}@${server.host}:${server.port}/${shop.db_name}`);
  expect(script.split("\n").filter((line) => !block.includes(line))).toHaveLength(3);
  const { code, stdout, stderr } = await shell.with({ SAFEBASE_TOKEN: "" }).start("bash", ["-euo", "pipefail"], script).ended;
  expect(code, stdout + stderr).toBe(0);
  for (const line of [
    /^logged in at /m, /^shop is registered as database \d+$/m, /^shop: PostgreSQL .* tables$/m, /^db-1 is followed as server \d+: /m, /^DATABASE +SIZE +FOLLOWED +REASON$/m, /^SCHEDULE +0 3 \* \* \* UTC$/m, /^db-1 is followed no more; .* unregistered$/m, /^backup \d+ of shop: completed, .*B \(.* s\)$/m, /^check of backup \d+: completed, local: good/m,
    /^test restore of backup \d+: completed, \d+ tables and \d+ rows/m, /^shop\.dump, .*, has the SHA-256/m, /^restore \d+ to shop_copy: completed/m, /^0 backups would go/m, /^ *\d+ +local +local /m, /^ok +local: deleted /m, /^ok +deletion: /m, /^all 9 steps are ok$/m,
  ]) expect(stdout).toMatch(line);
  expect(await look(server, "shop_copy")).toEqual(await look(server, shop.db_name));
  expect(await readFile(inDir("shop.sql"), "utf8")).toContain("CREATE TABLE");
  expect(stdout + stderr).not.toContain(server.password);
});

test("login keeps a token for its user alone and sends it to no other server; logout revokes it", async () => {
  const own = shell.with({ SAFEBASE_TOKEN: "" });
  const login = own.type("login", "--email", "$EMAIL");
  await login.said("Password: ");
  login.child.stdin?.end(`${PASSWORD}\n`);
  const { code, stdout } = await login.ended;
  expect(code, stdout).toBe(0);
  expect(stdout).not.toContain(PASSWORD);
  const file = inDir(".config/safebase/config.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const kept = JSON.parse(await readFile(file, "utf8")) as { token: string };
  expect(await own.safebase("databases")).toMatchObject({ code: 0 });

  const asked: (string | undefined)[] = [];
  const other = createServer((request, response) => { asked.push(request.headers.authorization); response.end("{}"); }).listen(0, "127.0.0.1");
  await once(other, "listening");
  const elsewhere = own.with({ SAFEBASE_URL: `http://127.0.0.1:${(other.address() as AddressInfo).port}` });
  expect(await elsewhere.safebase("databases")).toMatchObject({ code: 3, stderr: expect.stringContaining("not logged in at http://127.0.0.1") });
  expect(asked).toEqual([]);
  other.close();

  expect(await own.safebase("logout")).toMatchObject({ code: 0 });
  expect(await new Client(() => system.url, kept.token).ask("GET", "/auth/me")).toMatchObject({ status: 401 });
  expect(await own.safebase("list")).toMatchObject({ code: 3, stderr: expect.stringMatching(/^safebase: not logged in .*\nhint: .*safebase login/) });
});

test("the exit status says who has to do something, and the reason is on stderr", async () => {
  const cases: [Promise<Ended>, number, RegExp][] = [
    [shell.with({ SAFEBASE_TOKEN: "wrong" }).safebase("list"), 3, /^safebase: the token is not valid\nhint: log in/],
    [shell.with({ SAFEBASE_URL: "http://127.0.0.1:9" }).safebase("list"), 3, /^safebase: SafeBase does not answer at http:\/\/127\.0\.0\.1:9: .*\nhint: /],
    [shell.with({ SAFEBASE_URL: `${system.url}/api/docs` }).safebase("list"), 1, /^safebase: there is no GET /],
    [shell.start("safebase", ["login", "--email", "a@example.org", "--password-file", "-"], "wrong\n").ended, 3, /^safebase: .*password/],
    [shell.safebase("lst"), 2, /^safebase: there is no command lst\nhint: /],
    [shell.with({ LC_ALL: "fr_FR.UTF-8" }).safebase("show"), 2, /^safebase: il manque BACKUP\nconseil : /],
    [shell.safebase("show", "999999"), 1, /^safebase: backup 999999 not found\n/],
    [shell.safebase("backup"), 2, /^safebase: name the databases, or say --all\n/],
    [shell.safebase("restore", "1"), 2, /^safebase: there is no terminal to ask at\nhint: .*--confirm/],
    [shell.with({ SAFEBASE_URL: "http://127.0.0.1:9" }).safebase("self-test"), 1, /^$/],
  ];
  for (const [ended, status, message] of cases) {
    const { code, stdout, stderr } = await ended;
    expect(stderr, stdout).toMatch(message);
    expect(code, stderr).toBe(status);
  }
});

test("servers: followed, asked, shown and removed, each by its owner alone", async () => {
  await using shop = await database(5);
  const url = `postgres://${encodeURIComponent(server.username)}:${encodeURIComponent(server.password)}@${server.host}:${server.port}`;
  const made = await shell.json<{ server: { id: number }; databases: Json[] }>("servers", "add", "db", url, "--include", shop.db_name, "--include", "postgres");
  expect(made).toMatchObject({ server: { include: [shop.db_name, "postgres"], schedule: null, last_sync: { problem: null } }, databases: [{ name: "db/postgres", db_name: "postgres" }] });
  const id = String(made.server.id);

  const found = await shell.safebase("servers", "databases", "db");
  expect(found).toMatchObject({ code: 0, stderr: expect.stringMatching(/^PostgreSQL .*: 1 of \d+ databases followed\n$/) });
  expect(found.stdout).toMatch(/^postgres +.*B +yes +-$/m);
  expect(found.stdout).toMatch(new RegExp(`^${shop.db_name} +.*B +no +registered by itself$`, "m"));
  expect((await shell.with({ LC_ALL: "fr_FR.UTF-8" }).safebase("servers", "databases", id)).stdout).toMatch(/^template1 +.*o +non +propre au serveur$/m);
  expect((await shell.safebase("servers", "show", id)).stdout).toMatch(new RegExp(`^TAKEN +${shop.db_name}, postgres$[^]*^ *\\d+ +postgres +no +-$`, "m"));
  expect((await shell.safebase("servers")).stdout).toMatch(new RegExp(`^ *${id} +db +postgresql +.* +1 +0 +\\d{4}-.* -$`, "m"));

  const { token: others } = await (await system.newUser("others@example.org")).call<{ token: string }>("POST", "/api/tokens", { name: "servers" });
  for (const verb of ["show", "databases", "remove"]) {
    expect(await shell.with({ SAFEBASE_TOKEN: others }).safebase("servers", verb, id)).toMatchObject({ code: 1, stderr: `safebase: there is no server ${id}\nhint: \`safebase servers\` lists them\n` });
  }
  expect(await shell.safebase("servers", "remove", "db")).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes") });
  expect(await shell.safebase("servers", "remove", "db", "--yes")).toMatchObject({ code: 0, stdout: "db is followed no more; 1 database still registered\n" });
  expect((await shell.safebase("databases")).stdout).toMatch(/^ *\d+ +db\/postgres /m);
});

test("servers: one that cannot be asked is followed all the same, and what is wrong with it said", async () => {
  const shown = await shell.start("safebase", ["servers", "add", "down", "postgres://backup@127.0.0.1:9", "--password-file", "-"], "a secret\n").ended;
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringMatching(/^down is followed as server \d+: 0 databases\n$/), stderr: expect.stringMatching(/^down could not be asked: .*\n/) });
  expect(shown.stdout + shown.stderr).not.toContain("a secret");
  expect(await shell.safebase("servers", "databases", "down")).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/^down could not be asked: /) });
  expect((await shell.safebase("servers")).stdout).toMatch(/^ *\d+ +down +postgresql +127\.0\.0\.1:9 +0 +0 +\S+ \S+ +\S.+$/m);
  expect(await shell.safebase("servers", "add", "bad", "redis://x")).toMatchObject({ code: 1, stderr: expect.stringMatching(/^safebase: .+/) });
});

test("backup: names, ids and all; 1 if one of them fails, and the others are made", async () => {
  await using shop = await database(5);
  const missing = await user.addDatabase(server, "no_such_database", { name: "twin" });
  const twin = await user.addDatabase(server, shop.db_name, { name: "twin" });
  expect(await shell.safebase("backup", "twin")).toMatchObject({ code: 1, stderr: expect.stringContaining(`several databases are called twin: say which by its id, one of ${missing}, ${twin}`) });
  const ordered = await shell.json<{ backups: Shown[] }>("backup", String(twin), "--no-wait", "--format", "sql", "--storage", "local");
  expect(ordered.backups).toMatchObject([{ database_id: twin, format: "sql", copies: [{ storage: "local" }] }]);
  expect(await shell.safebase("backup", String(twin), "--storage", "local,nowhere")).toMatchObject({ code: 1, stderr: expect.stringMatching(/nowhere\nhint: known: local/) });
  expect(await shell.safebase("backup", String(twin), "--jobs", "many")).toMatchObject({ code: 2 });

  const { code, stdout, stderr } = await shell.safebase("backup", "--all");
  expect(code).toBe(1);
  expect(stdout.match(/^backup \d+ of .*: completed, .*$/gm), stdout + stderr).toHaveLength(2);
  expect(stderr).toMatch(/^backup \d+ of twin: pending$[^]*^backup \d+ of twin: failed: .*no_such_database/m);
  const all = await shell.json<{ backups: Shown[]; pagination: Json }>("list", "--status", "completed", "--limit", "2");
  expect(all).toMatchObject({ backups: [{ status: "completed" }, { status: "completed" }], pagination: { total: 3 } });
  expect((await shell.safebase("list", String(missing))).stdout).toMatch(/^ *ID +DATABASE +STATUS.*\n *\d+ +twin +failed /);
});

test("restore: the plan, the name that is typed, and Ctrl-C while it counts down", async () => {
  await using shop = await database(20);
  const { id } = await user.backedUp(shop.id);
  const before = await look(server, shop.db_name);
  const typed = shell.type("restore", String(id));
  await typed.said(`Type ${shop.db_name} to restore`);
  typed.child.stdin?.write(`${shop.db_name}\n`);
  await typed.said("begins in");
  typed.child.stdin?.write("\u0003");
  const { code, stdout } = await typed.ended;
  expect(stdout).toContain(`It REPLACES the database ${shop.db_name} on `);
  expect(stdout).toMatch(/What is there now: \d+ tables, .*B, on PostgreSQL/);
  expect(stdout).toMatch(/is gone when the restore is complete: no safety backup is taken/);
  expect(stdout).toMatch(/: canceled/);
  expect(code).toBe(1);

  const scripted = shell.start("safebase", ["restore", String(id), "--confirm", shop.db_name]);
  await scripted.said("begins in");
  scripted.child.kill("SIGINT");
  expect(await scripted.ended).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/: canceled/) });
  expect(await restores()).toMatchObject([{ status: "canceled" }, { status: "canceled" }]);
  expect(await look(server, shop.db_name)).toEqual(before);
});

test("restore: a wrong name restores nothing; the right one brings back what was", async () => {
  await using shop = await database(20);
  const before = await look(server, shop.db_name);
  const { id } = await user.backedUp(shop.id);
  await damage(server, shop.db_name);
  expect(await shell.safebase("restore", String(id), "--confirm", "shop")).toMatchObject({ code: 1, stderr: expect.stringContaining("nothing was restored") });
  expect(await restores()).toEqual([]);
  const { restore } = await shell.json<{ restore: Shown }>("restore", String(id), "--confirm", shop.db_name, "--delay", "0");
  expect(restore).toMatchObject({ status: "completed" });
  expect(await look(server, shop.db_name)).toEqual(before);
});

test("download goes on where it broke off, and keeps nothing that is not the backup", async () => {
  await using shop = await database(200);
  const { id, filename, filepath } = await user.backedUp(shop.id);
  const stored = await readFile(join(system.artifacts_dir, filepath));
  await writeFile(inDir(`${filename}.part`), stored.subarray(0, 1000));
  expect(await shell.safebase("download", String(id))).toMatchObject({ code: 0, stderr: `${filename}.part has 1 kB already; it goes on from there\n` });
  expect((await readFile(inDir(filename))).equals(stored)).toBe(true);
  const { entries } = await system.admin.call<{ entries: { action: string; detail: Json }[] }>("GET", "/api/audit?scope=all&action=backup.download&per_page=1");
  expect(entries[0]?.detail).toMatchObject({ range: "bytes=1000-" });
  expect(await shell.safebase("download", String(id))).toMatchObject({ code: 1, stderr: expect.stringContaining("is there already") });

  await writeFile(inDir("other.part"), Buffer.alloc(1000));
  expect(await shell.safebase("download", String(id), "-o", "other")).toMatchObject({ code: 1, stderr: expect.stringContaining("does not have the SHA-256") });
  await expect(stat(inDir("other.part"))).rejects.toThrow("ENOENT");
  expect(await shell.safebase("download", String(id), "--part", "data-9")).toMatchObject({ code: 1, stderr: expect.stringContaining("it has no parts") });
  const { backups: [several] } = await shell.json<{ backups: (Shown & Json)[] }>("backup", String(shop.id), "--jobs", "2", "--globals");
  expect(several).toMatchObject({ status: "completed", jobs: 2, globals: true });
  expect(await shell.safebase("download", String(several?.id))).toMatchObject({ code: 1, stderr: expect.stringMatching(/pre-data, data-1, data-2, post-data, globals\nhint: .*--part <name>, .*--as sql/) });
  const piped = shell.start("bash", ["-c", `safebase download ${id} -o - | sha256sum`]);
  expect((await piped.ended).stdout).toContain((await user.backup(id)).sha256);
});

test("what is encrypted with a key that is kept away opens with its file", async () => {
  const { stdout } = await promisify(execFile)("age-keygen", []);
  await writeFile(inDir("key.txt"), stdout, { mode: 0o600 });
  const recipient = /age1\w+/.exec(stdout)?.[0];
  const { key } = await user.call<{ key: { id: number } }>("POST", "/api/keys", { name: "away", recipient });
  await using shop = await database(20);
  await user.call("PUT", `/api/databases/${shop.id}`, { encryption_key_id: key.id });
  const id = String((await user.backedUp(shop.id)).id);
  expect(await shell.safebase("verify", id)).toMatchObject({ code: 1, stderr: expect.stringContaining("identity") });
  expect(await shell.safebase("verify", id, "--identity-file", "key.txt")).toMatchObject({ code: 0 });
  expect(await shell.safebase("download", id, "--as", "sql", "-o", "shop.sql", "--identity-file", "key.txt")).toMatchObject({ code: 0 });
  expect(await readFile(inDir("shop.sql"), "utf8")).toContain("CREATE TABLE");
});

test("check: all is well only when every copy is good, also one that cannot be read", async () => {
  await using shop = await database(5);
  await user.call("POST", "/api/storages", { name: "gone", config: { type: "s3", endpoint: "http://127.0.0.1:9", bucket: "backups", access_key_id: "id", secret_access_key: "secret" } });
  const { backups: [backup] } = await shell.json<{ backups: Shown[] }>("backup", String(shop.id), "--storage", "local,gone");
  const { code, stdout, stderr } = await shell.safebase("check", String(backup?.id));
  expect(stdout).toMatch(/^check of backup \d+: completed, local: good \(/);
  expect(stderr).toMatch(/^gone: could not be read now; what is known of the copy there: missing$/m);
  expect(code).toBe(1);
});

test("scan: a storage that all use is for admins; what is known stays as it is", async () => {
  await using shop = await database(5);
  await user.backedUp(shop.id);
  expect(await shell.safebase("scan", "local")).toMatchObject({ code: 1, stderr: expect.stringMatching(/^safebase: .+/) });
  const { token: admins } = await system.admin.call<{ token: string }>("POST", "/api/tokens", { name: "scan" });
  const admin = shell.with({ SAFEBASE_TOKEN: admins });
  expect(await admin.json("scan", "local")).toMatchObject({ scan: { storage: "local", status: "completed", adopted: { backups: 0, databases: 0 } } });
  expect((await admin.safebase("scan", "local")).stdout).toMatch(/^scan of local: completed, [1-9]\d* backups read; taken up: 0 backups/);
  expect(await admin.safebase("scan", "nowhere")).toMatchObject({ code: 1, stderr: expect.stringContaining("there is no storage nowhere") });
});

test("clean-up deletes what retention would, once it is agreed to; pinned backups stay until they are unpinned", async () => {
  await using shop = await database(5);
  await user.call("PUT", `/api/databases/${shop.id}`, { retention: { keep_last: 1 } });
  const made: number[] = [];
  for (let count = 0; count < 3; count++) made.push((await user.backedUp(shop.id)).id);
  const [pinned = 0, second = 0, last = 0] = made;
  expect(await shell.safebase("pin", String(pinned))).toMatchObject({ code: 0 });
  expect(await shell.safebase("delete", String(pinned), "--yes")).toMatchObject({ code: 1, stderr: expect.stringContaining("is pinned") });

  const shown = await shell.safebase("clean-up", "--dry-run");
  expect(shown.stdout).toMatch(new RegExp(`^ *${second} .*\n1 backup would go \\(.*\\), 2 stay$`, "m"));
  expect(await shell.safebase("clean-up", String(shop.id))).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes") });
  expect(await shell.json("clean-up", String(shop.id), "--yes")).toMatchObject({ deleted: [second] });
  expect(await shell.safebase("unpin", String(pinned))).toMatchObject({ code: 0 });
  expect(await shell.safebase("delete", String(pinned), "--yes")).toMatchObject({ code: 0 });
  expect((await shell.json<{ backups: Shown[] }>("list")).backups.map(({ id }) => id)).toEqual([last]);
});
