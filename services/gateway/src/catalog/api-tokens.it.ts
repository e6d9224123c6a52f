import { freshDatabase, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { apiTokenOf, deleteApiToken, insertApiToken, isApiToken, listApiTokens, noteApiTokenUse } from "./api-tokens.ts";
import { openCatalog, type OpenedCatalog } from "./open.ts";
import type { ApiToken } from "./schema.ts";
import type { Db } from "./scope.ts";
import { deleteUser, insertUser } from "./users.ts";

const AT = "2026-01-02T03:04:05.678Z";
const LATER = "2026-01-02T03:05:00.000Z";

describe.each(["sqlite", "postgresql"] as const)("API tokens on %s", (dialect) => {
  let server: TestDatabase | undefined;
  let catalog: OpenedCatalog;
  let db: Db;
  let ann: number, bob: number;
  beforeAll(async () => {
    if (dialect === "postgresql") server = await freshDatabase(inject("postgres"), "tokens");
    catalog = await openCatalog(server === undefined ? "sqlite::memory:" : `postgres://${server.username}:${server.password}@${server.host}:${server.port}/${server.db_name}`);
    db = catalog.db;
    [ann, bob] = [await user("ann@example.org"), await user("bob@example.org")];
  });
  afterAll(async () => { await catalog[Symbol.asyncDispose](); await server?.[Symbol.asyncDispose](); });

  const user = async (email: string): Promise<number> => (await insertUser(db, { email, password_hash: "-", created_at: AT }, () => "admin"))!.id;
  const make = (user_id: number, token_hash: string): Promise<ApiToken> => insertApiToken(db, { user_id, name: "ci", rights: "administer", token_hash, created_at: AT, expires_at: null });

  it("are their user's, found by their hash, and gone with him", async () => {
    const [hers, his] = [await make(ann, "hash 1"), await make(bob, "hash 2")];
    await expect(make(ann, "hash 2")).rejects.toThrow(/unique/i);
    expect((await listApiTokens(db, { user_id: ann })).map(({ id }) => id)).toEqual([hers.id]);
    expect((await listApiTokens(db, "all")).map(({ id }) => id)).toEqual([hers.id, his.id]);
    expect([await apiTokenOf(db, "hash 2"), await apiTokenOf(db, "hash 3")]).toEqual([his, undefined]);
    await noteApiTokenUse(db, his.id, { at: LATER, ip: "192.0.2.1" });
    expect(await apiTokenOf(db, "hash 2")).toEqual({ ...his, last_used_at: LATER, last_used_ip: "192.0.2.1" });
    expect(await deleteApiToken(db, hers.id, { user_id: bob })).toBeUndefined();
    expect([(await deleteApiToken(db, hers.id, { user_id: ann }))?.id, await isApiToken(db, hers.id), await isApiToken(db, his.id)]).toEqual([hers.id, false, true]);
    expect(await deleteUser(db, bob)).toBe("done");
    expect(await isApiToken(db, his.id)).toBe(false);
  });
});
