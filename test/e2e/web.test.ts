import { connect, freshDatabase, fillRealistic, type TestDatabase } from "@safebase/testing";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { PASSWORD } from "../client.ts";
import { browserMissing, inspect } from "./browser.ts";
import { LOOKS, Pages, type Place } from "./pages.ts";

if (browserMissing !== undefined) console.log(`the pages are not tested: ${browserMissing}`);

const EMAIL = "admin@example.org";

describe.skipIf(browserMissing !== undefined)("the pages in a browser", () => {
  const server = inject("postgres");
  let pages: Pages;
  let database: TestDatabase;
  let page: Page;

  beforeAll(async () => {
    [pages, database] = await Promise.all([Pages.start(), freshDatabase(server, "shop")]);
    await fillRealistic(database.connection, { rows: 50 });
    page = await pages.open();
  });
  afterAll(async () => {
    await pages[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

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
    await page.getByRole("heading", { name: "First steps" }).waitFor(); // from there on: web-start.test.ts
    await page.getByRole("link", { name: "Look around first" }).click();
    await page.getByText("Nothing is backed up yet.").waitFor();
    await inspect(page, "dashboard-empty");
    expect(await page.evaluate("JSON.stringify(localStorage) + document.cookie")).not.toMatch(/token|eyJ|session/);
  });

  test("a database is tested and added, and what its server refuses is told in place", async () => {
    await page.getByRole("link", { name: "Databases" }).click();
    await page.getByRole("link", { name: "Add database" }).first().click();
    const address = (password: string): string => `postgres://${server.username}:${encodeURIComponent(password)}@${server.host}:${server.port}/${database.db_name}`;
    await page.getByLabel("Connection string", { exact: true }).fill(address("wrong")); // what is whole is tried at once
    await page.getByRole("alert").filter({ hasText: "refuses this user or password" }).waitFor();
    await page.getByLabel("Password", { exact: true }).fill(server.password);
    await page.getByLabel("Name", { exact: true }).fill("shop");
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
    await page.getByRole("region", { name: "Newest events" }).getByText("Backup completed").waitFor();
  });

  const places: Place[] = [
    ["/", "Dashboard", "Tableau de bord"], ["/databases", "Databases", "Bases de données"], ["/databases/new", "Add a database", "Ajouter une base de données"],
    ["/backups", "Backups", "Sauvegardes"], ["/backups/1", "shop", "shop"], ["/nowhere", "There is no such page", "Cette page n’existe pas"],
  ];
  test.each(LOOKS)("every page: $locale, $colorScheme, $viewport.width px", (look) => pages.visit(EMAIL, look, places));

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
    await pages.stop();
    await page.getByText("Connexion perdue").waitFor();
    await inspect(page, "offline");
    await pages.startAgain();
    await page.getByText("Connexion perdue").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Sauvegarder : shop" }).click();
    await page.getByText("La sauvegarde de shop est terminée.").waitFor();
  });

  test("no page broke a rule of its policy or threw", () => pages.expectNoComplaints());
});
