import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fillRealistic, freshDatabase, startMariadb, startPostgres, tempDir, until, type DatabaseServer } from "@safebase/testing";
import type { Page } from "playwright-core";
import type { Client } from "../client.ts";
import { Pages } from "../e2e/pages.ts";
import { addHistory } from "./history.ts";

/*
 * Makes the pictures of the README: real pages of a real SafeBase on real servers. Only the year of history in them is
 * made up, for nobody waits a year.
 */

const FOLDER = join(import.meta.dirname, "../../docs/pictures");
const EMAIL = "ada@example.org";
const LANGUAGES = { en: "en-GB", fr: "fr-FR" } as const;
const SHAPE = { width: 1280, height: 820 };

await using stack = new AsyncDisposableStack();
const { path: data_dir } = stack.use(await tempDir("pictures"));
const [postgres, mariadb, pages] = await Promise.all([startPostgres(), startMariadb(), Pages.start({ SAFEBASE_DATA_DIR: data_dir })]);
for (const each of [postgres, mariadb, pages]) stack.use(each);
const ada = await pages.register(EMAIL);
const shown = await fill(ada);
await mkdir(FOLDER, { recursive: true });
for (const [language, locale] of Object.entries(LANGUAGES)) {
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await pages.openAs(EMAIL, { locale, colorScheme, viewport: SHAPE });
    for (const [name, path] of Object.entries(shown)) await picture(page, path, join(FOLDER, `${name}-${language}-${colorScheme}.png`));
    await page.context().close();
  }
}

async function picture(page: Page, path: string, file: string): Promise<void> {
  await page.goto(path);
  await page.locator("h1").waitFor();
  await page.locator(".skeleton").first().waitFor({ state: "detached" });
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: file });
  console.log(file);
}

/** Databases, a plan for each, a second storage, backups, a proof and a failure. Answers what is worth a picture. */
async function fill(client: Client): Promise<Record<string, string>> {
  await client.call("POST", "/api/storages", { name: "offsite", config: { type: "local", root: join(data_dir, "offsite") } });
  const names = [["shop", postgres], ["billing", postgres], ["warehouse", postgres], ["crm", mariadb], ["blog", mariadb]] as const;
  const ids: number[] = [], templates: number[] = [];
  for (const [at, [name, server]] of names.entries()) {
    const id = await add(client, name, server, 4_000 - at * 700);
    ids.push(id);
    await client.call("POST", "/api/schedules", { database_id: id, name: "nightly", cron: `${at * 7} 3 * * *`, timezone: "Europe/Paris", retention: { daily: 14, monthly: 12 }, verify_every: 7 });
    templates.push((await client.backedUp(id, at < 2 ? { storages: ["local", "offsite"] } : {})).id);
  }
  addHistory(join(data_dir, "catalog.db"), templates);
  const newest: number[] = []; // lists are in the order of ids
  for (const id of ids) newest.push((await client.backedUp(id)).id);
  const legacy = await client.addDatabase({ ...postgres, port: 9 }, "legacy", { name: "legacy" });
  await client.ended("backup", (await client.backUp(legacy)).id);
  await client.verified(newest[0]!);
  await until("the objectives to be judged", async () => (await client.call<{ objectives: { state: string }[] }>("GET", "/api/objectives")).objectives.some(({ state }) => state === "met"));
  return { dashboard: "/", databases: "/databases", database: `/databases/${ids[0]}`, restore: `/backups/${newest[0]}/restore` };
}

async function add(client: Client, name: string, server: DatabaseServer, rows: number): Promise<number> {
  const database = stack.use(await freshDatabase(server, name));
  await fillRealistic(database.connection, { rows });
  return client.addDatabase(server, database.db_name, { name });
}
