import type { DownloadForm } from "@safebase/artifact";
import type { Generated, Insertable, Selectable } from "kysely";
import type { Db } from "./scope.ts";

/** Lets whoever has its token, which is kept nowhere, download one backup once. */
export interface DownloadLinksTable {
  id: Generated<number>;
  id_hash: string; // SHA-256 of the token's random id
  user_id: number;
  backup_id: number;
  form: DownloadForm;
  created_at: string;
  created_ip: string | null;
  expires_at: string;
  /** When the first request began, and from where: others are refused, but for those that go on with it. */
  used_at: string | null;
  used_ip: string | null;
  /** The first one and those that went on with it. */
  requests: Generated<number>;
  /** The last byte has gone out. */
  sent_at: string | null;
}
export type DownloadLink = Selectable<DownloadLinksTable>;

export type NewLink = Pick<Insertable<DownloadLinksTable>, "id_hash" | "user_id" | "backup_id" | "form" | "created_at" | "created_ip" | "expires_at">;

export async function insertLink(db: Db, link: NewLink): Promise<DownloadLink> {
  return db.insertInto("download_links").values({ ...link, used_at: null, used_ip: null, sent_at: null }).returningAll().executeTakeFirstOrThrow();
}

export async function findLink(db: Db, idHash: string): Promise<DownloadLink | undefined> {
  return db.selectFrom("download_links").selectAll().where("id_hash", "=", idHash).executeTakeFirst();
}

/** Who asks, and whether he goes on with what the first request began. */
export interface LinkUse { readonly at: string; readonly ip: string; readonly resumes: boolean }

/**
 * Takes the right to one answer with a link's file, in one statement, so that of requests made at once one gets it. A
 * request that goes on gets it, too: from where the first came, until the last byte was sent, and not without end.
 */
export async function claimLink(db: Db, id: number, use: LinkUse, mostRequests: number): Promise<boolean> {
  const result = await db.updateTable("download_links").set((eb) => ({
    used_at: eb.fn.coalesce("used_at", eb.val(use.at)), used_ip: eb.fn.coalesce("used_ip", eb.val(use.ip)), requests: eb("requests", "+", 1),
  })).where("id", "=", id).where("expires_at", ">", use.at).where((eb) => {
    const goesOn = use.resumes ? [eb.and([eb("used_ip", "=", use.ip), eb("sent_at", "is", null), eb("requests", "<", mostRequests)])] : [];
    return eb.or([eb("used_at", "is", null), ...goesOn]);
  }).executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Notes that the last byte has gone out: nobody goes on with it any more. */
export async function markLinkSent(db: Db, id: number, at: string): Promise<void> {
  await db.updateTable("download_links").set((eb) => ({ sent_at: eb.fn.coalesce("sent_at", eb.val(at)) })).where("id", "=", id).execute();
}

/** Removes a user's links: their tokens hold no more. Answers how many. */
export async function deleteLinksOf(db: Db, userId: number): Promise<number> {
  return Number((await db.deleteFrom("download_links").where("user_id", "=", userId).executeTakeFirst()).numDeletedRows);
}

/** Removes links that expired before a time. */
export async function pruneLinks(db: Db, before: string): Promise<void> {
  await db.deleteFrom("download_links").where("expires_at", "<", before).execute();
}
