import { freshDatabase, until, type TestDatabase } from "@safebase/testing";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Client } from "../client.ts";
import { browserMissing, inspect } from "./browser.ts";
import { LOOKS, Pages, type Place } from "./pages.ts";

if (browserMissing !== undefined) console.log(`the pages are not tested: ${browserMissing}`);

const EMAIL = "admin@example.org";

describe.skipIf(browserMissing !== undefined)("schedules, objectives and servers in a browser", () => {
  const server = inject("postgres");
  let pages: Pages, database: TestDatabase, followed: TestDatabase, admin: Client, bob: Client, page: Page;
  let database_id: number, schedule_id: number, database_name: string;

  beforeAll(async () => {
    [pages, database, followed] = await Promise.all([Pages.start(), freshDatabase(server, "shop"), freshDatabase(server, "followed")]);
    admin = await pages.register(EMAIL);
    bob = await pages.register("bob@example.org");
    database_id = await admin.addDatabase(server, database.db_name);
    page = await pages.openAs(EMAIL);
  });
  afterAll(async () => {
    await pages[Symbol.asyncDispose]();
    await Promise.all([database[Symbol.asyncDispose](), followed[Symbol.asyncDispose]()]);
  });

  const schedules = async () => (await admin.call<{ schedules: { id: number; name: string; cron: string; timezone: string; enabled: boolean; retention: object; verify_every: number | null; jitter_s: number }[] }>("GET", "/api/schedules")).schedules;

  test("a schedule is made in words, with its expression and next runs shown, by keyboard alone", async () => {
    await page.goto("/schedules");
    await page.getByText("No schedule yet").waitFor();
    await inspect(page, "schedules-empty");
    await page.getByRole("main").getByRole("link", { name: "Add schedule" }).first().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "New schedule" }).waitFor();
    await page.getByLabel("How often").selectOption({ label: "On some days of the week" });
    await page.getByRole("checkbox", { name: "Monday" }).focus();
    await page.keyboard.press("Space");
    await page.getByLabel("Time of day").fill("02:30");
    await page.getByText("Every Monday and Saturday at 02:30").waitFor();
    expect(await page.getByLabel("Cron expression", { exact: true }).inputValue()).toBe("30 2 * * 1,6");
    await page.getByLabel("How often").selectOption({ label: "Every day" });
    await page.getByLabel("Time zone").fill("Europe/Paris");
    await page.getByText("The clocks skip this time").first().waitFor();
    await page.getByLabel("Cron expression", { exact: true }).fill("30 2 31 2 *");
    await page.getByText("cron: this time never comes: 30 2 31 2 *").waitFor();
    await inspect(page, "schedule-new-refused");
    await page.getByLabel("Cron expression", { exact: true }).fill("30 2 * * *");
    await page.getByText("Every day at 02:30").waitFor();
    expect(await page.getByLabel("How often").inputValue()).toBe("days");
    await page.getByLabel("Test restore", { exact: true }).selectOption({ label: "every 7 backups" });
    await page.getByLabel("Begin later by up to").selectOption({ label: "5 minutes" });
    await inspect(page, "schedule-new");
    await page.getByLabel("Name").focus();
    await page.keyboard.press("Enter");
    await page.getByText("The schedule is created.").waitFor();
    await page.getByRole("row", { name: /Every day at 02:30/ }).waitFor();
    const [made] = await schedules();
    [schedule_id, database_name] = [made!.id, made!.name];
    expect(await schedules()).toMatchObject([{ cron: "30 2 * * *", timezone: "Europe/Paris", enabled: true, retention: { daily: 7, weekly: 4, monthly: 12 }, verify_every: 7, jitter_s: 300 }]);
  });

  test("it is paused and resumed with a switch, and run now", async () => {
    const toggle = page.getByRole("switch");
    await toggle.focus();
    await page.keyboard.press("Space");
    await page.getByRole("row", { name: /Every day/ }).getByText("Paused").waitFor();
    expect((await schedules())[0]?.enabled).toBe(false);
    await page.getByRole("radio", { name: "Running" }).check();
    await page.getByText("No schedule fits.").waitFor();
    await page.getByRole("button", { name: "Show all" }).click();
    await toggle.focus();
    await page.keyboard.press("Space");
    await page.getByText(/runs again/).waitFor();
    expect((await schedules())[0]?.enabled).toBe(true);
    await page.getByRole("button", { name: /^Run now/ }).click();
    await page.getByText(/^The backup of .* has begun/).waitFor();
  });

  test("it is edited: a refusal stands at its field, and retention shows what would go and why the rest stays", async () => {
    const completed = async () => (await admin.call<{ pagination: { total: number } }>("GET", "/api/backups?status=completed")).pagination.total;
    for (let made = 1; made <= 3; made++) {
      await until(`${made} backups`, async () => await completed() >= made);
      if (made < 3) await admin.call("POST", `/api/backups/database/${database_id}`, {});
    }
    const { id } = (await schedules())[0]!;
    await page.goto(`/schedules/${id}`);
    await page.getByLabel("Retention", { exact: true }).selectOption({ label: "Rules of your own" });
    for (const rule of ["Daily", "Weekly", "Monthly"]) await page.getByLabel(rule, { exact: true }).fill("");
    await page.getByLabel("The newest").fill("0");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("retention.keep_last must be a whole number from 1 to 10000, got 0").waitFor();
    expect(await page.evaluate("document.activeElement.name")).toBe("keep_last");
    await inspect(page, "schedule-refused");
    await page.getByLabel("The newest").fill("2");
    await page.getByText("Kept: the newest 2 backups.").waitFor();
    await page.getByLabel("Time zone").fill("Europe/Atlantis");
    await page.getByText("timezone: unknown time zone: Europe/Atlantis").waitFor();
    await page.getByLabel("Time zone").fill("UTC");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The schedule is saved.").waitFor();
    expect(await schedules()).toMatchObject([{ timezone: "UTC", retention: { keep_last: 2 } }]);
    await page.getByText("There is no completed backup yet.").waitFor(); // those were made by hand: the schedule has none
    await page.goto(`/databases/${database_id}/edit`);
    await page.locator("select[name=retention]").selectOption({ label: "Rules of your own" });
    await page.getByLabel("The newest").fill("1");
    await page.getByText(/^2 backups would go \(.*\), 1 stays/).waitFor();
    await page.getByText("the last completed backup and the newest", { exact: true }).waitFor();
    expect(await page.getByText("not the newest", { exact: true }).count()).toBe(2);
    await inspect(page, "retention-preview");
  });

  test("an objective is set in words", async () => {
    await page.goto("/objectives");
    await page.getByRole("button", { name: /^Edit: Newest backup of/ }).click();
    await page.getByRole("dialog").getByText("At the moment that is 2 days.").waitFor();
    await page.getByRole("radio", { name: "Own limit" }).check();
    await page.getByLabel("At most").fill("0");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("A whole number, from one minute to ten years.").waitFor();
    await page.getByLabel("At most").fill("36");
    await page.getByLabel("Unit").selectOption({ label: "hours" });
    await inspect(page, "objective-edit");
    await page.keyboard.press("Enter");
    await page.getByRole("row", { name: /Newest backup/ }).getByText("36 hours").waitFor();
    expect((await admin.call<{ objectives: object[] }>("GET", "/api/objectives")).objectives).toContainEqual(expect.objectContaining({ kind: "backup", max_age_s: 129_600 }));
  });

  test("a server is followed: a pasted string fills its fields, and what its patterns would take is seen before", async () => {
    await page.goto("/servers");
    await page.getByText("No server is followed").waitFor();
    await page.goto("/servers/new");
    await page.getByLabel("Connection string").fill(`postgres://${server.username}:${encodeURIComponent(server.password)}@${server.host}:${server.port}/`);
    expect(await page.getByLabel("Connection string").inputValue()).not.toContain(server.password);
    await page.getByLabel("Name", { exact: true }).fill("db-1");
    await page.getByLabel("Take", { exact: true }).fill(followed.db_name);
    await page.getByRole("button", { name: "Show its databases" }).click();
    await page.getByText(/^1 of \d+ databases would be taken/).waitFor();
    await inspect(page, "server-new");
    await page.getByLabel("Leave", { exact: true }).fill("followed*");
    await page.getByText(/^0 of \d+ databases would be taken/).waitFor();
    await page.getByText("a pattern leaves it").first().waitFor();
    await page.getByLabel("Leave", { exact: true }).fill("\\");
    await page.getByRole("button", { name: "Follow this server" }).click();
    await page.locator(".field-error").filter({ hasText: /^exclude: the pattern/ }).waitFor();
    await page.getByLabel("Leave", { exact: true }).fill("");
    await page.getByRole("button", { name: "Follow this server" }).click();
    await page.getByText("The server is followed: 1 database.").waitFor();
    await page.getByRole("link", { name: `db-1/${followed.db_name}` }).waitFor();
    expect((await schedules()).map(({ cron }) => cron)).toContain("0 3 * * *");
    await page.getByRole("button", { name: "Show its databases" }).click(); // by the password that it has
    await page.getByText(/^1 of \d+ databases would be taken/).waitFor();
    await inspect(page, "server-one");
  });

  test("another user sees none of it", async () => {
    const { id } = (await schedules())[0]!;
    const other = await pages.openAs("bob@example.org");
    await other.goto(`/schedules/${id}`);
    await other.getByText(`schedule ${id} not found`).first().waitFor();
    await other.goto("/schedules");
    await other.getByText("No schedule yet").waitFor();
    await other.context().close();
    expect(await bob.call("GET", "/api/objectives")).toMatchObject({ objectives: [] });
  });

  const places = (): Place[] => [
    ["/schedules", "Schedules", "Planifications"], [`/schedules/new?database_id=${database_id}`, "New schedule", "Nouvelle planification"], ["/objectives", "Objectives", "Objectifs"],
    ["/servers", "Servers", "Serveurs"], ["/servers/new", "Follow a server", "Suivre un serveur"], ["/servers/1", "db-1", "db-1"], [`/schedules/${schedule_id}`, database_name, database_name],
  ];
  test.each(LOOKS)("every page: $locale, $colorScheme, $viewport.width px", (look) => pages.visit(EMAIL, look, places()));

  test("what is deleted is asked about first; a server goes with its databases where that is said, and backups stay", async () => {
    await page.goto("/servers/1");
    await page.getByRole("button", { name: "Follow no more" }).click();
    await page.getByLabel("Unregister its databases, too").check();
    await page.getByRole("dialog").getByRole("button", { name: "Follow no more" }).click();
    await page.getByText("No server is followed").waitFor();
    await page.goto(`/schedules/${schedule_id}`);
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("No schedule yet").waitFor();
    expect(await schedules()).toEqual([]);
    expect((await admin.call<{ pagination: { total: number } }>("GET", "/api/backups")).pagination.total).toBe(3);
  });

  test("no page broke a rule of its policy or threw", () => pages.expectNoComplaints());
});
