import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PASSWORD, type Client } from "../client.ts";
import { browserMissing, inspect } from "./browser.ts";
import { LOOKS, Pages, type Place } from "./pages.ts";

if (browserMissing !== undefined) console.log(`the pages of accounts are not tested: ${browserMissing}`);

const ADMIN = "admin@example.org", VERA = "vera@example.org", OTTO = "otto@example.org";
const FIRST = /^([a-z2-9]{5}-){3}[a-z2-9]{5}$/;

describe.skipIf(browserMissing !== undefined)("accounts in a browser", () => {
  let pages: Pages;
  let api: Client;
  let admin: Page, vera: Page, otto: Page;
  const passwords: Record<string, string> = {};

  beforeAll(async () => {
    pages = await Pages.start();
    api = await pages.register(ADMIN);
    const url = "postgres://backup:secret@db.example.org:5432/shop"; // never asked
    await api.call("POST", "/api/databases", { name: "the admin's shop", url });
    admin = await pages.openAs(ADMIN);
  });
  afterAll(() => pages[Symbol.asyncDispose]());

  const nav = (page: Page): Promise<string[]> => page.getByRole("navigation", { name: "Main" }).getByRole("link").allInnerTexts();
  const row = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });

  test("an admin invites a viewer and an operator; each password is shown once", async () => {
    await admin.goto("/users");
    for (const [email, role] of [[VERA, "Viewer"], [OTTO, "Operator"]] as const) {
      await admin.getByRole("button", { name: "Invite" }).click();
      await admin.getByRole("dialog").getByLabel("Email").fill(email);
      await admin.getByRole("radio", { name: new RegExp(`^${role}`) }).check();
      if (role === "Viewer") await inspect(admin, "users-invite");
      await admin.getByRole("button", { name: "Make account" }).click();
      const shown = await admin.getByRole("region", { name: `First password of ${email}` }).innerText();
      expect(shown).toMatch(FIRST);
      passwords[email] = shown;
      await admin.getByRole("button", { name: "Done" }).click();
    }
    await row(admin, VERA).getByText("Invited").waitFor();
    await admin.getByRole("button", { name: "Invite" }).click();
    await admin.getByRole("dialog").getByLabel("Email").fill(VERA);
    await admin.getByRole("button", { name: "Make account" }).click();
    await admin.getByText(/an account with the email vera@example.org exists already/).waitFor(); // at its field
    await admin.keyboard.press("Escape");
    expect(await admin.content()).not.toContain(passwords[VERA]);
  });

  async function enter(email: string): Promise<Page> {
    const page = await pages.open();
    await page.goto("/login");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(passwords[email] ?? "");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Choose your password" }).waitFor();
    if (email === VERA) await inspect(page, "first-password");
    await page.getByLabel("Current password", { exact: true }).fill(passwords[email] ?? "");
    await page.getByLabel("New password", { exact: true }).fill(PASSWORD);
    await page.getByLabel("New password again", { exact: true }).fill("another one");
    await page.keyboard.press("Enter");
    await page.getByText("These are two different passwords.").waitFor();
    await page.getByLabel("New password again", { exact: true }).fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Dashboard", level: 1 }).waitFor();
    return page;
  }

  test("each chooses a password of his own, and sees what his role may", async () => {
    [vera, otto] = [await enter(VERA), await enter(OTTO)];
    for (const page of [vera, otto]) expect(await nav(page)).not.toEqual(expect.arrayContaining(["Users"]));
    await vera.goto("/databases");
    await vera.getByRole("heading", { name: "Databases", level: 1 }).waitFor();
    expect(await vera.getByText("the admin's shop").count()).toBe(0);
    await vera.getByRole("button", { name: "Account" }).click();
    await vera.getByRole("radio", { name: "Everybody’s" }).check();
    await vera.getByText("the admin's shop").first().waitFor();
    expect(await vera.getByRole("link", { name: "Add database" }).count()).toBe(0);
    expect(await vera.getByRole("button", { name: /^Back up now/ }).count()).toBe(0);
    await otto.goto("/databases");
    await otto.getByRole("link", { name: "Add database" }).first().waitFor();
    await otto.getByRole("button", { name: "Account" }).click();
    await otto.getByRole("radio", { name: "Everybody’s" }).check();
    await otto.getByRole("button", { name: "Back up now: the admin's shop" }).waitFor();
  });

  test("a page that is not for one's role says so, and the API refuses what no page offers", async () => {
    await vera.goto("/users");
    await vera.getByText("This page is for admins").waitFor();
    await inspect(vera, "users-refused");
    await otto.goto("/settings");
    await otto.getByText("This page is for admins").waitFor();
    const refused = await vera.evaluate(async () => {
      const answer = await fetch("/api/databases/1?scope=all", { method: "DELETE" });
      return [answer.status, await answer.json()] as unknown;
    });
    expect(refused).toEqual([403, { error: "the role viewer does not allow this", code: "forbidden", hint: "ask an admin for another role" }]);
  });

  test("a token is made, used by a script, seen as used, and revoked", async () => {
    await otto.goto("/tokens");
    await otto.getByRole("button", { name: "New token" }).first().click();
    await otto.getByLabel("Name").fill("nightly");
    await inspect(otto, "tokens-new");
    await otto.getByRole("button", { name: "Make token" }).click();
    const token = await otto.getByRole("region", { name: "Your new token" }).innerText();
    expect(token).toMatch(/^sbt_[\w-]{43}$/);
    await inspect(otto, "tokens-made");
    await otto.getByRole("button", { name: "Done" }).click();
    const ask = async (method: string) => (await fetch(`${pages.url}/api/databases${method === "GET" ? "?scope=all" : ""}`, { method, headers: { authorization: `Bearer ${token}` } })).status;
    expect([await ask("GET"), await ask("POST")]).toEqual([200, 403]); // it reads, and no more
    await otto.reload();
    await row(otto, "nightly").getByText("from 127.0.0.1").waitFor();
    await otto.getByRole("button", { name: "Revoke: nightly" }).click();
    await otto.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await otto.getByText("No API tokens").waitFor();
    expect(await ask("GET")).toBe(401);
  });

  test("a changed password ends the other sessions", async () => {
    const second = await pages.openAs(OTTO);
    await second.goto("/profile");
    await second.getByRole("heading", { name: "Profile", level: 1 }).waitFor();
    await otto.goto("/profile");
    const form = otto.locator("form").filter({ has: otto.getByLabel("New password again", { exact: true }) });
    await form.getByLabel("Current password", { exact: true }).fill(PASSWORD);
    await form.getByLabel("New password", { exact: true }).fill("something longer");
    await form.getByLabel("New password again", { exact: true }).fill("something longer");
    await form.getByRole("button", { name: "Change password" }).click();
    await otto.getByText("Your password is changed.").first().waitFor();
    await second.goto("/databases");
    await second.getByRole("heading", { name: "Log in" }).waitFor();
    await otto.goto("/databases");
    await otto.getByRole("heading", { name: "Databases", level: 1 }).waitFor();
  });

  test("an admin changes a role, resets a password and disables an account, and the audit log shows it", async () => {
    await admin.goto("/users");
    const act = async (email: string, what: string): Promise<void> => {
      await admin.getByRole("button", { name: `Actions: ${email}` }).click();
      await admin.getByRole("button", { name: what }).click();
    };
    await act(OTTO, "Change role…");
    await admin.getByRole("radio", { name: /^User/ }).check();
    await admin.getByRole("button", { name: "Save" }).click();
    await row(admin, OTTO).getByText("User", { exact: true }).waitFor();
    await act(OTTO, "Reset password…");
    await admin.getByRole("dialog").getByRole("button", { name: "Reset password" }).click();
    expect(await admin.getByRole("region", { name: `New password of ${OTTO}` }).innerText()).toMatch(FIRST);
    await inspect(admin, "users-given");
    await admin.getByRole("button", { name: "Done" }).click();
    await act(VERA, "Disable…");
    await admin.getByRole("dialog").getByRole("button", { name: "Disable account" }).click();
    await row(admin, VERA).getByText("Disabled").waitFor();
    await vera.goto("/backups");
    await vera.getByRole("heading", { name: "Log in" }).waitFor();
    await admin.goto("/audit?subject=user");
    await row(admin, "Account disabled").getByText(VERA).waitFor();
    for (const text of ["Password reset", "Role changed"]) await row(admin, text).getByText(OTTO).waitFor();
    expect(await row(admin, "User invited").count()).toBe(2);
  });

  test("settings are saved as they are changed, and the recovery kit needs the password", async () => {
    await admin.goto("/settings");
    await admin.getByRole("checkbox", { name: "Pause all schedules" }).check();
    await admin.getByText("All schedules are paused.").waitFor();
    await admin.getByRole("checkbox", { name: "Anybody may make himself an account" }).uncheck();
    await admin.getByText("Saved.").first().waitFor();
    await admin.reload();
    await admin.getByRole("checkbox", { name: "Pause all schedules", checked: true }).waitFor();
    await admin.getByRole("button", { name: "Recovery kit…" }).click();
    await admin.getByRole("dialog").getByLabel("Password", { exact: true }).fill("wrong");
    await admin.getByRole("button", { name: "Download" }).click();
    await admin.getByText(/the password is wrong/).waitFor();
    await admin.getByRole("dialog").getByLabel("Password", { exact: true }).fill(PASSWORD);
    const [file] = await Promise.all([admin.waitForEvent("download"), admin.getByRole("button", { name: "Download" }).click()]);
    expect(file.suggestedFilename()).toBe("safebase-recovery-kit.txt");
    expect((await (await fetch(`${pages.url}/auth/registration`)).json())).toEqual({ first: false, open: false });
  });

  const places: Place[] = [
    ["/users", "Users", "Utilisateurs"], ["/profile", "Profile", "Profil"], ["/tokens", "API tokens", "Jetons d’API"], ["/audit", "Audit log", "Journal d’audit"],
    ["/audit?outcome=failed", "Audit log", "Journal d’audit"], ["/settings", "Settings", "Réglages"],
  ];
  test.each(LOOKS)("every page: $locale, $colorScheme, $viewport.width px", async (look) => {
    await pages.visit(ADMIN, look, places);
  });

  test("no page broke a rule of its policy or threw", () => pages.expectNoComplaints());
});
