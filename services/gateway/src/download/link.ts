import type { DownloadForm } from "@safebase/artifact";
import { recordAudit } from "../audit/record.ts";
import { issueLinkToken } from "../auth/link-tokens.ts";
import { insertLink } from "../catalog/download-links.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { openDownload, type DownloadDeps } from "./open.ts";

export interface LinkDeps extends DownloadDeps, Pick<Core, "secrets" | "now"> {}

export interface LinkOrder {
  readonly id: number;
  readonly form: DownloadForm;
  readonly expires_s: number;
  /** Where others reach this gateway; refuses when that is not known. */
  readonly base: () => URL;
}

/** What is shown of a link, once: its token is kept nowhere. */
export interface Link {
  readonly url: string;
  readonly expires_at: string;
  readonly filename: string;
  /** Of stored bytes; what is converted on the way has none before. */
  readonly size?: number;
  readonly sha256?: string;
  readonly curl: string;
}

/** Makes a link that downloads a backup once, without a login, on any host, until it expires. */
export async function createLink(deps: LinkDeps, actor: Actor, { id, form, expires_s, base }: LinkOrder): Promise<Link> {
  const { filename, stored } = await openDownload(deps, actor, { id, form });
  const url = new URL("download", base());
  const now = deps.now();
  const expires_at = new Date((Math.floor(now.getTime() / 1000) + expires_s) * 1000);
  const { token, id_hash } = await issueLinkToken(deps.secrets, { user_id: actor.user_id, backup_id: id, form, expires_at });
  await deps.db.transaction().execute(async (tx) => {
    const link = await insertLink(tx, {
      id_hash, user_id: actor.user_id, backup_id: id, form, created_at: now.toISOString(), created_ip: actor.ip, expires_at: expires_at.toISOString(),
    });
    await recordAudit(tx, { actor, action: "link.create", object: { type: "backup", id }, detail: { link_id: link.id, form, expires_at: link.expires_at } });
  });
  url.searchParams.set("token", token);
  return {
    url: url.href, expires_at: expires_at.toISOString(), filename, ...(stored === null ? {} : { size: stored.size_bytes, sha256: stored.sha256 }),
    curl: `curl -fL -o ${quoted(filename)} ${quoted(url.href)}`,
  };
}

/** One word of a POSIX shell, whatever it holds. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
