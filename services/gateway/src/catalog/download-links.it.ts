import { freshDatabase, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { insertBackup } from "./backups.ts";
import { insertDatabase } from "./databases.ts";
import { claimLink, findLink, insertLink, markLinkSent, pruneLinks, type DownloadLink } from "./download-links.ts";
import { openCatalog, type OpenedCatalog } from "./open.ts";
import type { Db } from "./scope.ts";
import { deleteUser, insertUser } from "./users.ts";

const AT = "2026-01-02T03:04:05.678Z";
const LATER = "2026-01-02T03:05:00.000Z";
const EXPIRY = "2026-01-02T03:19:05.000Z";

describe.each(["sqlite", "postgresql"] as const)("download links on %s", (dialect) => {
  let server: TestDatabase | undefined;
  let catalog: OpenedCatalog;
  let db: Db;
  let owner: number, backup_id: number;
  beforeAll(async () => {
    if (dialect === "postgresql") server = await freshDatabase(inject("postgres"), "links");
    catalog = await openCatalog(server === undefined ? "sqlite::memory:" : `postgres://${server.username}:${server.password}@${server.host}:${server.port}/${server.db_name}`);
    db = catalog.db;
    owner = await user("owner@example.org");
    backup_id = await backup();
  });
  afterAll(async () => { await catalog[Symbol.asyncDispose](); await server?.[Symbol.asyncDispose](); });

  const user = async (email: string): Promise<number> => (await insertUser(db, { email, password_hash: "-", created_at: AT }, () => "admin"))!.id;
  const backup = async (): Promise<number> => {
    const database = await insertDatabase(db, {
      user_id: owner, name: "x", type: "mysql", host: "h", port: 1, username: "u", password_sealed: "sealed", db_name: "d", ssl_mode: "prefer", ssl_ca: null,
      executor_group: "default", created_at: AT, updated_at: AT, deleted_at: null,
    });
    return (await insertBackup(db, {
      user_id: owner, database_id: database.id, schedule_id: null, planned_at: null, trigger: "manual", type: "mysql", format: "sql", compression: "zstd", created_at: AT,
    }))!.id;
  };
  let links = 0;
  const link = (user_id = owner, expires_at = EXPIRY): Promise<DownloadLink> =>
    insertLink(db, { id_hash: `hash ${links++}`, user_id, backup_id, form: "stored", created_at: AT, created_ip: null, expires_at });
  const claim = (id: number, use: Partial<Parameters<typeof claimLink>[2]> = {}, most = 100): Promise<boolean> =>
    claimLink(db, id, { at: LATER, ip: "192.0.2.1", resumes: false, ...use }, most);

  it("are used once, by one of those who come at once", async () => {
    const { id, id_hash } = await link();
    expect((await Promise.all(Array.from({ length: 8 }, () => claim(id)))).filter(Boolean)).toHaveLength(1);
    expect(await findLink(db, id_hash)).toMatchObject({ used_at: LATER, used_ip: "192.0.2.1", requests: 1, sent_at: null });
    expect(await claim(id, { ip: "192.0.2.2" })).toBe(false);
  });

  it("are gone on with from the first one's address alone, until the last byte was sent, and not without end", async () => {
    const { id, id_hash } = await link();
    expect(await claim(id)).toBe(true);
    expect(await claim(id, { resumes: true, ip: "192.0.2.2" })).toBe(false);
    expect([await claim(id, { resumes: true }), await claim(id, { resumes: true })]).toEqual([true, true]);
    expect(await claim(id, { resumes: true }, 3)).toBe(false);
    await markLinkSent(db, id, LATER);
    await markLinkSent(db, id, EXPIRY);
    expect(await claim(id, { resumes: true })).toBe(false);
    expect(await findLink(db, id_hash)).toMatchObject({ requests: 3, sent_at: LATER });
  });

  it("hold until they expire, also for who goes on", async () => {
    const { id } = await link();
    expect([await claim(id, { at: EXPIRY }), await claim(id), await claim(id, { at: EXPIRY, resumes: true })]).toEqual([false, true, false]);
  });

  it("are forgotten when they have expired, and with their user", async () => {
    const leaver = await user("leaver@example.org");
    const [old, his, kept] = [await link(owner, AT), await link(leaver), await link()];
    await pruneLinks(db, LATER);
    expect(await deleteUser(db, leaver)).toBe("done");
    expect(await Promise.all([old, his, kept].map(async ({ id_hash }) => (await findLink(db, id_hash))?.id))).toEqual([undefined, undefined, kept.id]);
  });
});
