import { generateAgeKey } from "@safebase/artifact";
import type { BackupCommand, RestoreCommand, VerifyCommand } from "@safebase/contracts";
import { until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createBackup } from "../backups/create.ts";
import { deleteBackup } from "../backups/delete.ts";
import { getBackup } from "../backups/get.ts";
import { updateDatabase } from "../catalog/databases.ts";
import { updateKey as change } from "../catalog/encryption-keys.ts";
import type { Database } from "../catalog/schema.ts";
import { cancelJob } from "../jobs/cancel.ts";
import type { Deps } from "../jobs/deps.ts";
import { applyDues } from "../jobs/due.ts";
import { startRig, type Executor, type Rig } from "../jobs/rig-fixture.ts";
import { createRestore } from "../restores/create.ts";
import { createSchedule } from "../schedules/create.ts";
import { createStorage } from "../storages/create.ts";
import { updateStorage } from "../storages/update.ts";
import { createVerification } from "../verifications/create.ts";
import { createKey } from "./create.ts";
import { deleteKey } from "./delete.ts";
import { updateKey } from "./update.ts";
import type { KeyView } from "./view.ts";

const OFFSITE = { type: "s3", endpoint: "http://203.0.113.7", bucket: "backups", access_key_id: "id", secret_access_key: "secret" };

describe.each(["sqlite", "postgresql"] as const)("encryption on %s", (dialect) => {
  let rig: Rig, gateway: Deps & AsyncDisposable, executor: Executor;
  beforeEach(async () => {
    rig = await startRig(dialect);
    gateway = rig.gateway();
    executor = rig.executor();
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  const generated = () => createKey(gateway, rig.ann, { name: "kept", generate: true });
  const setKey = (database: Database, id: number) => updateDatabase(rig.db, database.id, { encryption_key_id: id });
  const encrypted = async (type: Database["type"], key?: KeyView) => {
    const used = key ?? await generated();
    const database = await rig.database(type);
    await setKey(database, used.id);
    return { key: used, database, backup: await rig.completedBackup(gateway, executor, database) };
  };
  const sealedOf = async ({ id }: KeyView) => (await rig.db.selectFrom("encryption_keys").selectAll().where("id", "=", id).executeTakeFirstOrThrow()).identity_sealed;
  /** What is sealed in the catalog, by the master key, or in a command, for the executors of its group. */
  const opened = (sealed: string | null): string => [rig.core.secrets, rig.core.secrets.forGroup("default")].find((secrets) => secrets.opens(sealed ?? ""))?.open(sealed ?? "", "identity") ?? "";
  const sealedInJobs = async () => (await rig.db.selectFrom("jobs").select(["kind", "identities_sealed"]).where("identities_sealed", "is not", null).execute());
  const keptAway = generateAgeKey();
  const away = () => createKey(gateway, rig.ann, { name: "away", recipient: keptAway.recipient });

  test("a backup carries the recipient of its database's key, and no secret", async () => {
    const { key, database, backup } = await encrypted("postgresql");
    expect(backup).toMatchObject({ encrypted: true, encryption_key_id: key.id, recipients: [key.recipient] });
    await createBackup(gateway, rig.ann, { database_id: database.id });
    const { command } = await executor.take();
    expect((command as BackupCommand).recipients).toEqual([key.recipient]);
    expect(JSON.stringify(command)).not.toContain("identit");
    expect(await rig.completedBackup(gateway, executor, await rig.database("postgresql"))).toMatchObject({ encrypted: false, encryption_key_id: null, recipients: [] });
  });

  test("a restore and a verification carry the identity sealed, and forget it at their end, whatever that is", async () => {
    const { key, backup } = await encrypted("postgresql");
    for (const end of ["complete", "fail"] as const) {
      const restore = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 0 });
      const run = await executor.take();
      const { identities_sealed } = run.command as RestoreCommand;
      expect(opened(identities_sealed)).toBe(opened(await sealedOf(key)));
      const [job] = await sealedInJobs();
      expect([job?.kind, opened(job?.identities_sealed ?? null)]).toEqual(["restore", opened(identities_sealed)]);
      await (end === "complete" ? run.complete() : run.fail("restore_failed", "it broke"));
      await rig.restoreIs(restore.id, end === "complete" ? "completed" : "failed");
      expect(await sealedInJobs()).toEqual([]);
    }
    await createVerification(gateway, rig.ann, { backup_id: backup.id });
    const verification = await executor.take();
    expect(opened((verification.command as VerifyCommand).identities_sealed)).toBe(opened(await sealedOf(key)));
    await verification.complete();
    await until("the identity to be forgotten", async () => (await sealedInJobs()).length === 0);
    const canceled = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 600 });
    expect(await sealedInJobs()).toHaveLength(1);
    await cancelJob(gateway, rig.ann, { id: canceled.job_id });
    expect(await sealedInJobs()).toEqual([]);
  });

  test("an identity that is kept away is given; none and a wrong one are refused before anything is written", async () => {
    const { key, backup } = await encrypted("postgresql", await away());
    const other = generateAgeKey();
    const orders = [
      (identity?: string) => createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 0, identity }),
      (identity?: string) => createVerification(gateway, rig.ann, { backup_id: backup.id, identity }),
    ];
    for (const order of orders) {
      await expect(order()).rejects.toMatchObject({ code: "identity_needed", message: `backup ${backup.id} is encrypted to ${key.recipient}, whose identity is not kept here` });
      await expect(order(other.identity)).rejects.toMatchObject({ code: "identity_needed", message: expect.stringContaining(`is that of ${other.recipient}`) });
      await expect(order("AGE-SECRET-KEY-1NONE")).rejects.toMatchObject({ code: "bad_request", message: "identity: that is no identity of age" });
    }
    expect(await rig.db.selectFrom("restores").selectAll().execute()).toEqual([]);
    expect(await rig.db.selectFrom("verifications").selectAll().execute()).toEqual([]);
    await orders[0]?.(`# my file\n${other.identity}\n${keptAway.identity}\n`);
    const run = await executor.take();
    expect(opened((run.command as RestoreCommand).identities_sealed)).toBe(keptAway.identity);
    expect(JSON.stringify(await rig.db.selectFrom("audit").selectAll().execute())).not.toContain("AGE-SECRET-KEY");
  });

  test("an identity for what is not encrypted is refused", async () => {
    const backup = await rig.completedBackup(gateway, executor, await rig.database("postgresql"));
    await expect(createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", identity: keptAway.identity })).rejects.toMatchObject({ code: "bad_request", message: `identity: backup ${backup.id} is not encrypted` });
  });

  test("in place, a safety backup that nobody could put back is refused as well", async () => {
    const old = await encrypted("mariadb");
    await setKey(old.database, (await away()).id);
    const order = (more: object = {}) => createRestore(gateway, rig.ann, { backup_id: old.backup.id, confirm: "shop", delay_s: 0, ...more });
    await expect(order()).rejects.toMatchObject({ code: "identity_needed", message: expect.stringMatching(`^the safety backup of My shop is encrypted to ${keptAway.recipient}`) });
    await order({ safety_backup: false });
    const without = await executor.take();
    expect(opened((without.command as RestoreCommand).identities_sealed).split("\n")).toHaveLength(1);
    await without.complete();
    await rig.restoreIs(1, "completed");
    await order({ identity: keptAway.identity });
    const safety = await executor.take();
    expect(safety.command).toMatchObject({ kind: "backup", trigger: "safety", recipients: [keptAway.recipient] });
    await safety.complete();
    const both = await executor.take();
    expect(opened((both.command as RestoreCommand).identities_sealed).split("\n")).toEqual([opened(await sealedOf(old.key)), keptAway.identity]);
  });

  test("a wrong identity is refused, also where the right one is kept here", async () => {
    const { backup } = await encrypted("postgresql");
    await expect(createVerification(gateway, rig.ann, { backup_id: backup.id, identity: keptAway.identity })).rejects.toMatchObject({ code: "identity_needed", message: expect.stringContaining(`is that of ${keptAway.recipient}`) });
  });

  test("another key counts for new backups, and old ones restore with theirs", async () => {
    const { key, database, backup } = await encrypted("postgresql");
    const next = await generated();
    await setKey(database, next.id);
    expect(await rig.completedBackup(gateway, executor, database)).toMatchObject({ encryption_key_id: next.id, recipients: [next.recipient] });
    expect(await getBackup(gateway, rig.ann, { id: backup.id })).toMatchObject({ encryption_key_id: key.id, recipients: [key.recipient] });
    await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 0 });
    expect(opened(((await executor.take()).command as RestoreCommand).identities_sealed)).toBe(opened(await sealedOf(key)));
  });

  test("a key is deleted once no backup needs it", async () => {
    const { key, database, backup } = await encrypted("postgresql");
    await setKey(database, (await generated()).id);
    await expect(deleteKey(gateway, rig.ann, { id: key.id })).rejects.toMatchObject({ code: "conflict", message: `1 backup is encrypted with key ${key.id}` });
    await deleteBackup(gateway, rig.ann, { id: backup.id });
    await deleteKey(gateway, rig.ann, { id: key.id });
  });

  test("a key is retired once no storage encrypts with it; which ones do is said", async () => {
    const [old, next] = [await generated(), await generated()];
    const { storage } = await createStorage(gateway, rig.ann, { name: "offsite", config: OFFSITE, encryption_key_id: old.id });
    const { storage: other } = await createStorage(gateway, rig.ann, { name: "vault", config: OFFSITE, encryption_key_id: old.id });
    const retire = () => updateKey(gateway, rig.ann, { id: old.id, retired: true });
    await expect(retire()).rejects.toMatchObject({ code: "conflict", message: `what goes to the storages offsite, vault is encrypted with key ${old.id}`, hint: "set those storages to another key first" });
    await updateStorage(gateway, rig.ann, { id: storage.id, encryption_key_id: next.id });
    await expect(retire()).rejects.toMatchObject({ code: "conflict", message: `what goes to the storage vault is encrypted with key ${old.id}`, hint: "set that storage to another key first" });
    await updateStorage(gateway, rig.ann, { id: other.id, encryption_key_id: null });
    expect(await retire()).toMatchObject({ retired_at: expect.any(String) });
    await expect(updateStorage(gateway, rig.ann, { id: other.id, encryption_key_id: old.id })).rejects.toMatchObject({ code: "conflict", message: `key ${old.id} is retired` });
  });

  test("an order that was made keeps its identity, also when that is kept away from then on", async () => {
    const { key, backup } = await encrypted("postgresql");
    await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 0.3 });
    await change(rig.db, key.id, { identity_sealed: null });
    expect(opened(((await executor.take()).command as RestoreCommand).identities_sealed)).toMatch(/^AGE-SECRET-KEY-1/);
  });

  test("a schedule's verification comes by itself with an identity that is kept here, and is not ordered without", async () => {
    for (const [key, expected] of [[await generated(), "verify"], [await away(), undefined]] as const) {
      const database = await rig.database("postgresql");
      await setKey(database, key.id);
      const schedule = await createSchedule(gateway, rig.ann, { database_id: database.id, cron: "0 3 * * *" });
      await rig.db.updateTable("schedules").set({ verify_every: 1 }).where("id", "=", schedule.id).execute();
      const planned_at = "2030-01-01T03:00:00.000Z";
      await applyDues(gateway, gateway.dispatcher, [{ schedule_id: schedule.id, planned_at, emitted_at: planned_at, trigger: "scheduled" }]);
      await (await executor.take()).complete();
      const entry = await until("the audit entry", () => rig.db.selectFrom("audit").selectAll().where("action", "=", "verification.create").where("object_id", "=", schedule.id).executeTakeFirst());
      expect(entry.outcome).toBe(expected === undefined ? "refused" : "ok");
      if (expected === undefined) expect(entry.detail).toContain("its identity is kept away");
      else await (await executor.take()).complete();
    }
  });
});
