import { generateAgeKey } from "@safebase/artifact";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Client, Shown } from "../client.ts";
import { browserMissing, inspect } from "./browser.ts";
import { LOOKS, Pages, type Place } from "./pages.ts";
import { damage, dropLater, filledDatabase, look } from "./system.ts";

if (browserMissing !== undefined) console.log(`restores in the pages are not tested: ${browserMissing}`);

const EMAIL = "admin@example.org";
const COPY = "web_restore_copy";
type Filled = Awaited<ReturnType<typeof filledDatabase>>;

/**
 * What this page orders can be canceled for two minutes instead of ten seconds, however slow the machine is. Answers what
 * it sent itself. To be called before the page is opened: what is open already may send past it for a moment.
 */
async function waitsLonger(page: Page): Promise<unknown[]> {
  const sent: unknown[] = [];
  await page.route("**/api/backups/*/restore", async (route) => {
    const body = route.request().postDataJSON() as object;
    sent.push(body);
    await route.continue({ postData: JSON.stringify({ ...body, delay_s: 120 }) });
  }, { times: 1 });
  return sent;
}

describe.skipIf(browserMissing !== undefined)("restores in a browser", () => {
  const [postgres, mariadb] = [inject("postgres"), inject("mariadb")];
  const stack = new AsyncDisposableStack();
  let pages: Pages, ann: Client, page: Page, other: Page;
  let shop: Filled, till: Filled, shopBackup: Shown, tillBackup: Shown;

  beforeAll(async () => {
    pages = stack.use(await Pages.start());
    ann = await pages.register(EMAIL);
    [shop, till] = await Promise.all([filledDatabase(postgres, ann, "shop", 50), filledDatabase(mariadb, ann, "till", 50)]);
    for (const each of [shop, till, dropLater(postgres, COPY)]) stack.use(each);
    [shopBackup, tillBackup] = await Promise.all([ann.backedUp(shop.id), ann.backedUp(till.id)]);
    page = await pages.openAs(EMAIL);
    other = await page.context().newPage();
  });
  afterAll(() => stack.disposeAsync());

  const heading = (on: Page, name: string) => on.getByRole("heading", { level: 1, name }).waitFor();
  const focus = (on: Page, name: string) => on.locator(`[name=${name}]:focus`).waitFor();
  /** The button that can be pressed: what it needs is there. */
  const ready = (on: Page) => on.locator("button[type=submit]:enabled").waitFor();

  test("nothing begins with a wrong name; canceled in another window, all stays as it was", async () => {
    const sent = await waitsLonger(page);
    await page.goto(`/backups/${shopBackup.id}/restore`);
    await page.getByText(`${shop.db_name} is replaced by its version of`).first().waitFor();
    await focus(page, "confirm");
    const button = page.getByRole("button", { name: "Replace and restore" });
    await page.keyboard.type(shop.db_name.toUpperCase());
    expect(await button.isDisabled()).toBe(true);
    await page.keyboard.press("Enter");
    await inspect(page, "restore-plan");
    await page.getByLabel("confirm").fill(shop.db_name);
    await other.goto("/databases");
    await ready(page);
    await page.keyboard.press("Enter");
    await heading(page, `Restore to ${shop.db_name}`);
    await page.getByText("Nothing has been changed yet.").waitFor();
    await inspect(page, "restore-countdown");
    await page.reload();
    await page.getByRole("timer").waitFor();
    await other.getByText(`A restore to ${shop.db_name} begins in`).waitFor();
    await other.bringToFront();
    await inspect(other, "restore-bar");
    await other.goto("/restores");
    await other.getByRole("row", { name: shop.db_name }).getByText(/^in \d+ s$/).waitFor();
    await inspect(other, "restores-waiting");
    await other.getByRole("button", { name: `Cancel the restore to ${shop.db_name}` }).click();
    await page.getByText("Canceled. Nothing was changed.").waitFor();
    await page.bringToFront();
    await inspect(page, "restore-canceled");
    expect(sent).toEqual([{ target: {}, safety_backup: true, confirm: shop.db_name }]); // no delay of its own: ten seconds
    expect((await ann.call<{ restores: Shown[] }>("GET", "/api/restores")).restores.map(({ status }) => status)).toEqual(["canceled"]);
  });

  test("what was damaged is as before, on both engines; and a copy beside it touches nothing", async () => {
    const before = [await look(postgres, shop.db_name), await look(mariadb, till.db_name)];
    await damage(postgres, shop.db_name);
    await damage(mariadb, till.db_name);

    // A new database: chosen with the keys, confirmed by nothing but its name.
    await page.goto(`/restores/new?database_id=${shop.id}`);
    await page.getByRole("radio", { name: /A new database/ }).check();
    await page.getByLabel("Name of the new database").fill(COPY);
    await page.getByText(`A new database ${COPY} is made`).first().waitFor();
    await inspect(page, "restore-plan-new");
    await page.getByRole("button", { name: "Restore", exact: true }).click();
    await heading(page, `Restore to ${COPY}`);

    // In place: three actions, no mouse.
    await other.goto(`/backups/${shopBackup.id}/restore`);
    await focus(other, "confirm");
    await other.keyboard.type(shop.db_name);
    await ready(other);
    await other.keyboard.press("Enter");
    await heading(other, `Restore to ${shop.db_name}`);

    const third = await page.context().newPage();
    await third.goto(`/backups/${tillBackup.id}/restore`);
    await third.getByLabel("confirm").fill(till.db_name);
    await third.getByRole("button", { name: "Replace and restore" }).click();
    await heading(third, `Restore to ${till.db_name}`);

    await page.goto("/restores");
    for (const [tab, name] of [[other, shop.db_name], [third, till.db_name]] as const) {
      await tab.getByText(`${name} was restored in`).waitFor({ timeout: 60_000 });
      await tab.getByText("What it held before is in the safety backup.").waitFor();
    }
    expect([await look(postgres, shop.db_name), await look(mariadb, till.db_name)]).toEqual(before);
    await page.getByRole("row", { name: COPY }).getByText("Completed").waitFor();
    await page.getByRole("link", { name: COPY }).click();
    await page.getByText(`${COPY} is ready`).waitFor();
    expect(await look(postgres, COPY)).toEqual(before[0]);

    await third.bringToFront();
    await inspect(third, "restore-done");
    await third.getByRole("link", { name: "Restore the safety backup" }).click();
    await third.getByText(`${till.db_name} is replaced by its version of`).first().waitFor();
    await third.close();
  });

  test("a key that is kept away is asked for, and one that does not fit is told at its field", async () => {
    const [pair, wrong] = [generateAgeKey(), generateAgeKey()];
    const { key } = await ann.call<{ key: { id: number } }>("POST", "/api/keys", { name: "away", recipient: pair.recipient });
    await ann.call("PUT", `/api/databases/${shop.id}`, { encryption_key_id: key.id });
    const sealed = await ann.backedUp(shop.id);
    await page.goto(`/backups/${sealed.id}/restore`);
    await focus(page, "identity");
    await page.keyboard.type(wrong.identity);
    await page.getByText(wrong.recipient).waitFor();
    await page.getByLabel("confirm").fill(shop.db_name);
    const button = page.getByRole("button", { name: "Replace and restore" });
    expect(await button.isDisabled()).toBe(true);
    await inspect(page, "restore-identity");
    await page.locator("input[type=file]").setInputFiles({ name: "key.txt", mimeType: "text/plain", buffer: Buffer.from(`# mine\n${pair.identity}\n`) });
    await page.getByText("This key opens it.").waitFor();
    expect(await button.isEnabled()).toBe(true);
    expect(await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, location.href])")).not.toContain("AGE-SECRET-KEY");
  });

  test("another version is found by when it was made, and chosen with the keys; what was saved before a restore is no default", async () => {
    await page.goto(`/restores/new?database_id=${till.id}`);
    await focus(page, "confirm");
    await page.getByRole("button", { name: "Choose another" }).press("Enter");
    await page.getByRole("radio", { name: new RegExp(`#${tillBackup.id}\\b`) }).focus();
    await page.keyboard.press("ArrowUp");
    await page.waitForURL(/version=\d+/);
    await page.locator(".plan").getByText(page.url().split("version=")[1] ?? "").first().waitFor();
    expect(await page.locator("[name=version]:focus").count()).toBe(1);
    await inspect(page, "restore-versions");
    await page.getByLabel("Search versions").fill("no such");
    await page.getByText("No version fits the search.").waitFor();
    await page.getByLabel("Search versions").fill(`#${tillBackup.id}`);
    await page.getByLabel("Made before").fill("2020-01-01T00:00");
    await page.getByText("No version fits the search.").waitFor();
  });

  test("a restore that failed says why, what is left, and where to go on", async () => {
    const { id } = await ann.restore(shopBackup.id, COPY, { target: { db_name: COPY } });
    await page.goto(`/restores/${id}`);
    await page.getByText(`${COPY} could not be restored`).waitFor();
    await page.getByText("The target is as it was before.").waitFor();
    await inspect(page, "restore-failed");
    await page.getByRole("link", { name: "Try again" }).click();
    await page.getByText("It exists already.").waitFor();
    expect(await page.getByLabel("Name of the new database").inputValue()).toBe(COPY);
    expect(await page.getByRole("button", { name: "Restore", exact: true }).isDisabled()).toBe(true);
  });

  test("what belongs to another is not there", async () => {
    await pages.register("bob@example.org");
    const bob = await pages.openAs("bob@example.org");
    for (const path of [`/backups/${shopBackup.id}/restore`, "/restores/1"]) {
      await bob.goto(path);
      await bob.getByRole("alert").filter({ hasText: "It does not exist." }).waitFor();
      expect(await bob.getByText(shop.db_name).count()).toBe(0);
    }
    await bob.goto("/restores");
    await bob.getByText("No restore yet").waitFor();
    await bob.context().close();
  });

  test("each page in every look", async () => {
    await ann.verified(tillBackup.id);
    const { id, job_id } = await ann.restore(tillBackup.id, "web_restore_later", { target: { db_name: "web_restore_later" }, delay_s: 600 });
    const places: Place[] = [
      ["/restores", "Restores", "Restaurations"], ["/restores/tests", "Test restores", "Restaurations d’essai"], [`/restores/${id}`, "Restore to web_restore_later", "Restauration vers web_restore_later"],
      [`/restores/new?database_id=${till.id}`, "Restore a backup", "Restaurer une sauvegarde"],
    ];
    await Promise.all(LOOKS.map((each) => pages.visit(EMAIL, each, places)));
    await ann.call("POST", `/api/jobs/${job_id}/cancel`);
  });

  test("no page broke a rule of its policy or threw", () => pages.expectNoComplaints());
});
