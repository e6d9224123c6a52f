import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client } from "../client.ts";
import { browserMissing, inspect } from "./browser.ts";
import { LOOKS, Pages, type Place } from "./pages.ts";

if (browserMissing !== undefined) console.log(`the page of executors is not tested: ${browserMissing}`);

const ADMIN = "admin@example.org", BOB = "bob@example.org";
const PLACES: readonly Place[] = [["/executors", "Executors", "Exécuteurs"]];

describe.skipIf(browserMissing !== undefined)("executors in a browser", () => {
  let pages: Pages;
  let api: Client;
  let admin: Page;

  beforeAll(async () => {
    pages = await Pages.start();
    api = await pages.register(ADMIN);
    await pages.register(BOB);
    admin = await pages.openAs(ADMIN);
  });
  afterAll(() => pages[Symbol.asyncDispose]());

  const card = (name: string) => admin.getByRole("region", { name, exact: true });

  test("an admin sees the machine, its programs and the group that it is in", async () => {
    await admin.goto("/");
    await admin.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Executors" }).click();
    await card("default").getByRole("row", { name: /SafeBase \d/ }).waitFor();
    await card("default").getByText(/^PostgreSQL up to \d+$/).waitFor();
    expect(await card("default").getByRole("row").nth(1).innerText()).toMatch(/Alive[^]+\t0/);
    expect(await card("default").getByRole("switch").count()).toBe(0); // the installation's own is everybody's
  });

  test("where nothing is set up for it, joining says what is to be set", async () => {
    await admin.getByRole("button", { name: "Join an executor" }).click();
    await admin.getByRole("dialog").getByLabel("Group").fill("branch");
    await admin.getByRole("button", { name: "Make the token" }).click();
    await admin.getByRole("alert").getByText(/no executor can join: SafeBase has no key to make credentials for its NATS with/).waitFor();
    await inspect(admin, "executors-join-refused");
    await admin.keyboard.press("Escape");
  });

  test("a group is opened, chosen for a database, and its databases are warned of", async () => {
    await api.call("PUT", "/api/executors/groups/branch", { note: "the branch office" });
    await admin.goto("/executors");
    await card("branch").getByText("for admins").waitFor();
    const bob = await pages.openAs(BOB);
    await bob.goto("/databases/new");
    await bob.getByLabel("Connection string").waitFor();
    expect(await bob.getByLabel("Executors", { exact: true }).count()).toBe(0);
    await card("branch").getByRole("switch").click({ force: true }); // over it lies its track
    await card("branch").getByText("open", { exact: true }).waitFor();
    await bob.reload();
    await bob.getByLabel("Executors", { exact: true }).selectOption("branch");
    for (const [label, value] of [["Host", "10.0.0.7"], ["User", "backup"], ["Database name", "shop"]] as const) await bob.getByLabel(label, { exact: true }).fill(value);
    await bob.getByRole("button", { name: "Add database" }).click();
    await bob.getByRole("link", { name: "shop", exact: true }).first().click();
    await bob.getByText(/backups in the storage local stay on the machine of an executor of the group branch/).waitFor();
    await inspect(bob, "database-of-a-group");
    await admin.reload();
    await card("branch").getByText("No executor of the group branch lives: its databases are not backed up.").waitFor();
    await bob.goto("/executors");
    await bob.getByRole("region", { name: "branch", exact: true }).waitFor();
    expect(await bob.getByRole("row").count()).toBe(0); // machines are not a user's to see
    expect(await bob.getByRole("button", { name: "Join an executor" }).count()).toBe(0);
  });

  test.each(LOOKS)("in every look: $locale $colorScheme $viewport.width", async (look) => {
    await pages.visit(ADMIN, look, PLACES);
  });

  test("nothing was complained of", () => pages.expectNoComplaints());
});
