import { randomUUID } from "node:crypto";
import { SafebaseError } from "@safebase/contracts";
import type { Secrets } from "@safebase/runtime";
import { sign, verify } from "hono/jwt";
import { z } from "zod";
import type { Right } from "./rights.ts";
import type { User } from "../catalog/schema.ts";

export const TOKEN_LIFE_S = 24 * 3600;
const ALGORITHM = "HS256";

const Claims = z.object({ sub: z.string().regex(/^\d+$/), role: z.string(), jti: z.string().min(1), ended: z.int().default(0), iat: z.number(), exp: z.number() });

/**
 * What a token says that we made and that has not expired. A session's holds while its account has ended all sessions as
 * often as when it was made; an API token's has an `api_token_id` instead.
 */
export type TokenClaims = { readonly user_id: number; readonly jti: string; readonly expires_at: Date }
  & ({ readonly api_token_id: null; readonly sessions_ended: number } | { readonly api_token_id: number; readonly rights: Right });

/** A signed token of the user. Its role is for the client to show; ours is read from the catalog at each request. */
export async function issueToken(secrets: Secrets, user: Pick<User, "id" | "role" | "sessions_ended">): Promise<string> {
  const now_s = Math.floor(Date.now() / 1000);
  return sign({ sub: String(user.id), role: user.role, jti: randomUUID(), ended: user.sessions_ended, iat: now_s, exp: now_s + TOKEN_LIFE_S }, keyOf(secrets), ALGORITHM);
}

/** The claims of a token; anything else than one of ours that still holds is `unauthorized`. */
export async function readToken(secrets: Secrets, token: string): Promise<TokenClaims> {
  try {
    const claims = Claims.parse(await verify(token, keyOf(secrets), ALGORITHM));
    return { user_id: Number(claims.sub), jti: claims.jti, api_token_id: null, sessions_ended: claims.ended, expires_at: new Date(claims.exp * 1000) };
  } catch (cause) {
    const expired = cause instanceof Error && cause.name === "JwtTokenExpired";
    throw new SafebaseError("unauthorized", expired ? "the token has expired" : "the token is not valid", { hint: "log in again at POST /auth/login", cause });
  }
}

function keyOf(secrets: Secrets): string {
  return secrets.derive("jwt").toString("base64url");
}
