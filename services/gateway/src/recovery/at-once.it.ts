import { createLog, loadConfig, Secrets } from "@safebase/runtime";
import { freshDatabase, tempDir } from "@safebase/testing";
import { describe, expect, inject, test } from "vitest";
import { openCatalog, type CatalogDialect } from "../catalog/open.ts";
import type { Core } from "../jobs/deps.ts";
import { recoveryKey } from "./key.ts";
import { checkMasterKey } from "./master-key.ts";

/** Gateways on an empty catalog, each with this master key; each with a connection that is open, on SQLite with the same. */
async function gateways(dialect: CatalogDialect, stack: AsyncDisposableStack, keys: readonly number[]) {
  const url = await emptyCatalog(dialect, stack);
  const first = stack.use(await openCatalog(url));
  const core = { log: createLog("test", "silent"), config: loadConfig({}), now: () => new Date() } satisfies Partial<Core>;
  const opened = [];
  for (const key of keys) {
    const { db } = dialect === "sqlite" ? first : stack.use(await openCatalog(url));
    opened.push({ ...core, db, secrets: new Secrets(Buffer.alloc(32, key)) });
  }
  return opened;
}

async function emptyCatalog(dialect: CatalogDialect, stack: AsyncDisposableStack): Promise<string> {
  if (dialect === "sqlite") return `sqlite:${stack.use(await tempDir("at-once")).path}/catalog.db`;
  const { username, password, host, port, db_name } = stack.use(await freshDatabase(inject("postgres"), "at_once"));
  return `postgres://${username}:${password}@${host}:${port}/${db_name}`;
}

describe.each(["sqlite", "postgresql"] as const)("gateways that start at once on %s", (dialect) => {
  test("make one key for the copies of the catalog: all of them open what any has encrypted", async () => {
    await using stack = new AsyncDisposableStack();
    const made = await Promise.all((await gateways(dialect, stack, [1, 1, 1, 1])).map((core) => recoveryKey(core)));
    expect(new Set(made.map(({ recipient }) => recipient)).size).toBe(1);
  });

  test("with two master keys: one begins the catalog, the other is refused", async () => {
    await using stack = new AsyncDisposableStack();
    const outcomes = await Promise.allSettled((await gateways(dialect, stack, [1, 2])).map((core) => checkMasterKey(core)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});
