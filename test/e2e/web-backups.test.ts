import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { generateAgeKey } from "@safebase/artifact";
import { connect, fillRealistic, freshDatabase, tempDir, type TestDatabase } from "@safebase/testing";
import type { Download, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Client, Shown } from "../client.ts";
import { browserMissing, inspect } from "./browser.ts";
import { LOOKS, Pages, type Place } from "./pages.ts";

if (browserMissing !== undefined) console.log(`the pages of backups are not tested: ${browserMissing}`);

const run = promisify(execFile);
const ADMIN = "admin@example.org", BOB = "bob@example.org";
const MARKUP = "<img src=x onerror=alert(1)>";

describe.skipIf(browserMissing !== undefined)("backups in a browser", () => {
  const server = inject("postgres");
  let pages: Pages, database: TestDatabase, admin: Client, page: Page;
  let shop: number, made: Shown, locked: Shown, identity: string, bobs: Shown;

  beforeAll(async () => {
    [pages, database] = await Promise.all([Pages.start(), freshDatabase(server, "shop")]);
    await fillRealistic(database.connection, { rows: 50 });
    admin = await pages.register(ADMIN);
    const bob = await pages.register(BOB);
    const pair = generateAgeKey();
    identity = pair.identity;
    const { key } = await admin.call<{ key: { id: number } }>("POST", "/api/keys", { name: "away", recipient: pair.recipient });
    shop = await admin.addDatabase(server, database.db_name, { name: MARKUP });
    const vault = await admin.addDatabase(server, database.db_name, { name: "vault", encryption_key_id: key.id });
    const far = await admin.addDatabase(server, database.db_name, { name: "far", host: "127.0.0.1", port: 1 });
    [made, locked, bobs] = await Promise.all([admin.backedUp(shop, { jobs: 2, globals: true }), admin.backedUp(vault), bob.backedUp(await bob.addDatabase(server, database.db_name, { name: "bobs" }))]);
    const failing = await Promise.all(Array.from({ length: 30 }, () => admin.backUp(far)));
    await Promise.all(failing.map(({ id }) => admin.ended("backup", id)));
    page = await pages.openAs(ADMIN);
  });
  afterAll(async () => {
    await pages[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const row = (id: number) => page.locator(".backup-table tbody tr").filter({ has: page.getByText(`#${id}`, { exact: true }) });
  const open = (id: number) => page.goto(`/backups/${id}`);
  const log = (text: string | RegExp) => page.getByRole("region", { name: "What happened" }).last().getByText(text).first();
  const taken = async (label: string): Promise<Download> => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download", exact: true }).click();
    await page.getByRole("button", { name: label }).click();
    return download;
  };
  const bytesOf = async (download: Download): Promise<Buffer> => readFile(await download.path());
  const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

  test("are found, filtered and turned over by keyboard alone; what is chosen stands in the address", async () => {
    await page.goto("/backups");
    await page.getByText("32 backups").waitFor();
    expect(await row(made.id).count()).toBe(0); // it is on the second page
    await page.getByRole("textbox", { name: "Page" }).focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("2");
    await page.keyboard.press("Enter");
    await row(made.id).getByText(MARKUP).waitFor(); // as text
    expect(new URL(page.url()).search).toBe("?page=2");
    await page.getByRole("searchbox", { name: "Search" }).focus();
    await page.keyboard.type("VAULT");
    await row(locked.id).waitFor();
    await row(made.id).waitFor({ state: "detached" });
    expect(new URL(page.url()).search).toBe("?search=VAULT");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Fai");
    await page.getByText("No backup fits these filters.").waitFor();
    await page.getByRole("button", { name: "Clear filters" }).press("Enter");
    await page.getByText("32 backups").waitFor();
    await page.goto("/backups?since=2020-01-01&until=2020-12-31&page=7");
    await page.getByText("No backup fits these filters.").waitFor();
    expect(await page.getByLabel("To", { exact: true }).inputValue()).toBe("2020-12-31");
    expect(await page.locator("img").count()).toBe(0);
  });

  test("one shows what it is, its files, contents and what happened to it", async () => {
    await open(made.id);
    await page.getByRole("heading", { name: MARKUP, level: 1 }).waitFor();
    for (const part of ["pre-data", "data-1", "data-2", "post-data", "globals"]) await page.getByRole("region", { name: "Files" }).getByText(part, { exact: true }).waitFor();
    await page.getByRole("searchbox", { name: "Search tables" }).fill("order_lin");
    await page.getByRole("region", { name: "Contents" }).getByText("order_lines").first().waitFor();
    await log(`Ordered by ${ADMIN}`).waitFor();
    await log(/^Taken by executor/).waitFor();
    await log("Completed").waitFor();
    await inspect(page, "backup-parts");
  });

  test("is downloaded in every form, byte for byte; with an identity that is kept away, from its file", async () => {
    await open(made.id);
    const { backup } = await admin.call<{ backup: { parts: { name: string; sha256: string }[] } }>("GET", `/api/backups/${made.id}`);
    expect(sha256(await bytesOf(await taken("pre-data")))).toBe(backup.parts.find(({ name }) => name === "pre-data")?.sha256);
    const sql = await taken("SQL script");
    expect(sql.suggestedFilename()).toMatch(/\.sql$/);
    expect((await bytesOf(sql)).toString()).toContain("CREATE TABLE public.order_lines");

    await open(locked.id);
    expect(sha256(await bytesOf(await taken("As stored")))).toBe(locked.sha256);
    await using dir = await tempDir("identity");
    const file = join(dir.path, "key.txt");
    await writeFile(file, `# public key: age1…\n${identity}\n`);
    await page.getByRole("button", { name: "Download", exact: true }).click();
    await page.getByRole("button", { name: "SQL script" }).click();
    await page.getByLabel("Identity", { exact: true }).fill("AGE-SECRET-KEY-1WRONG");
    await page.getByRole("dialog").getByRole("button", { name: "Download" }).click();
    await page.getByRole("dialog").getByText(/identity/i).last().waitFor();
    await inspect(page, "backup-identity");
    await page.getByLabel("Choose a file…").setInputFiles(file);
    const opened = page.waitForEvent("download");
    await page.getByRole("dialog").getByRole("button", { name: "Download" }).click();
    expect((await bytesOf(await opened)).toString()).toContain("CREATE TABLE public.order_lines");
  });

  test("is handed on by a link that downloads it once, and the log says so", async () => {
    await open(locked.id);
    await page.getByRole("button", { name: "Download", exact: true }).click();
    await page.getByRole("button", { name: "Link for elsewhere…" }).click();
    await page.getByRole("button", { name: "Make the link" }).click();
    const command = await page.getByRole("region", { name: "Command" }).textContent() ?? "";
    await inspect(page, "backup-link");
    await using dir = await tempDir("link");
    await run("sh", ["-c", command], { cwd: dir.path });
    expect(sha256(await readFile(join(dir.path, locked.filename)))).toBe(locked.sha256);
    for (const _ of ["again", "and again"]) await expect(run("sh", ["-c", command], { cwd: dir.path })).rejects.toMatchObject({ code: 22 });
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await page.reload();
    await log(/^Downloaded with a link from 127\.0\.0\.1/).waitFor();
    await log(/^A used or ended link was tried/).waitFor();
  });

  test("is pinned, checked and proved, and shows it as it happens", async () => {
    await open(made.id);
    await page.getByText("Not proved yet").waitFor();
    await page.getByRole("button", { name: "Pin", exact: true }).click();
    await page.getByRole("button", { name: "Unpin" }).waitFor();
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByText("Stored as it was written").waitFor();
    await page.getByRole("button", { name: "Test restore" }).click();
    await page.locator(".shield-line").getByText("Proved by a test restore").waitFor();
    await inspect(page, "backup-proved");
  });

  test("is canceled while it runs, and says who did it", async () => {
    await using locker = await connect(server, database.db_name);
    await locker.query("BEGIN");
    await locker.query("LOCK TABLE order_lines IN ACCESS EXCLUSIVE MODE"); // the dump waits for it
    const { id } = await admin.backUp(shop);
    await open(id);
    await page.getByRole("progressbar").waitFor();
    await inspect(page, "backup-running");
    await page.goto("/backups?status=running");
    await row(id).getByRole("progressbar").waitFor();
    await inspect(page, "backups-running");
    await open(id);
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    await page.getByRole("button", { name: "Cancel the backup" }).click();
    await page.locator(".backup-state").getByText("Canceled").waitFor();
    await log(`Canceled by ${ADMIN}`).waitFor();
  });

  test("several at once are asked about once, and each says how it went; the last completed one asks for its database's name", async () => {
    const { id: canceled } = (await admin.call<{ backups: Shown[] }>("GET", "/api/backups?status=canceled")).backups[0]!;
    await page.goto(`/backups?database_id=${shop}`);
    await page.getByRole("checkbox", { name: "Select all on this page" }).check();
    await page.getByText("2 backups selected").waitFor();
    await inspect(page, "backups-selected");
    await page.getByRole("region", { name: "Selection" }).getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("1 done, 1 refused.").waitFor(); // one is pinned
    await page.getByRole("dialog").getByText(`backup ${made.id} is pinned`).waitFor();
    await inspect(page, "backups-bulk");
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await row(canceled).waitFor({ state: "detached" });

    await open(locked.id);
    await page.getByRole("button", { name: "Delete" }).click();
    const confirm = page.getByRole("dialog").getByRole("button", { name: "Delete" });
    await page.getByLabel("Type vault to go on").fill("vaul");
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByLabel("Type vault to go on").fill("vault");
    await confirm.click();
    await page.waitForURL(/\/backups$/);
    expect((await admin.ask("GET", `/api/backups/${locked.id}`)).status).toBe(404);
  });

  test("another user's is nobody else's; an admin who looks at everybody's sees whose it is", async () => {
    const other = await pages.openAs(BOB);
    await other.goto(`/backups/${made.id}`);
    await other.getByRole("alert").getByText("It does not exist").waitFor();
    await other.goto("/backups");
    await other.getByText("1 backup", { exact: true }).waitFor();
    await other.context().close();
    await page.goto(`/backups?search=bobs`);
    await page.getByText("No backup fits these filters.").waitFor();
    await page.getByRole("button", { name: /^Account/ }).click();
    await page.getByRole("radio", { name: "Everybody’s" }).check();
    await page.keyboard.press("Escape");
    await row(bobs.id).getByText(BOB).waitFor();
  });

  test.each(LOOKS)("every page: $locale, $colorScheme, $viewport.width px", (look) => {
    const places: Place[] = [["/backups", "Backups", "Sauvegardes"], ["/backups?verified=true&search=x&period=own", "Backups", "Sauvegardes"], [`/backups/${made.id}`, MARKUP, MARKUP]];
    return pages.visit(ADMIN, look, places);
  });

  test("no page broke a rule of its policy or threw", () => pages.expectNoComplaints());
});
