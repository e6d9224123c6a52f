import { clientDirs, connect, fillRealistic, freePort, freshDatabase, startWebhook, tempDir, type ServerInfo, type TestDatabase, type WebhookFixture } from "@safebase/testing";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { readerName, readOnlyUserSql, strongPassword } from "../../web/src/features/databases/read-only-user.ts";
import { Client, PASSWORD, type Json } from "../client.ts";
import { browserMissing, inspect } from "./browser.ts";
import { LOOKS, Pages, type Place } from "./pages.ts";

if (browserMissing !== undefined) console.log(`the pages are not tested: ${browserMissing}`);

const ADMIN = "admin@example.org";
const BOB = "bob@example.org";
const SCHEMES = { postgresql: "postgres", mysql: "mysql", mariadb: "mariadb" } as const;
const address = ({ engine, username, password, host, port, db_name }: TestDatabase): string => `${SCHEMES[engine]}://${username}:${encodeURIComponent(password)}@${host}:${port}/${db_name}`;

describe.skipIf(browserMissing !== undefined)("setting up in a browser", () => {
  const stack = new AsyncDisposableStack();
  let pages: Pages, shop: TestDatabase, stock: TestDatabase, webhook: WebhookFixture, folder: string, page: Page, admin: Client;

  beforeAll(async () => {
    webhook = stack.use(await startWebhook());
    folder = stack.use(await tempDir("web-start")).path;
    pages = stack.use(await Pages.start({ SAFEBASE_ALLOWED_TARGETS: "127.0.0.1", SAFEBASE_CLIENT_PATH: clientDirs().join(":") }));
    shop = stack.use(await freshDatabase(inject("postgres"), "shop"));
    stock = stack.use(await freshDatabase(inject("mariadb"), "stock"));
    await Promise.all([shop, stock].map(({ connection }) => fillRealistic(connection, { rows: 50 })));
    page = await pages.open();
  });
  afterAll(() => stack.disposeAsync());

  const heading = (name: string, on = page): Promise<void> => on.getByRole("heading", { name, exact: true }).waitFor();
  /** On by the tabulator to the control of that name. */
  const tabTo = async (name: string): Promise<void> => {
    for (let times = 0; times < 40; times++) {
      await page.keyboard.press("Tab");
      const here = await page.evaluate<string>("(({ labels, ariaLabel, textContent }) => labels?.[0]?.textContent ?? ariaLabel ?? textContent)(document.activeElement)");
      if (here.startsWith(name)) return;
    }
    throw new Error(`the tabulator does not lead to ${name}`);
  };

  test("from no account to a first backup that is complete, by keyboard alone", async () => {
    await page.goto("/");
    await heading("Welcome to SafeBase");
    await tabTo("Email");
    await page.keyboard.type(ADMIN);
    await tabTo("Password");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await heading("What is to be backed up?");
    await inspect(page, "start-database");
    await tabTo("Connection string");
    await page.keyboard.insertText(`${address(shop)}?channel_binding=prefer`);
    await page.getByText(/Connected to PostgreSQL/).waitFor();
    expect(await page.getByLabel("Connection string").inputValue()).toBe(address(shop).replace(encodeURIComponent(shop.password), "••••••••"));
    expect(await page.getByLabel("Password", { exact: true }).inputValue()).toBe(shop.password);
    await page.getByText("left out: channel_binding").waitFor();
    expect(await page.evaluate("location.href + JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie")).not.toContain(shop.password);
    await tabTo("Add and continue");
    await page.keyboard.press("Enter");
    await heading("Where to store?");
    await inspect(page, "start-storage");
    await tabTo("Continue");
    await page.keyboard.press("Enter");
    await heading("When to run?");
    await page.goto("/start"); // goes on where it was, by what is there
    await heading("When to run?");
    await tabTo("Continue");
    await page.keyboard.press("Enter");
    await heading("Whom to alert?");
    await tabTo("Email");
    for (const _ of [1, 2]) await page.keyboard.press("ArrowDown");
    await tabTo("Address");
    await page.keyboard.insertText(webhook.url);
    await tabTo("Send a test");
    await page.keyboard.press("Enter");
    await page.getByText("Sent. The other side said:").waitFor();
    await inspect(page, "start-alerts");
    await tabTo("Continue");
    await page.keyboard.press("Enter");
    await heading("The first backup");
    await tabTo("Back up now");
    await page.keyboard.press("Enter");
    await page.getByText(`${shop.db_name} is safe: its first backup is complete.`).waitFor();
    await inspect(page, "start-end");
  });

  test("what was set up is what was chosen", async () => {
    admin = await Client.login(() => pages.url, ADMIN);
    const { databases } = await admin.call<{ databases: Json[] }>("GET", "/api/databases");
    expect(databases).toMatchObject([{ name: shop.db_name, storages: ["local"], ssl_mode: "prefer" }]);
    const { schedules } = await admin.call<{ schedules: Json[] }>("GET", "/api/schedules");
    expect(schedules).toMatchObject([{ cron: "0 3 * * *", retention: { daily: 7, weekly: 4, monthly: 12 }, enabled: true }]);
    const { channels } = await admin.call<{ channels: Json[] }>("GET", "/api/channels");
    expect(channels).toMatchObject([{ type: "webhook", all_users: true, language: "en" }]);
    expect(webhook.requests.length).toBeGreaterThan(0);
  });

  test("steps are skipped and come back to; a refusal stands at its field, and what was typed stays; nobody sees what another set up", async () => {
    await pages.register(BOB);
    const bob = await pages.openAs(BOB);
    await bob.goto("/start");
    await heading("What is to be backed up?", bob);
    await bob.getByLabel("Type").selectOption("MariaDB");
    for (const [label, text] of [["Host", stock.host], ["Port", String(stock.port)], ["User", stock.username], ["Password", "wrong"], ["Database name", stock.db_name]] as const) await bob.getByLabel(label, { exact: true }).fill(text);
    await bob.getByRole("button", { name: "Test connection" }).click();
    await bob.getByRole("alert").filter({ hasText: "refuses this user or password" }).waitFor();
    await bob.getByLabel("Password", { exact: true }).fill(stock.password);
    await bob.getByText(/Connected to MariaDB/).waitFor(); // by itself
    await bob.getByText("Use a user that can only read").click();
    await stock.connection.query(await bob.getByRole("region", { name: "SQL for the user" }).innerText());
    stack.defer(async () => { await stock.connection.query(`DROP USER ${readerName(stock.db_name)}@'%'`); });
    await bob.getByRole("button", { name: "Use this user" }).click();
    await bob.getByText(/Connected to MariaDB/).waitFor();
    expect(await bob.getByLabel("User", { exact: true }).inputValue()).toBe(readerName(stock.db_name));
    await bob.getByRole("button", { name: "Add and continue" }).click();
    await heading("Where to store?", bob);
    await bob.getByRole("button", { name: "Skip for now" }).click();
    await heading("When to run?", bob);
    await bob.getByRole("button", { name: "Skip for now" }).click();
    await bob.getByRole("button", { name: "Skip for now" }).click();
    await bob.getByRole("button", { name: "Back up now" }).click();
    await bob.getByText(`${stock.db_name} is safe`).waitFor();
    await bob.getByRole("button", { name: "When to run?" }).click();
    await bob.getByLabel(/expression/i).fill("61 3 * * *");
    await bob.getByRole("button", { name: "Continue" }).click();
    await bob.locator(".field-error").first().waitFor();
    expect(await bob.getByLabel(/expression/i).inputValue()).toBe("61 3 * * *");
    await bob.getByLabel(/expression/i).fill("30 2 * * *");
    await bob.getByRole("button", { name: "Continue" }).click();
    await heading("Whom to alert?", bob);
    await bob.getByText("has no mail server set").waitFor();
    await bob.context().close();
  });

  const readers: [name: string, server: ServerInfo, called: string | undefined, prefix: string][] = [
    ["PostgreSQL", inject("postgres"), undefined, `sh"op' ü; --`], ["PostgreSQL before 14", inject("postgres"), "PostgreSQL 13.9", "old"], ["MariaDB", inject("mariadb"), `MariaDB ${inject("mariadb").version}`, "st`ock_ü %"],
    ...[inject("mysql")].flatMap((server) => (server === null ? [] : [["MySQL", server, `MySQL ${server.version}`, "st`ock_ü %"] as [string, ServerInfo, string, string]])),
  ];
  test.each(readers)("the offered user of %s reads everything that the superuser reads, and changes nothing", async (_name, server, called, prefix) => {
    await using database = await freshDatabase(server, prefix);
    await fillRealistic(database.connection, { rows: 20 });
    const [username, password] = [readerName(database.db_name), strongPassword()];
    const sql = readOnlyUserSql({ type: server.engine, server: called, db_name: database.db_name, username, password });
    await using _gone = { [Symbol.asyncDispose]: async () => { await database.connection.query(server.engine === "postgresql" ? `DROP OWNED BY ${username}; DROP ROLE ${username}` : `DROP USER ${username}@'%'`); } };
    await database.connection.query(sql);
    const made = async (changes: Json) => {
      const id = await admin.addDatabase(server, database.db_name, changes);
      const probe = await admin.call<Json>("POST", `/api/databases/${id}/test`);
      const { backup } = await admin.call<{ backup: Json }>("GET", `/api/backups/${(await admin.backedUp(id)).id}`);
      return { ok: probe["ok"], tables: probe["tables"], warned: probe["warnings"], warnings: backup["warnings"], contents: backup["contents"] };
    };
    const [own, readers_own] = await Promise.all([made({}), made({ username, password })]);
    expect(readers_own).toEqual(own);
    expect(own).toMatchObject({ ok: true });
    await using reader = await connect({ ...server, username, password }, database.db_name);
    await expect(reader.query("DELETE FROM order_lines")).rejects.toThrow(/denied/);
    await expect(reader.query("CREATE TABLE mine (id int)")).rejects.toThrow(/denied/);
  });

  test("a storage is tried before it is added: a wrong endpoint is refused step by step, a folder works, is read through and removed", async () => {
    await page.goto("/storages");
    await page.getByRole("link", { name: "Add storage" }).click();
    await page.getByLabel("Server address").fill(`http://127.0.0.1:${await freePort()}`);
    await page.getByLabel("Bucket", { exact: true }).fill("backups");
    await page.getByRole("button", { name: "Test and add" }).click();
    await page.getByText("Fill in this field.").first().waitFor();
    expect(await page.evaluate("document.activeElement.name")).toBe("access_key_id");
    await page.getByLabel("Access key", { exact: true }).fill("key");
    await page.getByLabel("Secret key", { exact: true }).fill("s3cret-key");
    await page.getByRole("button", { name: "Test and add" }).click();
    await page.getByRole("alert").filter({ hasText: "refuses connections" }).waitFor();
    await inspect(page, "storage-refused");
    expect(await page.getByLabel("Secret key", { exact: true }).inputValue()).toBe("s3cret-key");
    await page.getByRole("radio", { name: /Folder/ }).check();
    await page.getByLabel("Path of the folder").fill("not/absolute");
    await page.getByLabel("Name", { exact: true }).fill("disk");
    await page.getByRole("button", { name: "Test and add" }).click();
    await page.getByText("must be an absolute path").waitFor();
    await page.getByLabel("Path of the folder").fill(folder);
    await page.getByRole("button", { name: "Test and add" }).click();
    await heading("disk");
    await page.getByRole("button", { name: "Test", exact: true }).click();
    await page.getByText("It works: written, read back, listed and deleted.").waitFor();
    await page.getByRole("button", { name: "Scan" }).click();
    await page.getByText("No backup lies there.").waitFor();
    await inspect(page, "storage-one");
    await page.getByRole("button", { name: "Change" }).click();
    await page.getByRole("checkbox", { name: "For everybody" }).check();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("checkbox", { name: "Backups go here by default" }).check();
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByRole("alert").filter({ hasText: "backups go to disk by default" }).waitFor();
    await page.keyboard.press("Escape");
    const bob = await pages.openAs(BOB);
    await bob.goto("/storages");
    await bob.getByRole("link", { name: "disk" }).click(); // everybody's: seen, not changed
    await heading("disk", bob);
    expect(await bob.getByRole("button", { name: /Change|Remove|Scan/ }).count()).toBe(0);
    await bob.goto("/storages/new");
    await bob.getByRole("radio", { name: /SFTP/ }).waitFor();
    expect(await bob.getByRole("radio", { name: /Folder/ }).count()).toBe(0);
    await bob.context().close();
  });

  test("a key is made, taken for the password, and kept away; nobody else sees it", async () => {
    await page.goto("/keys");
    await page.getByRole("button", { name: "Add key" }).first().click();
    await page.getByLabel("Name", { exact: true }).fill("vault");
    await page.keyboard.press("Enter");
    await page.getByLabel("Your password", { exact: true }).fill("not this one");
    await page.keyboard.press("Enter");
    await page.getByText("This is not your password.").waitFor();
    await page.getByLabel("Your password", { exact: true }).fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByText(/^AGE-SECRET-KEY-1/).waitFor();
    await inspect(page, "key-taken");
    await page.getByRole("button", { name: "I have stored it" }).click();
    await page.getByRole("button", { name: "Keep away" }).click();
    await page.getByLabel(/Type vault/).fill("vault");
    await page.getByRole("dialog").getByRole("button", { name: "Keep away" }).click();
    await page.getByText("Kept away", { exact: true }).waitFor();
    expect(await page.content()).not.toContain("AGE-SECRET-KEY-1");
    await page.getByRole("button", { name: "Replace" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Replace" }).click();
    await page.getByText("retired", { exact: true }).waitFor();
    const bob = await pages.openAs(BOB);
    await bob.goto("/keys");
    await bob.getByText("No key yet").waitFor();
    await bob.context().close();
  });

  const places: Place[] = [
    ["/start?step=storage", "First steps", "Premiers pas"], ["/start?step=alerts", "First steps", "Premiers pas"],
    ["/databases/new", "Add a database", "Ajouter une base de données"], ["/storages", "Storages", "Stockages"], ["/storages/new", "Add a storage", "Nouveau stockage"], ["/storages/2", "disk", "disk"], ["/keys", "Keys", "Clés"],
  ];
  test.each(LOOKS)("every page: $locale, $colorScheme, $viewport.width px", (look) => pages.visit(ADMIN, look, places));

  test("no page broke a rule of its policy or threw", () => pages.expectNoComplaints());
});
