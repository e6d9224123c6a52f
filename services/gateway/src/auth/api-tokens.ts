import { createHash, randomBytes } from "node:crypto";
import { SafebaseError } from "@safebase/contracts";
import { apiTokenOf, noteApiTokenUse } from "../catalog/api-tokens.ts";
import type { ApiToken } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { countWrongToken } from "./throttle.ts";
import { TOKEN_LIFE_S, type TokenClaims } from "./tokens.ts";

/** Told apart from a session's token, and found by those who look for leaked ones. */
export const API_TOKEN_PREFIX = "sbt_";
const RANDOM_BYTES = 32;
const NOTED_EVERY_MS = 60_000;

/** A new token, and its hash, which alone is kept. It is as long as a key: no salt, no slow hash is needed. */
export function newApiToken(): { token: string; token_hash: string } {
  const token = API_TOKEN_PREFIX + randomBytes(RANDOM_BYTES).toString("base64url");
  return { token, token_hash: hashOf(token) };
}

/** Whose API token this is. One that is none is `unauthorized`, and counted; too many from one address are throttled. */
export async function readApiToken(db: Db, token: string, ip: string | null): Promise<TokenClaims> {
  const row = await apiTokenOf(db, hashOf(token));
  const now = new Date();
  if (row === undefined) {
    await countWrongToken(db, ip);
    throw new SafebaseError("unauthorized", "the API token is not valid", { hint: "it may have been revoked: make another at POST /api/tokens" });
  }
  if (row.expires_at !== null && row.expires_at <= now.toISOString()) {
    throw new SafebaseError("unauthorized", `the API token ${JSON.stringify(row.name)} has expired`, { hint: "make another at POST /api/tokens" });
  }
  if (isNews(row, ip, now)) await noteApiTokenUse(db, row.id, { at: now.toISOString(), ip });
  return { user_id: row.user_id, jti: `${API_TOKEN_PREFIX}${row.id}`, api_token_id: row.id, rights: row.rights, expires_at: endOf(row, now) };
}

/** Not each request is written down: the last minute tells the same. */
function isNews({ last_used_at, last_used_ip }: ApiToken, ip: string | null, now: Date): boolean {
  return last_used_at === null || last_used_ip !== ip || now.getTime() - Date.parse(last_used_at) >= NOTED_EVERY_MS;
}

/** What hangs on one request ends with the token, and after a session's time at most. */
function endOf({ expires_at }: ApiToken, now: Date): Date {
  const latest_ms = now.getTime() + TOKEN_LIFE_S * 1000;
  return new Date(expires_at === null ? latest_ms : Math.min(latest_ms, Date.parse(expires_at)));
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
