import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { readLinkToken, type LinkClaims } from "../auth/link-tokens.ts";
import { mayOwn } from "../auth/rights.ts";
import { beginLinkAttempt } from "../auth/throttle.ts";
import { claimLink, findLink, markLinkSent, type DownloadLink } from "../catalog/download-links.ts";
import { findUser } from "../catalog/users.ts";
import type { Actor } from "../jobs/deps.ts";
import type { LinkDeps } from "./link.ts";
import { openDownload, type Download } from "./open.ts";

/** A download broken off so often is no download any more. */
const MOST_REQUESTS = 100;

export interface LinkRequest { readonly token: string; readonly ip: string | null; readonly range: string | undefined }

/** A link's file, ready to be sent. */
export interface Redeemed {
  readonly download: Download;
  /** Takes the link's right to an answer; `resumes`: with a part of stored bytes. Refuses when others were first. */
  readonly claim: (resumes: boolean) => Promise<void>;
  /** Ends the link for good; to be awaited before the last byte is sent. */
  readonly end: () => Promise<void>;
}

/**
 * What a link's token is good for now. One that nobody made is not found, and counted as a guess; one that was used,
 * expired, or lost its user or backup is `gone`.
 */
export async function redeemLink(deps: LinkDeps, request: LinkRequest): Promise<Redeemed> {
  const { ip, range } = request;
  const claims = await readClaims(deps, request);
  const link = await findLink(deps.db, claims.id_hash);
  const user = link === undefined ? undefined : await findUser(deps.db, link.user_id);
  const refuse = refusal(deps, claims, user?.email, ip);
  if (claims.expires_at <= deps.now()) return refuse(`this download link expired at ${claims.expires_at.toISOString()}`);
  if (link === undefined || user === undefined || user.disabled_at !== null || !mayOwn(user.role, "manage")) return refuse("this download link was revoked");
  const actor: Actor = { user_id: user.id, email: user.email, role: user.role, ip, scope: user.role === "admin" ? "all" : { user_id: user.id } };
  if (link.used_at !== null && !(range !== undefined && mayGoOn(link, ip))) return refuse(USED);
  const download = await openDownload(deps, actor, { id: link.backup_id, form: link.form }).catch((error: unknown) => {
    if (error instanceof SafebaseError && error.code === "not_found") return refuse("the backup of this download link was deleted");
    throw error;
  });
  if (link.used_at !== null && download.stored === null) return refuse(USED);
  return {
    download,
    claim: async (resumes) => { if (!await claim(deps, link, actor, { resumes, range })) await refuse(USED); },
    end: () => markLinkSent(deps.db, link.id, deps.now().toISOString()),
  };
}

const USED = "this download link was used already";

async function readClaims(deps: LinkDeps, { token, ip }: LinkRequest): Promise<LinkClaims> {
  const attempt = await beginLinkAttempt(deps.db, ip);
  const claims = await readLinkToken(deps.secrets, token);
  if (claims === undefined) {
    await recordAudit(deps.db, { actor: { user_id: null, email: "a download link", ip }, action: "link.use", outcome: "refused", detail: { reason: "no such link" } });
    throw new SafebaseError("not_found", "there is no such download link");
  }
  await attempt.succeeded();
  return claims;
}

function mayGoOn(link: DownloadLink, ip: string | null): boolean {
  return link.sent_at === null && link.used_ip === addressOf(ip);
}

/** In one transaction with its audit entry: no byte leaves without a trace. */
async function claim(deps: LinkDeps, link: DownloadLink, actor: Actor, { resumes, range }: { resumes: boolean; range: string | undefined }): Promise<boolean> {
  return deps.db.transaction().execute(async (tx) => {
    const claimed = await claimLink(tx, link.id, { at: deps.now().toISOString(), ip: addressOf(actor.ip), resumes }, MOST_REQUESTS);
    if (claimed) await recordAudit(tx, { actor, action: "link.use", object: { type: "backup", id: link.backup_id }, detail: { link_id: link.id, form: link.form, range } });
    return claimed;
  });
}

function addressOf(ip: string | null): string {
  return ip ?? "unknown";
}

type Refuse = (sentence: string) => Promise<never>;

function refusal(deps: LinkDeps, { user_id, backup_id }: LinkClaims, email: string | undefined, ip: string | null): Refuse {
  return async (sentence) => {
    const actor = { user_id: email === undefined ? null : user_id, email: email ?? "a download link", ip };
    await recordAudit(deps.db, { actor, action: "link.use", object: { type: "backup", id: backup_id }, outcome: "refused", detail: { reason: sentence } });
    throw new SafebaseError("gone", sentence, { hint: "ask for another: POST /api/backups/{id}/link" });
  };
}
