import type { BackupCommand, CheckCommand } from "@safebase/contracts";
import { STORAGE_CONTEXT } from "@safebase/runtime";
import { parseStorageConfig } from "@safebase/storage";
import { until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createBackup } from "../backups/create.ts";
import { deleteBackup } from "../backups/delete.ts";
import { getBackup } from "../backups/get.ts";
import { copiesOf, insertCopies, setCopy } from "../catalog/copies.ts";
import { putSetting } from "../catalog/settings.ts";
import type { Database } from "../catalog/schema.ts";
import { updateAccount } from "../catalog/users.ts";
import { createCheck } from "../checks/create.ts";
import { getDatabase } from "../databases/get.ts";
import { updateDatabase } from "../databases/update.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { applyDues } from "../jobs/due.ts";
import { startRig, type Executor, type Rig } from "../jobs/rig-fixture.ts";
import { createKey } from "../keys/create.ts";
import { deleteKey } from "../keys/delete.ts";
import { createRestore } from "../restores/create.ts";
import { addPast } from "../retention/history-fixture.ts";
import { createSchedule } from "../schedules/create.ts";
import { updateSchedule } from "../schedules/update.ts";
import { updateSettings } from "../settings/update.ts";
import { createStorage } from "./create.ts";
import { deleteStorage } from "./delete.ts";
import { getStorage } from "./get.ts";
import { updateStorage } from "./update.ts";

const S3 = { type: "s3", endpoint: "https://192.0.2.1", bucket: "backups", access_key_id: "k", secret_access_key: "s" };
const THEN = "2026-03-04T05:06:07.000Z";

describe.each(["sqlite", "postgresql"] as const)("storages on %s", (dialect) => {
  let rig: Rig, gateway: Deps & AsyncDisposable, executor: Executor, admin: Actor;
  beforeEach(async () => {
    rig = await startRig(dialect);
    gateway = rig.gateway();
    executor = rig.executor();
    await updateAccount(rig.db, rig.bob.user_id, { role: "admin" });
    admin = { ...rig.bob, role: "admin" };
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  const add = async (name: string, actor = rig.ann, more: object = {}) => (await createStorage(gateway, actor, { name, config: S3, ...more })).storage;
  const ordered = async (database: Database, storages?: string[]) => {
    await createBackup(gateway, rig.ann, { database_id: database.id, storages });
    const run = await executor.take();
    await run.complete();
    return run.command as BackupCommand;
  };
  /** A completed backup with copies in these states beside the good one in local. */
  const past = async (database: Database, copies: Record<string, "good" | "damaged" | "missing" | "pending">): Promise<number> => {
    const [id] = await addPast(rig.db, database, [{ at: THEN }]);
    const others = Object.keys(copies).filter((name) => name !== "local");
    if (others.length > 0) await insertCopies(rig.db, id!, others, THEN);
    for (const [storage, state] of Object.entries(copies)) if (state !== "pending") await setCopy(rig.db, id!, storage, { state, detail: null, at: THEN, checked_at: THEN });
    await rig.db.updateTable("backups").set({ integrity: "good", checked_at: THEN }).where("id", "=", id!).execute();
    return id!;
  };
  const integrity = async (id: number) => (await rig.db.selectFrom("backups").select("integrity").where("id", "=", id).executeTakeFirstOrThrow()).integrity;

  test("a backup goes where it is said: by itself, by its schedule, by its database, by the installation", async () => {
    const database = await rig.database("postgresql");
    for (const name of ["one", "two", "three"]) await add(name, admin, { shared: true });
    const command = await ordered(database, ["two", "local", "two"]);
    expect(command.storages.map(({ name }) => name)).toEqual(["two", "local"]);
    expect(parseStorageConfig(JSON.parse(rig.core.secrets.forGroup("default").open(command.storages[0]!.config_sealed ?? "", STORAGE_CONTEXT)))).toMatchObject({ ...S3, id: "two" });
    expect(JSON.stringify(command)).not.toContain("secret_access_key");
    const goes = async () => (await ordered(database)).storages.map(({ name }) => name);
    expect(await goes()).toEqual(["local"]);
    await updateSettings(gateway, admin, { default_storages: ["three", "local"] });
    expect(await goes()).toEqual(["three", "local"]);
    await updateDatabase(gateway, rig.ann, { id: database.id, storages: ["one"] });
    expect(await goes()).toEqual(["one"]);
    expect(await getDatabase(gateway, rig.ann, { id: database.id })).toMatchObject({ storages: ["one"], effective_storages: ["one"] });
    const schedule = await createSchedule(gateway, rig.ann, { database_id: database.id, cron: "0 3 * * *" });
    expect(schedule).toMatchObject({ storages: null, effective_storages: ["one"] });
    await updateSchedule(gateway, rig.ann, { id: schedule.id, storages: ["two", "local"] });
    await applyDues(gateway, gateway.dispatcher, [{ schedule_id: schedule.id, planned_at: "2030-03-04T02:00:00Z", emitted_at: THEN, trigger: "scheduled" }]);
    const run = await executor.take();
    expect((run.command as BackupCommand).storages.map(({ name }) => name)).toEqual(["two", "local"]);
    expect(await updateSchedule(gateway, rig.ann, { id: schedule.id, storages: null })).toMatchObject({ storages: null, effective_storages: ["one"] });
  });

  test("whoever looks at his storages is told that one came, changed or went, and nobody else is", async () => {
    const { id } = await add("anns");
    await updateStorage(gateway, rig.ann, { id, config: { prefix: "below" } });
    await deleteStorage(gateway, rig.ann, { id });
    await until("all three to be told", () => rig.told.ui.filter(({ event }) => event === "storage").length === 3);
    for (const told of rig.told.ui.filter(({ event }) => event === "storage")) expect(told).toEqual({ user_id: rig.ann.user_id, event: "storage", data: { id } });
  });

  test("a storage that its owner does not see is refused, wherever it is named", async () => {
    const database = await rig.database("postgresql");
    await add("anns");
    await add("bobs", rig.bob);
    await createSchedule(gateway, rig.ann, { database_id: database.id, cron: "0 3 * * *", storages: ["anns"] });
    const refused = { code: "bad_request", message: "storages: unknown storage: bobs", hint: "known: local, anns" };
    const all = { ...admin, scope: "all" } as const; // it is the owner who counts, not who asks
    await expect(updateDatabase(gateway, all, { id: database.id, storages: ["anns", "bobs"] })).rejects.toMatchObject(refused);
    await expect(createBackup(gateway, all, { database_id: database.id, storages: ["bobs"] })).rejects.toMatchObject(refused);
    await expect(updateSchedule(gateway, all, { id: 1, storages: ["bobs"] })).rejects.toMatchObject(refused);
    await expect(updateSettings(gateway, admin, { default_storages: ["bobs"] })).rejects.toMatchObject({ message: "default_storages: unknown storage: bobs", hint: "known: local" });
  });

  test("what goes to a storage with a key is encrypted to it as well, and restored by whose backup it is", async () => {
    const [own, vault] = [await createKey(gateway, rig.ann, { name: "own", generate: true }), await createKey(gateway, rig.bob, { name: "vault", generate: true })];
    await add("vault", admin, { shared: true, encryption_key_id: vault.id });
    const database = await rig.database("mysql");
    const plain = await ordered(database);
    expect(plain.recipients).toEqual([]);
    await updateDatabase(gateway, rig.ann, { id: database.id, storages: ["local", "vault"] });
    const { backup_id, recipients } = await ordered(database);
    expect(recipients).toEqual([vault.recipient]);
    const backup = await rig.backupIs(backup_id, "completed");
    expect(backup).toMatchObject({ encrypted: true, encryption_key_id: vault.id, recipients: [vault.recipient] });
    await updateDatabase(gateway, rig.ann, { id: database.id, encryption_key_id: own.id });
    expect((await ordered(database)).recipients).toEqual([own.recipient, vault.recipient]);
    const identity = async (id: number) => (await rig.db.selectFrom("encryption_keys").select("identity_sealed").where("id", "=", id).executeTakeFirstOrThrow()).identity_sealed;
    await createRestore(gateway, rig.ann, { backup_id, confirm: "shop", delay_s: 0 });
    await (await executor.take("the safety backup")).complete();
    const restore = await executor.take("the restore");
    const [theirs, safety] = [await identity(vault.id), await identity(own.id)].map((sealed) => rig.core.secrets.open(sealed ?? "", "identity"));
    expect("identities_sealed" in restore.command && rig.core.secrets.forGroup("default").open(restore.command.identities_sealed ?? "", "identity").split("\n")).toEqual([theirs, safety]);
    await restore.complete();
    await createCheck(gateway, rig.ann, { backup_id });
    const check = (await executor.take()).command as CheckCommand;
    expect(rig.core.secrets.forGroup("default").open(check.identities_sealed ?? "", "identity")).toBe(theirs);
    await updateStorage(gateway, admin, { id: 2, encryption_key_id: null });
    await expect(deleteKey(gateway, rig.bob, { id: vault.id })).rejects.toMatchObject({ message: `3 backups are encrypted with key ${vault.id}` });
  });

  test("nobody's identity that is kept here opens what is only said to be encrypted to it", async () => {
    const [anns, bobs] = [await createKey(gateway, rig.ann, { name: "a", generate: true }), await createKey(gateway, rig.bob, { name: "b", generate: true })];
    const database = await rig.database("postgresql");
    for (const [key, opens] of [[anns, true], [bobs, false]] as const) {
      const id = await past(database, {});
      await rig.db.updateTable("backups").set({ recipients: JSON.stringify([key.recipient]) }).where("id", "=", id).execute(); // as one that was adopted
      const order = createRestore(gateway, rig.ann, { backup_id: id, confirm: `db_${id}`, target: { db_name: `db_${id}` }, delay_s: 600 });
      await (opens ? expect(order).resolves.toMatchObject({ status: "pending" }) : expect(order).rejects.toMatchObject({ code: "identity_needed" }));
    }
  });

  test("one is not removed while something names it", async () => {
    const { id } = await add("vault", admin, { shared: true });
    const all = { ...admin, scope: "all" } as const;
    const [database, other] = [await rig.database("mysql"), await rig.database("mysql", rig.bob)];
    await updateDatabase(gateway, rig.ann, { id: database.id, storages: ["vault"] });
    await updateDatabase(gateway, rig.bob, { id: other.id, storages: ["vault"] });
    await createSchedule(gateway, rig.ann, { database_id: database.id, cron: "0 3 * * *", storages: ["vault", "local"] });
    await expect(deleteStorage(gateway, all, { id, forget: true })).rejects.toMatchObject({ code: "conflict", message: "vault is the storage of 2 databases and 1 schedule: My shop, My shop, My shop" });
    await expect(updateStorage(gateway, admin, { id, shared: false })).rejects.toMatchObject({ message: "shared: vault is the storage of 1 database and 1 schedule of others" });
    await rig.db.updateTable("databases").set({ storages: null }).execute();
    await rig.db.deleteFrom("schedules").execute();
    await putSetting(rig.db, "default_storages", '["vault"]', THEN);
    await expect(deleteStorage(gateway, admin, { id })).rejects.toMatchObject({ message: "backups go to vault by default", hint: expect.stringContaining("/api/settings") });
    await putSetting(rig.db, "default_storages", '["local"]', THEN);
    await deleteStorage(gateway, admin, { id });
  });

  test("one with copies goes only when these are forgotten, and what had no other copy is missing", async () => {
    const database = await rig.database("mysql");
    const { id } = await add("off");
    const [both, only, worse, gone] = [
      await past(database, { off: "good" }), await past(database, { local: "missing", off: "good" }), await past(database, { local: "damaged", off: "good" }), await past(database, { local: "missing", off: "missing" }),
    ];
    expect((await getStorage(gateway, rig.ann, { id })).copies).toEqual({ count: 3, bytes: 3_000_000 });
    expect((await getStorage(gateway, admin, { id: 1 })).copies).toEqual({ count: 0, bytes: 0 }); // none of his
    await expect(deleteStorage(gateway, rig.ann, { id })).rejects.toMatchObject({ code: "conflict", message: "3 copies of backups lie in off", hint: expect.stringContaining("?forget=true") });
    const writing = await past(database, { off: "pending" });
    await expect(deleteStorage(gateway, rig.ann, { id, forget: true })).rejects.toMatchObject({ message: "1 copy is being written to off" });
    await setCopy(rig.db, writing, "off", { state: "missing", detail: null, at: THEN });
    expect(await deleteStorage(gateway, rig.ann, { id, forget: true })).toEqual({ name: "off", forgotten: 3, lost: 2 });
    expect(await Promise.all([both, only, worse, gone].map(integrity))).toEqual(["good", "missing", "damaged", "missing"]);
    expect((await getBackup(gateway, rig.ann, { id: only })).copies).toMatchObject([{ storage: "local", state: "missing", detail: null, checked_at: THEN }]);
    const audit = await rig.db.selectFrom("audit").select("detail").where("action", "=", "storage.delete").executeTakeFirstOrThrow();
    expect(JSON.parse(audit.detail!)).toEqual({ name: "off", type: "s3", target: "192.0.2.1/backups", copies_forgotten: 3, backups_lost: 2 });
  });

  test("a backup that lies nowhere any more is neither restored nor removed by an executor", async () => {
    const database = await rig.database("mysql");
    const { id } = await add("off");
    const [lost, leaving] = [await past(database, { off: "good" }), await past(database, { off: "good" })];
    await rig.db.deleteFrom("copies").where("storage", "=", "local").execute();
    await rig.db.updateTable("backups").set({ deleted_at: THEN }).where("id", "=", leaving).execute();
    await deleteStorage(gateway, rig.ann, { id, forget: true });
    expect(await rig.db.selectFrom("backups").select("id").where("purged_at", "is not", null).execute()).toEqual([{ id: leaving }]);
    await expect(createRestore(gateway, rig.ann, { backup_id: lost, confirm: "other", target: { db_name: "other" }, delay_s: 0 })).rejects.toMatchObject({ message: expect.stringMatching(/was found missing/) });
    await deleteBackup(gateway, rig.ann, { id: lost });
    expect(await rig.db.selectFrom("jobs").select("id").where("kind", "=", "delete").execute()).toEqual([]);
    expect(await copiesOf(rig.db, [lost, leaving])).toEqual([]);
  });

  test("where one leads may change: its copies are expected there, and checked first", async () => {
    const database = await rig.database("mysql");
    const { id } = await add("off");
    const backup = await past(database, { off: "good" });
    const { warnings } = await updateStorage(gateway, rig.ann, { id, config: { prefix: "moved" } });
    expect(warnings).toEqual([{ code: "copies_expected", message: "1 copy is now expected at 192.0.2.1/backups/moved: nothing was moved there, and the next checks look for it first" }]);
    expect(await copiesOf(rig.db, [backup])).toMatchObject([{ storage: "local", checked_at: null }, { storage: "off", state: "good", checked_at: null }]);
    expect(await integrity(backup)).toBe("unchecked");
    expect((await updateStorage(gateway, rig.ann, { id, config: { timeout_s: 5 } })).warnings).toEqual([]);
  });
});
