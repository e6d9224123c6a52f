import { fillRealistic, freshDatabase, type TestDatabase } from "@safebase/testing";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Client } from "../client.ts";
import { browserMissing, inspect } from "./browser.ts";
import { LOOKS, Pages, type Place } from "./pages.ts";

if (browserMissing !== undefined) console.log(`the pages of databases are not tested: ${browserMissing}`);

/** On a slow machine, too. */
const POLL = { timeout: 20_000 };
const [ADMIN, MARIE] = ["admin@example.org", "marie@example.org"];

describe.skipIf(browserMissing !== undefined)("databases in a browser", () => {
  const [postgres, mariadb] = [inject("postgres"), inject("mariadb")];
  let pages: Pages, admin: Client, shop: TestDatabase, billing: TestDatabase, page: Page;
  /** By their names. */
  const ids: Record<string, number> = {};
  const row = (name: string) => page.getByRole("row", { name: new RegExp(name) });
  const names = () => page.locator(".databases-title a").allTextContents();

  beforeAll(async () => {
    [pages, shop, billing] = await Promise.all([Pages.start(), freshDatabase(postgres, "shop"), freshDatabase(mariadb, "billing")]);
    await Promise.all([fillRealistic(shop.connection, { rows: 200 }), fillRealistic(billing.connection, { rows: 50 })]);
    admin = await pages.register(ADMIN);
    const marie = await pages.register(MARIE);
    ids["shop"] = await admin.addDatabase(postgres, shop.db_name, { name: "shop" });
    ids["billing"] = await admin.addDatabase(mariadb, billing.db_name, { name: "billing" });
    ids["attic"] = await admin.addDatabase(postgres, "attic", { name: "attic", host: "attic.invalid" });
    ids["hers"] = await marie.addDatabase(postgres, shop.db_name, { name: "hers" });
    await admin.call("POST", "/api/schedules", { database_id: ids["billing"], cron: "0 3 * * *", timezone: "Europe/Paris", name: "nightly" });
    await admin.backedUp(ids["billing"], {});
    for (const compression of ["none", "zstd"]) await admin.backedUp(ids["shop"], { compression });
    page = await pages.openAs(ADMIN);
  });
  afterAll(async () => {
    await pages[Symbol.asyncDispose]();
    await Promise.all([shop[Symbol.asyncDispose](), billing[Symbol.asyncDispose]()]);
  });

  test("the list is sorted, narrowed and searched, and its address says so", async () => {
    await page.goto("/databases");
    await row("shop").getByText("No schedule").waitFor();
    expect(await names()).toEqual(["attic", "billing", "shop"]);
    await row("billing").getByText("Up to date").waitFor();
    expect(await row("shop").getByRole("list", { name: "Last results of shop, the newest last" }).getByRole("link").count()).toBe(2);
    await page.getByRole("columnheader", { name: "Stored" }).getByRole("button").click();
    await page.waitForURL(/sort=size/);
    await expect.poll(names, POLL).toEqual(["shop", "billing", "attic"]);
    await page.getByLabel("Sorted by").selectOption("state");
    await expect.poll(async () => (await names())[0], POLL).toBe("attic");
    await page.getByRole("button", { name: /^No backup/ }).click();
    await expect.poll(names, POLL).toEqual(["attic"]);
    await page.getByRole("button", { name: /^All/ }).click();
    await page.getByLabel("Type").selectOption("mariadb");
    await expect.poll(names, POLL).toEqual(["billing"]);
    await page.getByLabel("Search databases").fill("nothing like it");
    await page.getByText("No database fits.").waitFor();
    await page.reload();
    expect(await page.getByLabel("Search databases").inputValue()).toBe("nothing like it");
    expect(new URL(page.url()).search).toBe("?sort=state&type=mariadb&q=nothing+like+it");
    await page.getByRole("button", { name: "Clear filters" }).click();
    await expect.poll(async () => (await names()).length, POLL).toBe(3);
  });

  test("by keyboard alone: from one result to the next, to a backup, and through the menu of a row", async () => {
    await page.goto("/databases");
    await page.getByRole("link", { name: "shop", exact: true }).focus();
    await page.keyboard.press("Tab");
    const newest = await page.evaluate("document.activeElement.href");
    await page.keyboard.press("ArrowLeft");
    expect(await page.evaluate("document.activeElement.href")).not.toBe(newest);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/backups\/2$/);
    await page.goBack();
    await page.getByRole("button", { name: "More: shop" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Restore the newest" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Restore the newest" }).waitFor({ state: "detached" });
    expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe("More: shop");
  });

  test("a database is seen with its history; its server is asked, and a backup with options appears by itself", async () => {
    await page.goto("/databases");
    await page.getByRole("link", { name: "shop", exact: true }).click();
    await page.getByRole("heading", { name: "shop", level: 1 }).waitFor();
    const history = page.getByRole("list", { name: "Backups of shop" });
    await expect.poll(() => history.getByText("Completed").count(), POLL).toBe(2);
    await page.getByRole("button", { name: "Test connection" }).click();
    await page.getByText(/Connected to PostgreSQL/).waitFor();
    await page.getByRole("button", { name: "With options…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Format").selectOption("sql");
    await dialog.getByLabel("Compression").selectOption("gzip");
    await inspect(page, "database-options");
    await dialog.getByRole("button", { name: "Start the backup" }).click();
    await expect.poll(() => history.getByText("Completed").count(), POLL).toBe(3);
    expect(await admin.backup(4)).toMatchObject({ database_id: ids["shop"], format: "sql", compression: "gzip", status: "completed" });
  });

  test("what it is held to is changed, and judged at once", async () => {
    await page.getByRole("button", { name: "Change: Newest backup" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: "Own limit" }).check();
    await dialog.getByLabel("At most").fill("0");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("A whole number, from one minute to ten years.").waitFor();
    await dialog.getByLabel("At most").fill("36");
    await dialog.getByLabel("Unit").selectOption("hour");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("36 hours", { exact: true }).waitFor();
    await page.locator(".database-state").getByText("Up to date").waitFor();
  });

  test("a refusal of the API stands at its field and nothing that was typed is lost", async () => {
    await page.goto(`/databases/${ids["billing"]}/edit`);
    await page.getByLabel("Name", { exact: true }).fill("Billing of the group");
    await page.getByLabel("Host").fill("localhost");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("password is missing: it must be given again when host changes").waitFor();
    expect(await page.evaluate("document.activeElement.name")).toBe("password");
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Billing of the group");
    await inspect(page, "database-refused");
    await page.getByLabel("Password", { exact: true }).fill(mariadb.password);
    await page.locator("[name=retention]").selectOption("classic");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "Billing of the group", level: 1 }).waitFor();
    await page.getByRole("button", { name: "Test connection" }).click();
    await page.getByText(/Connected to .*MariaDB/).waitFor();
    const { database } = await admin.call<{ database: object }>("GET", `/api/databases/${ids["billing"]}`);
    expect(database).toMatchObject({ name: "Billing of the group", host: "localhost", has_password: true, retention: { daily: 7, weekly: 4, monthly: 12 }, storages: null });
  });

  test("another's is not there, unless everybody's are looked at: then it says whose it is", async () => {
    const marie = await pages.openAs(MARIE);
    for (const path of [`/databases/${ids["shop"]}`, `/databases/${ids["shop"]}/edit`, "/databases/nonsense"]) {
      await marie.goto(path);
      await marie.getByRole("heading", { name: "There is no such database" }).waitFor();
    }
    expect(await marie.getByRole("button", { name: "Look among everybody’s" }).count()).toBe(0);
    await marie.goto("/databases");
    await marie.getByRole("link", { name: "hers" }).waitFor();
    expect(await marie.locator(".databases-title a").allTextContents()).toEqual(["hers"]);
    await marie.context().close();
    await page.goto(`/databases/${ids["hers"]}`);
    await page.getByRole("button", { name: "Look among everybody’s" }).click();
    await page.getByText(`Of ${MARIE}`).waitFor();
  });

  const places = (): Place[] => [
    ["/databases", "Databases", "Bases de données"], ["/databases?state=missed&q=x", "Databases", "Bases de données"], [`/databases/${ids["shop"]}`, "shop", "shop"], [`/databases/${ids["attic"]}`, "attic", "attic"],
    [`/databases/${ids["shop"]}/edit`, "Edit shop", "Modifier shop"], ["/databases/999", "There is no such database", "Cette base n’existe pas"],
  ];
  test.each(LOOKS)("every page: $locale, $colorScheme, $viewport.width px", (look) => pages.visit(ADMIN, look, places()));

  test("it is deleted only once its name is typed, and its backups stay", async () => {
    await page.goto("/databases");
    await page.getByRole("button", { name: "More: Billing of the group" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/Its backup stays/).waitFor();
    await dialog.getByText("Its schedule ends.").waitFor();
    await inspect(page, "database-delete");
    const remove = dialog.getByRole("button", { name: "Delete database" });
    await dialog.getByRole("textbox").fill("Billing of the groups");
    expect(await remove.isDisabled()).toBe(true);
    await dialog.getByRole("textbox").fill("Billing of the group");
    await page.keyboard.press("Enter");
    await page.getByText("Billing of the group is deleted.").waitFor();
    await expect.poll(names, POLL).toEqual(["attic", "shop"]);
    expect(await admin.backup(1)).toMatchObject({ database_id: ids["billing"], status: "completed" });
  });

  test("no page broke a rule of its policy or threw", () => pages.expectNoComplaints());
});
