import { freshDatabase, fillRealistic, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Client } from "../client.ts";
import { browserMissing, inspect } from "./browser.ts";
import { Pages } from "./pages.ts";

if (browserMissing !== undefined) console.log(`what stands around the pages is not tested: ${browserMissing}`);

const ADMIN = "admin@example.org";
const ANN = "ann@example.org";

describe.skipIf(browserMissing !== undefined)("what stands around the pages", () => {
  const server = inject("postgres");
  let pages: Pages;
  let ann: Client;
  let shop: TestDatabase;

  beforeAll(async () => {
    [pages, shop] = await Promise.all([Pages.start(), freshDatabase(server, "shop")]);
    await fillRealistic(shop.connection, { rows: 20 });
    await pages.register(ADMIN);
    ann = await pages.register(ANN);
  });
  afterAll(async () => {
    await pages[Symbol.asyncDispose]();
    await shop[Symbol.asyncDispose]();
  });

  test("an alarm rings the bell in every window at once; opened in one, it is seen in all", async () => {
    const id = await ann.addDatabase(server, "no_such_database", { name: "<b>gone</b>" });
    const page = await pages.openAs(ANN);
    await page.goto("/");
    const other = await page.context().newPage();
    await other.goto("/backups");
    await page.getByRole("button", { name: "Alerts: 1 new one" }).click(); // of this very browser, which is a new place
    await page.getByText("Login from a new place").first().waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Alerts", exact: true }).waitFor();
    await ann.backUp(id);
    await page.getByRole("button", { name: "Alerts: 1 new one" }).waitFor();
    await other.getByRole("button", { name: "Alerts: 1 new one" }).waitFor();
    expect(await page.title()).toBe("(1) Dashboard · SafeBase");
    expect(await other.title()).toBe("(1) Backups · SafeBase");
    await page.getByRole("button", { name: "Alerts: 1 new one" }).focus();
    await page.keyboard.press("Enter");
    const line = page.locator(".bell-panel").getByRole("link", { name: /Backup failed/ });
    await line.getByText("<b>gone</b>").waitFor(); // text, no markup
    await inspect(page, "bell");
    await page.getByRole("button", { name: "Alerts", exact: true }).waitFor();
    await other.getByRole("button", { name: "Alerts", exact: true }).waitFor();
    expect(await page.title()).toBe("Dashboard · SafeBase");
    await page.keyboard.press("Escape");
    await line.waitFor({ state: "detached" });
    expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe("Alerts");
    await page.context().close();
  });

  test("an admin sees his own until he asks for everybody's; nobody else is asked", async () => {
    await ann.addDatabase(server, shop.db_name, { name: "shop of ann" });
    const page = await pages.openAs(ADMIN);
    await page.goto("/databases");
    await page.getByRole("heading", { name: "Databases", level: 1 }).waitFor();
    await page.locator(".skeleton").first().waitFor({ state: "detached" });
    expect(await page.getByText("shop of ann").count()).toBe(0);
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("radio", { name: "Everybody’s" }).check();
    await page.getByText("shop of ann").first().waitFor();
    await page.getByRole("radio", { name: "Mine" }).check();
    await page.getByText("shop of ann").first().waitFor({ state: "detached" });
    await page.context().close();
    const hers = await pages.openAs(ANN);
    await hers.goto("/databases");
    await hers.getByRole("button", { name: "Account" }).click();
    await hers.getByRole("radio", { name: "Français" }).waitFor();
    expect(await hers.getByRole("radio", { name: "Everybody’s" }).count()).toBe(0);
    await hers.context().close();
  });

  test("no page broke a rule of its policy or threw", () => pages.expectNoComplaints());
});
