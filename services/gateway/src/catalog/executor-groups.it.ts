import { freshDatabase, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { addGroup, databasesOfGroups, deleteGroup, findGroup, listGroups, updateGroup } from "./executor-groups.ts";
import { claimJoinToken, deleteJoinToken, deleteJoinTokensOf, insertJoinToken, joinTokenOf, listJoinTokens, pruneJoinTokens, type JoinToken } from "./join-tokens.ts";
import { openCatalog, type OpenedCatalog } from "./open.ts";
import type { Db } from "./scope.ts";
import { deleteUser, insertUser } from "./users.ts";

const AT = "2026-01-02T03:04:05.678Z";
const LATER = "2026-01-02T04:00:00.000Z";

describe.each(["sqlite", "postgresql"] as const)("executor groups on %s", (dialect) => {
  let server: TestDatabase | undefined;
  let catalog: OpenedCatalog;
  let db: Db;
  let ann: number, bob: number;
  beforeAll(async () => {
    if (dialect === "postgresql") server = await freshDatabase(inject("postgres"), "groups");
    catalog = await openCatalog(server === undefined ? "sqlite::memory:" : `postgres://${server.username}:${server.password}@${server.host}:${server.port}/${server.db_name}`);
    db = catalog.db;
    [ann, bob] = [await user("ann@example.org"), await user("bob@example.org")];
  });
  afterAll(async () => { await catalog[Symbol.asyncDispose](); await server?.[Symbol.asyncDispose](); });

  const user = async (email: string): Promise<number> => (await insertUser(db, { email, password_hash: "-", created_at: AT }, () => "admin"))!.id;
  const make = (user_id: number, token_hash: string, executor_group = "east"): Promise<JoinToken> => insertJoinToken(db, { user_id, token_hash, executor_group, created_at: AT, expires_at: LATER });

  it("are made closed and once, changed, and forgotten", async () => {
    await addGroup(db, "east", AT);
    await updateGroup(db, "east", { open: 1, note: "branch" });
    await addGroup(db, "east", LATER);
    expect(await findGroup(db, "east")).toEqual({ name: "east", open: 1, note: "branch", created_at: AT });
    expect((await updateGroup(db, "east", {})).note).toBe("branch");
    await addGroup(db, "a", AT);
    expect((await listGroups(db)).map(({ name, open }) => [name, open])).toEqual([["a", 0], ["east", 1]]);
    expect([await deleteGroup(db, "a"), await deleteGroup(db, "a"), (await databasesOfGroups(db, "all")).size]).toEqual([true, false, 0]);
  });

  it("are joined by a token once, by whoever is first, and not after its end", async () => {
    const { id } = await make(ann, "hash 1");
    const use = { at: AT, ip: "192.0.2.1", host: "cellar" };
    expect((await Promise.all([claimJoinToken(db, id, use), claimJoinToken(db, id, { ...use, host: "attic" })])).filter(Boolean)).toEqual([true]);
    const late = await make(ann, "hash 2");
    expect(await claimJoinToken(db, late.id, { ...use, at: LATER })).toBe(false);
    expect(await joinTokenOf(db, "hash 1")).toMatchObject({ used_at: AT, used_ip: "192.0.2.1", used_host: expect.stringMatching(/cellar|attic/) });
    expect([(await joinTokenOf(db, "hash 2"))?.used_at, await joinTokenOf(db, "hash 3")]).toEqual([null, undefined]);
    await expect(make(bob, "hash 2")).rejects.toThrow(/unique/i);
  });

  it("have tokens that are their maker's, and go with the group or with their time", async () => {
    const his = await make(bob, "hash 4", "west");
    expect((await listJoinTokens(db, { user_id: bob })).map(({ id }) => id)).toEqual([his.id]);
    expect((await listJoinTokens(db, "all")).length).toBe(3);
    expect(await deleteJoinToken(db, his.id, { user_id: ann })).toBeUndefined();
    await deleteJoinTokensOf(db, "east"); // not the used one
    expect((await listJoinTokens(db, { user_id: ann })).map(({ token_hash }) => token_hash)).toEqual(["hash 1"]);
    expect((await deleteJoinToken(db, his.id, { user_id: bob }))?.id).toBe(his.id);
    await pruneJoinTokens(db, "2026-01-02T04:00:00.001Z");
    expect(await listJoinTokens(db, "all")).toEqual([]);
    await make(bob, "hash 5");
    expect(await deleteUser(db, bob)).toBe("done");
    expect(await listJoinTokens(db, "all")).toEqual([]);
  });
});
