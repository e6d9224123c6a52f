import { generateAgeKey } from "@safebase/artifact";
import { subjects, type ProbeReply, type ProbeRequest, type ServerReply } from "@safebase/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BackupDetails } from "../backups/view.ts";
import { setCopy } from "../catalog/copies.ts";
import { setIntegrity } from "../catalog/checks.ts";
import { updateDatabase } from "../catalog/databases.ts";
import type { Database } from "../catalog/schema.ts";
import type { Deps } from "../jobs/deps.ts";
import { startRig, type Executor, type Rig } from "../jobs/rig-fixture.ts";
import { createKey } from "../keys/create.ts";
import { createRestore } from "./create.ts";
import { planRestore } from "./plan.ts";

const CLIENT = { name: "pg_dump", version: "15.20" };

describe.each(["sqlite", "postgresql"] as const)("the plan of a restore on %s", (dialect) => {
  let rig: Rig, gateway: Deps, executor: Executor;
  /** What is on every server: the databases by their names. */
  let there: Record<string, { tables: number; size_bytes: number; connections: number | null }>;
  let server: string, asked: string[];
  beforeAll(async () => {
    rig = await startRig(dialect);
    gateway = rig.gateway();
    executor = rig.executor();
    await rig.core.bus.respond(subjects.probe("default"), "executors", async (payload): Promise<ProbeReply> => {
      const { db_name } = (payload as ProbeRequest).connection;
      asked.push(db_name);
      const found = there[db_name];
      if (found === undefined) return { ok: false, failure: { code: "database_missing", message: `there is no ${db_name}` } };
      return { ok: true, report: { server, server_version: "15.20", tls: false, client: CLIENT, warnings: [], elapsed_ms: 1, ...found } };
    });
    await rig.core.bus.respond(subjects.databases("default"), "executors", async (): Promise<ServerReply> => ({ ok: true, report: { server, server_version: "15.20", databases: [] } }));
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  const make = async (type: Database["type"]): Promise<{ database: Database; backup: BackupDetails }> => {
    there = { shop: { tables: 7, size_bytes: 5_000, connections: 2 } };
    server = "PostgreSQL 15.20";
    asked = [];
    const database = await rig.database(type);
    return { database, backup: await rig.completedBackup(gateway, executor, database) };
  };
  const codes = (list: readonly { code: string }[]): string[] => list.map(({ code }) => code);

  test("PostgreSQL in place: what is there, that it goes for good unless it is saved, and who is connected", async () => {
    const { database, backup } = await make("postgresql");
    const plan = await planRestore(gateway, rig.ann, { backup_id: backup.id });
    expect(plan).toMatchObject({
      backup: { id: backup.id, database_name: "My shop", type: "postgresql", size: backup.size, raw_size: 99, tables: 1, rows: 3, rows_exact: true, server: "PostgreSQL 15.20", verified_at: null },
      target: { database_id: database.id, db_name: "shop", in_place: true, exists: true, server: "PostgreSQL 15.20", size_bytes: 5_000, tables: 7, connections: 2 },
      safety_backup: "not_needed", way_back: "none", obstacles: [], estimate_ms: null, confirm: "shop",
    });
    expect(codes(plan.warnings)).toEqual(["no_way_back", "in_use", "not_verified", "of_the_backup"]);
    const saved = await planRestore(gateway, rig.ann, { backup_id: backup.id, safety_backup: true });
    expect(saved).toMatchObject({ safety_backup: "taken", way_back: "safety_backup" });
    expect(codes(saved.warnings)).not.toContain("no_way_back");
    expect(await rig.db.selectFrom("restores").selectAll().execute()).toEqual([]);
  });

  test("PostgreSQL: a wanted safety backup comes first, and is not opened for the restore", async () => {
    const { backup } = await make("postgresql");
    const restore = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 0, safety_backup: true });
    expect(restore).toMatchObject({ safety_status: "pending", source_database_name: "My shop", backup_created_at: backup.created_at, note: expect.stringMatching(/^safety backup \d+ of the target is taken first/) });
    const safety = await executor.take();
    expect(safety.command).toMatchObject({ kind: "backup", backup_id: restore.safety_backup_id, trigger: "safety" });
    await safety.complete();
    const run = await executor.take();
    expect(run.command).toMatchObject({ kind: "restore", restore_id: restore.id });
    await run.start();
    await run.complete();
    await rig.restoreIs(restore.id, "completed");
    expect((await planRestore(gateway, rig.ann, { backup_id: backup.id })).estimate_ms).toBeGreaterThanOrEqual(0);
  });

  test("MariaDB in place: saved first unless that is refused; nothing to save where nothing is", async () => {
    const { backup } = await make("mariadb");
    server = "MySQL 8.4.1";
    expect(await planRestore(gateway, rig.ann, { backup_id: backup.id })).toMatchObject({ safety_backup: "taken", way_back: "safety_backup" });
    const waived = await planRestore(gateway, rig.ann, { backup_id: backup.id, safety_backup: false });
    expect(waived).toMatchObject({ safety_backup: "waived", way_back: "none" });
    expect(codes(waived.warnings)).toEqual(expect.arrayContaining(["no_way_back", "other_family"]));
    there = {};
    const gone = await planRestore(gateway, rig.ann, { backup_id: backup.id });
    expect(gone).toMatchObject({ safety_backup: "not_needed", way_back: "nothing_replaced", target: { in_place: true, exists: false, server: "MySQL 8.4.1" }, obstacles: [] });
  });

  test("a new name: nothing is replaced; one that exists already stands in the way", async () => {
    const { database, backup } = await make("mysql");
    const to = (db_name: string) => planRestore(gateway, rig.ann, { backup_id: backup.id, target: { database_id: database.id, db_name } });
    expect(await to("copy")).toMatchObject({ target: { in_place: false, exists: false }, safety_backup: "not_needed", way_back: "nothing_replaced", obstacles: [], confirm: "copy" });
    there["copy"] = { tables: 1, size_bytes: 1, connections: null };
    expect(await to("copy")).toMatchObject({ obstacles: [{ code: "exists", message: expect.stringContaining("a database copy already exists at db.example.org") }] });
    expect(asked).toEqual(["copy", "copy"]);
  });

  test("an older server, lost copies, and a server that cannot be asked are told", async () => {
    const { backup } = await make("postgresql");
    server = "PostgreSQL 14.9";
    await setCopy(rig.db, backup.id, "local", { state: "damaged", detail: null, at: backup.created_at });
    expect(codes((await planRestore(gateway, rig.ann, { backup_id: backup.id })).warnings)).toEqual(expect.arrayContaining(["older_server", "copy_lost"]));
    const { database, backup: other } = await make("postgresql");
    await updateDatabase(rig.db, database.id, { executor_group: "nobody" });
    expect(await planRestore(gateway, rig.ann, { backup_id: other.id })).toMatchObject({
      target: { exists: null, size_bytes: null }, way_back: "none", obstacles: [{ code: "no_executor", hint: expect.any(String) }],
    });
  });

  test("an encrypted one whose key is kept away: the identity stands against it until it is given", async () => {
    const { database } = await make("postgresql");
    const [pair, other] = [generateAgeKey(), generateAgeKey()];
    const key = await createKey(gateway, rig.ann, { name: `away ${database.id}`, recipient: pair.recipient });
    await updateDatabase(rig.db, database.id, { encryption_key_id: key.id });
    const encrypted = await rig.completedBackup(gateway, executor, database);
    const plan = (identity?: string) => planRestore(gateway, rig.ann, { backup_id: encrypted.id, identity });
    expect((await plan()).obstacles).toMatchObject([{ code: "identity_needed", message: expect.stringContaining(pair.recipient) }]);
    expect((await plan(other.identity)).obstacles).toMatchObject([{ code: "identity_needed", message: expect.stringContaining(other.recipient) }]);
    await expect(plan("no identity")).rejects.toMatchObject({ code: "bad_request", message: "identity: that is no identity of age" });
    expect((await plan(pair.identity)).obstacles).toEqual([]);
    expect(JSON.stringify(await rig.db.selectFrom("audit").selectAll().execute())).not.toContain("AGE-SECRET-KEY");
  });

  test("a target that another restore is on its way to; what could never be restored is refused as the order is", async () => {
    const { backup } = await make("postgresql");
    const mysql = await rig.database("mysql");
    await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 60 });
    expect((await planRestore(gateway, rig.ann, { backup_id: backup.id })).obstacles).toMatchObject([{ code: "target_busy" }]);
    await expect(planRestore(gateway, rig.ann, { backup_id: backup.id, target: { database_id: mysql.id } })).rejects.toMatchObject({ code: "bad_request", message: expect.stringMatching(/^target: /) });
    await expect(planRestore(gateway, rig.ann, { backup_id: backup.id, target: { db_name: "x".repeat(64) } })).rejects.toMatchObject({ code: "bad_request", message: expect.stringMatching(/^target.db_name /) });
    await setIntegrity(rig.db, backup.id, "damaged", backup.created_at);
    await expect(planRestore(gateway, rig.ann, { backup_id: backup.id })).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("damaged") });
  });

  test("what belongs to another is not there, and no server is asked for it", async () => {
    const { backup } = await make("postgresql");
    const bobs = await rig.database("postgresql", rig.bob);
    await expect(planRestore(gateway, rig.bob, { backup_id: backup.id })).rejects.toMatchObject({ code: "not_found" });
    await expect(planRestore(gateway, rig.bob, { backup_id: backup.id, target: { database_id: bobs.id } })).rejects.toMatchObject({ code: "not_found" });
    await expect(planRestore(gateway, rig.ann, { backup_id: backup.id, target: { database_id: bobs.id } })).rejects.toMatchObject({ code: "not_found" });
    expect(asked).toEqual([]);
  });
});
