import { connect, freePort, freshDatabase, fillRealistic, tempDir, type TestDatabase } from "@safebase/testing";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { browserMissing, inspect, startBrowser } from "./browser.ts";
import { end } from "./system.ts";
import { startProgram, type Program } from "./program.ts";

if (browserMissing !== undefined) console.log(`the pages are not tested: ${browserMissing}`);

const EMAIL = "admin@example.org";
const PASSWORD = "a long password";
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1360, height: 860 };

describe.skipIf(browserMissing !== undefined)("the pages in a browser", () => {
  const stack = new AsyncDisposableStack();
  const server = inject("postgres");
  const complaints: string[] = [];
  let browser: Browser;
  let database: TestDatabase;
  let start: () => Promise<Program>;
  let program: Program;
  let url: string;
  let page: Page;
  let state: Awaited<ReturnType<ReturnType<Page["context"]>["storageState"]>>;

  beforeAll(async () => {
    const { path } = stack.use(await tempDir("web"));
    const port = await freePort();
    start = async () => {
      const started = stack.use(startProgram("services/standalone/src/main.ts", { SAFEBASE_PORT: String(port), SAFEBASE_DATA_DIR: path }));
      stack.defer(() => end(started));
      url = await started.url();
      return started;
    };
    [program, browser, database] = await Promise.all([start(), startBrowser(), freshDatabase(server, "shop")]);
    stack.use(database);
    stack.defer(() => browser.close());
    await fillRealistic(database.connection, { rows: 50 });
    page = await open({ locale: "en-GB", viewport: DESK });
  });
  afterAll(() => stack.disposeAsync());

  async function open(options: BrowserContextOptions): Promise<Page> {
    const context = await browser.newContext({ baseURL: url, reducedMotion: "reduce", ...options });
    const opened = await context.newPage();
    opened.setDefaultTimeout(20_000);
    opened.on("console", (message) => { if (message.type() === "error") complaints.push(`${opened.url()}: ${message.text()}`); });
    opened.on("pageerror", (error) => complaints.push(`${opened.url()}: ${error.stack ?? error.message}`));
    return opened;
  }

  test("first run: the account is made, a refusal stands at its field and keeps what was typed", async () => {
    await page.goto("/backups");
    await page.getByRole("heading", { name: "Welcome to SafeBase" }).waitFor();
    await inspect(page, "welcome");
    await page.getByLabel("Email").fill(EMAIL);
    await page.getByLabel("Password").fill("short");
    await page.keyboard.press("Enter");
    await page.getByText("At least 8 characters.", { exact: true }).waitFor();
    expect(await page.evaluate("document.activeElement.name")).toBe("password");
    expect(await page.getByLabel("Email").inputValue()).toBe(EMAIL);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByText("Nothing is backed up yet.").waitFor();
    await inspect(page, "dashboard-empty");
    expect(await page.evaluate("JSON.stringify(localStorage) + document.cookie")).not.toMatch(/token|eyJ|session/);
  });

  test("a database is tested and added, and what its server refuses is told in place", async () => {
    await page.getByRole("link", { name: "Add a database" }).click();
    await page.getByLabel("Name").fill("shop");
    const address = (password: string): string => `postgres://${server.username}:${encodeURIComponent(password)}@${server.host}:${server.port}/${database.db_name}`;
    await page.getByLabel("Connection string", { exact: true }).last().fill(address("wrong"));
    await page.getByRole("button", { name: "Test connection" }).click();
    await page.getByRole("alert").filter({ hasText: "refuses this user or password" }).waitFor();
    await page.getByLabel("Connection string", { exact: true }).last().fill(address(server.password));
    await page.getByRole("button", { name: "Test connection" }).click();
    await page.getByText(/Connected to PostgreSQL/).waitFor();
    await inspect(page, "add-tested");
    await page.getByRole("button", { name: "Add database" }).click();
    await page.getByRole("row", { name: /shop/ }).getByText("No backup").waitFor();
  });

  test("a backup is ordered, seen as it runs, and as it completes, without asking again", async () => {
    await using locker = await connect(server, database.db_name);
    await locker.query("BEGIN");
    await locker.query("LOCK TABLE order_lines IN ACCESS EXCLUSIVE MODE"); // the dump waits for it
    await page.getByRole("button", { name: "Back up now: shop" }).click();
    await page.getByRole("row", { name: /shop/ }).getByText("Backing up").waitFor();
    await inspect(page, "databases-running");
    await page.getByRole("link", { name: "Dashboard" }).click();
    await page.getByRole("progressbar", { name: "shop" }).waitFor();
    await inspect(page, "dashboard-running");
    await locker.query("COMMIT");
    await page.getByText("The backup of shop is complete.").waitFor();
    await page.getByText("Nothing is running.").waitFor();
    await page.locator(".lines").getByText("Completed").waitFor();
    state = await page.context().storageState();
  });

  const looks = [
    { locale: "en-GB", colorScheme: "light", viewport: DESK }, { locale: "fr-FR", colorScheme: "dark", viewport: DESK },
    { locale: "fr-FR", colorScheme: "light", viewport: PHONE }, { locale: "en-GB", colorScheme: "dark", viewport: PHONE },
  ] as const;
  test.each(looks)("every page: $locale, $colorScheme, $viewport.width px", async (look) => {
    const own = await open({ ...look, storageState: { cookies: state.cookies, origins: [] } });
    const french = look.locale === "fr-FR";
    const pages = [
      ["/", french ? "Tableau de bord" : "Dashboard"], ["/databases", french ? "Bases de données" : "Databases"], ["/databases/new", french ? "Ajouter une base de données" : "Add a database"],
      ["/backups", french ? "Sauvegardes" : "Backups"], ["/backups/1", "shop"], ["/nowhere", french ? "Cette page n’existe pas" : "There is no such page"],
    ] as const;
    for (const [path, title] of pages) {
      await own.goto(path);
      await own.getByRole("heading", { name: title, level: 1, exact: true }).waitFor();
      await own.locator(".skeleton").waitFor({ state: "detached" });
      await inspect(own, `${path.slice(1).replace("/", "-") || "dashboard"}-${look.locale.slice(0, 2)}-${look.colorScheme}-${look.viewport.width}`);
    }
    await own.context().close();
  });

  test("language and appearance are switched and kept; whoever logs out is out, and comes back to where he was", async () => {
    await page.goto("/backups?status=completed");
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("radio", { name: "Dark" }).check();
    await page.getByRole("radio", { name: "Français" }).check();
    await page.getByRole("heading", { name: "Sauvegardes", level: 1 }).waitFor();
    await inspect(page, "account-menu");
    await page.reload();
    await page.getByRole("heading", { name: "Sauvegardes", level: 1 }).waitFor();
    expect(await page.evaluate("[document.documentElement.lang, document.documentElement.dataset.theme]")).toEqual(["fr", "dark"]);
    await page.getByRole("button", { name: "Compte" }).click();
    await page.getByRole("button", { name: "Se déconnecter" }).click();
    await page.getByRole("heading", { name: "Connexion" }).waitFor();
    await inspect(page, "login");
    await page.getByLabel("Adresse e-mail").fill(EMAIL);
    await page.getByLabel("Mot de passe").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Sauvegardes", level: 1 }).waitFor();
    expect(new URL(page.url()).search).toBe("?status=completed");
  });

  test("a lost connection is told, and when SafeBase is back the page goes on by itself", async () => {
    await page.getByRole("link", { name: "Bases de données" }).click();
    await end(program);
    await page.getByText("Connexion perdue").waitFor();
    await inspect(page, "offline");
    program = await start();
    await page.getByText("Connexion perdue").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Sauvegarder : shop" }).click();
    await page.getByText("La sauvegarde de shop est terminée.").waitFor();
  });

  test("no page broke a rule of its policy or threw", () => {
    expect(complaints.filter((text) => !/status of 40[14]|ERR_(CONNECTION_(REFUSED|RESET)|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)/.test(text))).toEqual([]); // nobody is logged in at first, and it was away
  });
});
