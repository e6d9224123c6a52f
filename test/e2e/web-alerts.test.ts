import { startWebhook, type WebhookFixture } from "@safebase/testing";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Client } from "../client.ts";
import { browserMissing, inspect } from "./browser.ts";
import { LOOKS, Pages, type Place } from "./pages.ts";

if (browserMissing !== undefined) console.log(`channels in the pages are not tested: ${browserMissing}`);

const ADMIN = "admin@example.org";
const ANN = "ann@example.org";

describe.skipIf(browserMissing !== undefined)("channels and what they are told, in a browser", () => {
  const stack = new AsyncDisposableStack();
  let pages: Pages, hook: WebhookFixture, ann: Client, page: Page, database_id: number;

  beforeAll(async () => {
    [pages, hook] = await Promise.all([Pages.start({ SAFEBASE_ALLOWED_TARGETS: "127.0.0.1" }), startWebhook()]);
    stack.use(pages);
    stack.use(hook);
    Object.assign(hook, { status: 200, body: "thank you" });
    await pages.register(ADMIN);
    ann = await pages.register(ANN);
    database_id = await ann.addDatabase(inject("postgres"), "no_such_database", { name: "shop" });
    page = await pages.openAs(ANN);
  });
  afterAll(() => stack.disposeAsync());

  const heading = (on: Page, name: string) => on.getByRole("heading", { level: 1, name, exact: true }).waitFor();
  const failedBackup = async () => ann.ended("backup", (await ann.backUp(database_id)).id);
  const idOf = async (): Promise<number> => (await ann.call<{ channels: { id: number }[] }>("GET", "/api/channels")).channels[0]!.id;

  test("nobody is told, until a channel is added that was tried; a place that must not be is refused at its field", async () => {
    await page.goto("/alerts");
    await page.getByText("Nobody is told when something goes wrong").waitFor();
    await inspect(page, "alerts-nobody");
    await page.locator("main").getByRole("link", { name: "Add channel" }).first().click();
    await heading(page, "Add a channel");
    await page.getByRole("radio", { name: /^Webhook/ }).check();
    const [name, address] = [page.getByLabel("Name", { exact: true }), page.getByLabel("Address", { exact: true })];
    expect(await name.inputValue()).toBe("Webhook");
    await name.fill("hook");
    await address.fill("http://169.254.169.254/latest");
    await page.getByRole("button", { name: "Send a test" }).click();
    await page.locator(".field-error", { hasText: "169.254.169.254" }).waitFor();
    expect(await address.getAttribute("aria-invalid")).toBe("true");
    await page.getByRole("button", { name: "Add channel" }).click();
    await expect.poll(() => page.evaluate("document.activeElement.name")).toBe("url");
    await inspect(page, "alerts-refused");
    expect([await name.inputValue(), await address.inputValue()]).toEqual(["hook", "http://169.254.169.254/latest"]);
    await address.fill(hook.url);
    await page.getByRole("button", { name: "Send a test" }).click();
    await page.getByText("HTTP 200 thank you").waitFor();
    expect(JSON.parse(hook.requests[0]!.body)).toMatchObject({ test: true });
    await inspect(page, "alerts-tried");
    await page.getByLabel("Gather for, in seconds").fill("0");
    await page.getByRole("button", { name: "Add channel" }).click();
    await heading(page, "Alerts");
    await page.getByRole("link", { name: "hook" }).waitFor();
    await page.getByText("Told nothing yet").waitFor();
    expect(await page.getByText("Everything").count()).toBe(1);
  });

  test("a failed backup is seen to be told, at once; one that is not taken is tried again, given up with its channel, and told by hand", async () => {
    await failedBackup();
    await page.getByText("Delivered").waitFor();
    hook.status = 500;
    const other = await page.context().newPage();
    await other.goto("/alerts/deliveries");
    await other.getByText("HTTP 200 thank you").waitFor();
    await failedBackup();
    const told = other.getByRole("row", { name: /Backup failed/ }).first();
    await told.getByText("Retrying").waitFor();
    await told.getByText(/HTTP 500/).first().waitFor();
    await other.bringToFront();
    await inspect(other, "alerts-retrying");
    await page.getByRole("switch", { name: "hook is told" }).click({ force: true });
    await page.getByText("All channels are paused").waitFor();
    await told.getByText("Given up").waitFor();
    await page.getByRole("switch", { name: "hook is told" }).click({ force: true });
    await page.getByText("All channels are paused").waitFor({ state: "detached" });
    hook.status = 200;
    await told.getByRole("button", { name: /^Retry/ }).click();
    await told.getByText("Delivered").waitFor();
    await other.getByLabel("Outcome").selectOption("dead");
    await other.getByText("Nothing fits these filters").waitFor();
    expect(other.url()).toMatch(/status=dead/);
    await other.goto("/");
    await other.getByRole("button", { name: /^Alerts/ }).click();
    await other.getByRole("link", { name: "All alerts" }).click();
    await heading(other, "All alerts");
    await other.getByLabel("Severity").selectOption("critical");
    await other.getByText("2 alerts").waitFor();
    await inspect(other, "alerts-critical");
    await other.close();
  });

  test("its address stays what it was when nothing is typed; a kind that is left is told of no more", async () => {
    await page.getByRole("link", { name: "hook" }).click();
    await heading(page, "hook");
    expect(await page.getByLabel("Address", { exact: true }).getAttribute("placeholder")).toBe("leave empty to keep");
    expect(await page.content()).not.toContain(hook.url);
    await page.getByRole("radio", { name: "Failures only" }).check({ force: true });
    await page.getByText("One by one").click();
    expect(await page.getByRole("checkbox", { name: "Restore failed" }).isChecked()).toBe(true);
    expect(await page.getByRole("checkbox", { name: "Restore completed" }).isChecked()).toBe(false);
    await inspect(page, "alerts-kinds");
    await page.getByRole("radio", { name: "Chosen ones" }).check({ force: true });
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Choose at least one database.").waitFor();
    await page.getByRole("checkbox", { name: /^shop/ }).check();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await heading(page, "Alerts");
    await page.getByText("Failures only").waitFor();
    await page.getByText("1 database · in English").waitFor();
    await page.getByRole("button", { name: "Send a test to hook" }).click();
    await page.getByText("HTTP 200 thank you").waitFor();
    const refreshed = page.waitForResponse((response) => response.url().endsWith("/api/channels"));
    await failedBackup();
    await refreshed;
    expect(await page.getByText("HTTP 200 thank you").count()).toBe(1);
    await inspect(page, "alerts-channels-tried");
  });

  test.each(LOOKS)("every page: $locale, $colorScheme, $viewport.width px", async (look) => {
    const places: Place[] = [
      ["/alerts", "Alerts", "Alertes"], ["/alerts/new", "Add a channel", "Nouveau canal"], [`/alerts/${await idOf()}`, "hook", "hook"],
      ["/alerts/deliveries", "Deliveries", "Envois"], ["/alerts/history", "All alerts", "Toutes les alertes"],
    ];
    await pages.visit(ANN, look, places);
  });

  test("nobody else sees it, an admin sees whose it is; deleted, nobody is told again", async () => {
    const id = await idOf();
    const admin = await pages.openAs(ADMIN);
    await admin.goto(`/alerts/${id}`);
    await heading(admin, "No such channel");
    await inspect(admin, "alerts-missing");
    await admin.goto("/alerts");
    await admin.getByText("Nobody is told when something goes wrong").waitFor();
    await admin.getByRole("button", { name: /^Account/ }).click();
    await admin.getByRole("radio", { name: "Everybody’s" }).check({ force: true });
    await admin.keyboard.press("Escape");
    await admin.getByText(`Of ${ANN}`).waitFor();
    await page.getByRole("button", { name: "More about hook" }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("Nobody is told when something goes wrong").waitFor();
    await admin.getByText(`Of ${ANN}`).waitFor({ state: "detached" });
    pages.expectNoComplaints();
  });
});
