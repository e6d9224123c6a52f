import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { clientDirs, freshDatabase, until } from "@safebase/testing";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { PASSWORD } from "../client.ts";
import { browserMissing, inspect, startBrowser } from "./browser.ts";
import { Shell } from "./command-line.ts";
import { PROJECT_DIR, startSecured, type Secured } from "./secured.ts";
import { damage, filesIn, filledDatabase, look } from "./system.ts";

if (browserMissing !== undefined) console.log(`the page of executors does not wait for one: ${browserMissing}`);

const JOINED = ["data", "executor.env", "group.key", "nats-ca.crt", "nats.creds"];

interface Start { readonly start: { readonly node: string; readonly docker: string }; readonly folder: string; readonly group: string }
interface Seen { readonly groups: { group: string; alive: number; databases: number }[]; readonly executors: { id: string; host: string; group: string; state: string; version: string }[] }

describe("a machine that joins a group of executors", () => {
  const server = inject("postgres");
  let secured: Secured, shell: Shell, joined: Start;
  let executor: ChildProcess | undefined;
  let output = "";

  beforeAll(async () => {
    secured = await startSecured();
    shell = await Shell.open(secured.dir, { SAFEBASE_URL: secured.url, SAFEBASE_TOKEN: secured.admin.token });
  });
  afterAll(async () => {
    if (executor?.exitCode === null) {
      executor.kill("SIGTERM");
      await once(executor, "exit");
    }
    await secured[Symbol.asyncDispose]();
  });
  afterEach(({ task }) => { if (task.result?.state === "fail") console.log([output, secured.executor.output(), secured.gateway.output()].map((text) => text.slice(-2_500)).join("\n---\n")); });

  const token = async (group = "branch"): Promise<string> => (await secured.admin.call<{ join_token: string }>("POST", "/api/executors/join-tokens", { group })).join_token;
  const join_with = (text: string, ...args: string[]) => shell.start("safebase", ["join", secured.url, ...args], `${text}\n`).ended;
  const seen = () => secured.admin.call<Seen>("GET", "/api/executors");
  const inFolder = (name: string): string => join(secured.dir, "branch", name);

  test("gets a folder with all that an executor starts from, secrets in files for its user alone", async () => {
    const made = await token();
    await writeFile(join(secured.dir, "token.txt"), `${made}\n`);
    joined = await shell.with({ SAFEBASE_JOIN_TOKEN_FILE: join(secured.dir, "token.txt") }).json<Start>("join", secured.url, "--into", "branch");
    expect(joined).toMatchObject({ group: "branch", folder: join(secured.dir, "branch"), start: { node: `node --env-file=${inFolder("executor.env")} services/executor/src/main.ts` } });
    expect((await readdir(inFolder(""))).toSorted()).toEqual(JOINED);
    for (const name of JOINED) expect((await stat(inFolder(name))).mode & 0o077, name).toBe(0);
    const [env, key, creds] = await Promise.all(["executor.env", "group.key", "nats.creds"].map((name) => readFile(inFolder(name), "utf8")));
    expect(env).toContain(`SAFEBASE_GROUP_KEY_FILE=${inFolder("group.key")}\n`);
    for (const secret of [key!.trim(), made, /SEED-----\n(\S+)/.exec(creds!)![1]!]) {
      expect(env + JSON.stringify(joined) + secured.gateway.output()).not.toContain(secret);
    }
    expect(await readFile(join(secured.dir, "secrets/group-default.key"), "utf8")).not.toBe(key);
  });

  test("is refused with a token that was used, or revoked; what is there stays", async () => {
    const before = await readFile(inFolder("nats.creds"), "utf8");
    const used = (await readFile(join(secured.dir, "token.txt"), "utf8")).trim();
    expect(await join_with(used, "--into", "branch")).toMatchObject({ code: 1, stderr: expect.stringMatching(/^safebase: this join token was used already\n/) });
    const { join_token, token: { id } } = await secured.admin.call<{ join_token: string; token: { id: number } }>("POST", "/api/executors/join-tokens", { group: "branch" });
    await secured.admin.call("DELETE", `/api/executors/join-tokens/${id}`);
    expect(await join_with(join_token, "--into", "branch")).toMatchObject({ code: 1, stderr: expect.stringMatching(/^safebase: there is no such join token\n/) });
    expect(await readFile(inFolder("nats.creds"), "utf8")).toBe(before);
  });

  test("sends no token in the clear, and takes no folder that holds other things", async () => {
    const made = await token();
    expect(await shell.start("safebase", ["join", "http://safebase.example", "--into", "branch"], `${made}\n`).ended)
      .toMatchObject({ code: 2, stderr: expect.stringMatching(/^safebase: http:\/\/safebase.example is not encrypted/) });
    expect(await join_with(made, "--into", ".")).toMatchObject({ code: 2, stderr: expect.stringContaining("holds other things") });
    const again = await shell.with({ LC_ALL: "fr_FR.UTF-8" }).start("safebase", ["join", secured.url, "--into", "branch"], made).ended; // with a new token, over what is there
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^cette machine peut rejoindre le groupe branch .*\ndémarrez-le .* {2}node --env-file=\S+ services.*\nou dans un conteneur : {2}docker run .* safebase-executor:/) });
    expect((await readdir(inFolder(""))).toSorted()).toEqual(JOINED);
  });

  test("joins by the guide's commands as printed, and databases come to its group", async () => {
    await using far = await freshDatabase(server, "guide");
    await writeFile(join(secured.dir, "database-password.txt"), `${server.password}\n`);
    const script = /^```sh tour\n(.*?)^```$/ms.exec(await readFile(join(PROJECT_DIR, "docs/executor-groups.md"), "utf8"))?.[1] ?? "";
    const database = `postgres://${server.username}@${server.host}:${server.port}/${far.db_name}`;
    const { code, stdout, stderr } = await shell.with({ DATABASE: database }).start("sh", ["-eu"], script).ended;
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/^this machine may join the group branch; [^]*^start it in SafeBase's folder: {2}node --env-file=\S+\/safebase-branch\/executor.env [^]*^far is registered as database (\d+)\nfar is in the group branch from now on$/m);
    const { databases } = await secured.admin.call<{ databases: { id: number; executor_group: string }[] }>("GET", "/api/databases");
    expect(databases.map(({ executor_group }) => executor_group)).toEqual(["branch"]);
    await secured.admin.call("DELETE", `/api/databases/${databases[0]!.id}`);
  });

  /** The page of executors, with a token just made in it: a machine has joined by it, as the page says. */
  async function joinInBrowser(stack: AsyncDisposableStack): Promise<Page> {
    const browser = await startBrowser();
    stack.defer(() => browser.close());
    const page = await (await browser.newContext({ baseURL: secured.url, reducedMotion: "reduce", locale: "en-GB" })).newPage();
    page.setDefaultTimeout(20_000);
    await page.context().request.post("/auth/login", { data: { email: "admin@example.org", password: PASSWORD } });
    await page.goto("/executors");
    await page.getByRole("button", { name: "Join an executor" }).click();
    await page.getByRole("dialog").getByLabel("Group").fill("branch");
    await page.getByRole("button", { name: "Make the token" }).click();
    expect(await page.getByRole("region", { name: "On that machine" }).innerText()).toBe(`safebase join ${secured.url} --into safebase-branch`);
    await page.getByText("Waiting for the machine…").waitFor();
    const shown = await page.getByRole("region", { name: "Join token", exact: true }).innerText();
    expect(await join_with(shown, "--into", "branch")).toMatchObject({ code: 0 });
    await page.getByText(`${hostname()} has its keys. Waiting for its executor…`).waitFor();
    return page;
  }

  test("starts as it was told, and is seen, also by the page that waits for it", async () => {
    await using stack = new AsyncDisposableStack();
    const page = browserMissing === undefined ? await joinInBrowser(stack) : undefined;
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("SAFEBASE_")));
    executor = spawn("/bin/sh", ["-c", `exec ${joined.start.node}`], {
      cwd: PROJECT_DIR, env: { ...env, PATH: `${dirname(process.execPath)}:${clientDirs().join(":")}:${process.env["PATH"]}` }, stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [executor.stdout!, executor.stderr!]) stream.on("data", (data: Buffer) => { output += data.toString(); });
    await until("both executors to be seen", async () => (await seen()).executors.length === 2, { timeout_ms: 60_000 });
    const { groups, executors } = await seen();
    expect(groups).toMatchObject([{ group: "default", alive: 1 }, { group: "branch", alive: 1, databases: 0 }]);
    expect(executors.find(({ group }) => group === "branch")).toMatchObject({ host: hostname(), state: "alive", id: expect.stringContaining(`-${executor.pid}-`) });
    if (page === undefined) return;
    await page.getByText(`${hostname()} is here.`).waitFor();
    await inspect(page, "executors-joined");
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByRole("region", { name: "branch", exact: true }).getByRole("row", { name: hostname() }).waitFor();
    expect(await page.content()).not.toContain("sbj_");
  });

  test("serves the databases of its group, and no others", async () => {
    const { admin } = secured;
    await admin.call("POST", "/api/storages", { name: "shared", config: { type: "local", root: join(secured.dir, "shared") }, shared: true });
    await using home = await filledDatabase(server, admin, "home");
    await using far = await filledDatabase(server, admin, "far");
    expect(await shell.safebase("databases", "move", String(far.id), "branch")).toMatchObject({ code: 0, stderr: expect.stringMatching(/^warning: backups in the storage local stay on the machine of an executor of the group branch/) });
    await admin.call("PUT", `/api/databases/${far.id}`, { storages: ["shared"] });
    expect(await admin.call("POST", `/api/databases/${far.id}/test`)).toMatchObject({ ok: true });
    const before = await look(server, far.db_name);
    const [backup, other] = await Promise.all([admin.backedUp(far.id), admin.backedUp(home.id)]);
    await admin.verified(backup.id);
    await damage(server, far.db_name);
    const restore = await admin.restored(backup.id, far.db_name);
    expect(await look(server, far.db_name)).toEqual(before);
    const jobsIn = (text: string): number[] => [...text.matchAll(/"job_id":(\d+).*"ended"/g)].map(([, id]) => Number(id));
    const [theirs, ours] = [jobsIn(output), jobsIn(secured.executor.output())];
    expect(theirs).toEqual(expect.arrayContaining([backup.job_id, restore.job_id]));
    expect(ours).toContain(other.job_id);
    expect(theirs.filter((id) => ours.includes(id))).toEqual([]);
    expect([await filesIn(join(secured.dir, "shared")), await filesIn(inFolder("data"))]).toEqual([expect.arrayContaining([backup.filepath]), expect.not.arrayContaining([expect.stringContaining("artifacts/postgresql")])]);
  });
});
