import { createHash, randomBytes } from "node:crypto";

/** Told apart from an API token, and found by those who look for leaked ones. */
const PREFIX = "sbj_";
const RANDOM_BYTES = 32;

/** A new join token, and its hash, which alone is kept. */
export function newJoinToken(): { token: string; token_hash: string } {
  const token = PREFIX + randomBytes(RANDOM_BYTES).toString("base64url");
  return { token, token_hash: hashOfJoinToken(token) };
}

/** Under which the catalog finds it: how long that takes says nothing of the token. */
export function hashOfJoinToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
