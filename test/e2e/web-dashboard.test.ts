import { connect, fillRealistic, freshDatabase, type TestDatabase } from "@safebase/testing";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Client } from "../client.ts";
import { browserMissing, inspect } from "./browser.ts";
import { LOOKS, Pages } from "./pages.ts";

if (browserMissing !== undefined) console.log(`the dashboard is not tested in a browser: ${browserMissing}`);

const [ADMIN, BOB] = ["admin@example.org", "bob@example.org"];

describe.skipIf(browserMissing !== undefined)("the dashboard in a browser", () => {
  const server = inject("postgres");
  let pages: Pages, database: TestDatabase, page: Page, bob: Client, id: number;

  beforeAll(async () => {
    [pages, database] = await Promise.all([Pages.start(), freshDatabase(server, "dashboard")]);
    await fillRealistic(database.connection, { rows: 20 });
    await pages.register(ADMIN);
    bob = await pages.register(BOB);
    page = await pages.openAs(BOB);
  });
  afterAll(async () => {
    await pages[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const item = () => page.getByRole("region", { name: "Needs attention" }).getByRole("listitem").filter({ hasText: "orders" });
  const verdict = (text: string) => page.getByRole("region", { name: "Are we safe?" }).getByText(text, { exact: true });

  test("with nothing there it leads to the first steps, and shows nothing else to do", async () => {
    await page.goto("/");
    await verdict("Not set up").waitFor();
    expect(await page.getByRole("link", { name: "Set it up, step by step" }).getAttribute("href")).toBe("/start");
    expect(await page.getByRole("region", { name: "Needs attention" }).count()).toBe(0);
    await inspect(page, "dashboard-nothing");
  });

  test("a backup that failed needs attention; it is backed up again from there, and then all is safe", async () => {
    const wrong = await bob.call<{ database: { id: number } }>("POST", "/api/databases", { name: "orders", type: "postgresql", host: server.host, port: server.port, username: server.username, password: "wrong", db_name: database.db_name });
    ({ id } = wrong.database);
    await bob.call("POST", "/api/schedules", { database_id: id, cron: "0 3 1 1 *", name: "yearly" });
    await item().getByText("No backup yet").waitFor(); // it came by itself
    await verdict("Not safe").waitFor();
    await item().getByRole("button", { name: "Back up now: orders" }).click();
    await item().getByText("Last backup failed").waitFor();
    await item().getByText("The server refuses this user or password").waitFor();
    await inspect(page, "dashboard-failed");
    await item().getByRole("link", { name: "See backup" }).click();
    await page.getByRole("heading", { name: "orders", level: 1 }).waitFor();
    await bob.call("PUT", `/api/databases/${id}`, { password: server.password });
    await page.getByRole("link", { name: "Dashboard" }).click();
    await item().getByRole("button", { name: "Back up now: orders" }).click();
    await verdict("Safe").waitFor();
    expect(await page.getByRole("region", { name: "Needs attention" }).count()).toBe(0);
    await page.getByRole("region", { name: "Newest events" }).getByText("Backup completed").or(page.getByText("Backups work again")).first().waitFor();
    await page.getByRole("region", { name: "Next runs" }).getByRole("link", { name: "yearly" }).waitFor();
  });

  test("work that runs is seen as it goes on", async () => {
    await using locker = await connect(server, database.db_name);
    await locker.query("BEGIN");
    await locker.query("LOCK TABLE order_lines IN ACCESS EXCLUSIVE MODE"); // the dump waits for it
    await bob.call("POST", `/api/backups/database/${id}`, {});
    await page.getByRole("progressbar", { name: "orders" }).waitFor();
    await locker.query("COMMIT");
    await page.getByText("Nothing is running.").waitFor();
  });

  test("today in the year says how it went, is reached by keyboard, and leads to its backups", async () => {
    const today = page.getByRole("group", { name: /^The last year: \d+ completed, 1 failed/ }).getByRole("link", { name: /completed, 1 failed/ });
    await today.focus();
    await page.getByRole("figure").getByText(/: \d+ completed, 1 failed$/).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Backups", level: 1 }).waitFor();
    expect(new URL(page.url()).search).toMatch(/^\?since=[^&]+&until=/);
  });

  test("another sees nothing of it; an admin sees everybody's, and whose it is", async () => {
    await bob.call("POST", "/api/databases", { name: "late", type: "postgresql", host: server.host, port: server.port, username: server.username, password: server.password, db_name: database.db_name });
    const admin = await pages.openAs(ADMIN);
    await admin.goto("/");
    await admin.getByText("Nothing is backed up yet.").waitFor();
    await admin.getByRole("button", { name: "Account" }).click();
    await admin.getByRole("radio", { name: "Everybody’s" }).check();
    const late = admin.getByRole("region", { name: "Needs attention" }).getByRole("listitem").filter({ hasText: "late" });
    await late.getByText(`of ${BOB}`).waitFor();
    await late.getByRole("button", { name: "Back up now: late" }).waitFor();
    await admin.context().close();
  });

  test.each(LOOKS)("the page: $locale, $colorScheme, $viewport.width px", (look) => pages.visit(BOB, look, [["/", "Dashboard", "Tableau de bord"]]));

  test("it broke no rule of its policy and did not throw", () => pages.expectNoComplaints());
});
