import { createHash, randomBytes } from "node:crypto";
import { DOWNLOAD_FORMS, type DownloadForm } from "@safebase/artifact";
import type { Secrets } from "@safebase/runtime";
import { sign, verify } from "hono/jwt";
import { z } from "zod";

const ALGORITHM = "HS256";
const ID_BYTES = 32;

const Claims = z.strictObject({ sub: z.string().regex(/^\d+$/), backup: z.int().positive(), form: z.enum(DOWNLOAD_FORMS), jti: z.string().min(1), exp: z.int() });

/** What a download link's token is bound to. */
export interface LinkClaims { readonly user_id: number; readonly backup_id: number; readonly form: DownloadForm; readonly id_hash: string; readonly expires_at: Date }

/** A signed token for one download, and the hash of its random id, under which the catalog knows it. */
export async function issueLinkToken(secrets: Secrets, link: Omit<LinkClaims, "id_hash">): Promise<{ token: string; id_hash: string }> {
  const jti = randomBytes(ID_BYTES).toString("base64url");
  const claims = { sub: String(link.user_id), backup: link.backup_id, form: link.form, jti, exp: link.expires_at.getTime() / 1000 };
  return { token: await sign(claims, keyOf(secrets), ALGORITHM), id_hash: hashOf(jti) };
}

/**
 * What a token says that we signed, expired or not; undefined for anything else. Why is not passed on: the library's
 * errors hold the token.
 */
export async function readLinkToken(secrets: Secrets, token: string): Promise<LinkClaims | undefined> {
  try {
    const { sub, backup, form, jti, exp } = Claims.parse(await verify(token, keyOf(secrets), { alg: ALGORITHM, exp: false }));
    return { user_id: Number(sub), backup_id: backup, form, id_hash: hashOf(jti), expires_at: new Date(exp * 1000) };
  } catch {
    return undefined; // see above
  }
}

function hashOf(jti: string): string {
  return createHash("sha256").update(jti).digest("hex");
}

/** A key of its own: a link's token is no session's, nor the other way round. */
function keyOf(secrets: Secrets): string {
  return secrets.derive("download link").toString("base64url");
}
