import { randomInt } from "node:crypto";
import { hashPassword } from "../auth/passwords.ts";
import type { Core } from "../jobs/deps.ts";

const LIFE_DAYS = 7;
/** Nobody confuses these when he reads them out or types them. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const GROUPS = 4, GROUP_LETTERS = 5;

export interface GivenPassword { readonly password: string; readonly password_hash: string; readonly expires_at: string }

/** A password to hand to somebody: it gets him in once, to choose his own, and for a week at most. */
export async function givePassword(core: Pick<Core, "now">): Promise<GivenPassword> {
  const group = (): string => Array.from({ length: GROUP_LETTERS }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  const password = Array.from({ length: GROUPS }, group).join("-");
  const expires_at = new Date(core.now().getTime() + LIFE_DAYS * 86_400_000).toISOString();
  return { password, password_hash: await hashPassword(password), expires_at };
}
