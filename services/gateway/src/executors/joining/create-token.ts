import { recordAudit } from "../../audit/record.ts";
import { addGroup } from "../../catalog/executor-groups.ts";
import { insertJoinToken, type JoinToken } from "../../catalog/join-tokens.ts";
import type { Actor, Core } from "../../jobs/deps.ts";
import { joiningMeans } from "./means.ts";
import { newJoinToken } from "./token.ts";

export interface JoinTokenOrder { readonly group: string; readonly ttl_s: number; /** Where the machine that joins reaches this gateway; refuses when that is not known. */ readonly base: () => URL }

/** What is shown of a join token, once: it is kept nowhere. */
export interface MadeJoinToken { readonly join_token: string; readonly command: string; readonly row: JoinToken }

/** Makes a token with which one machine joins a group, which is made with it if need be. The command asks for the token: it stands in no list of processes. */
export async function createJoinToken(deps: Core, actor: Actor, { group, ttl_s, base }: JoinTokenOrder): Promise<MadeJoinToken> {
  joiningMeans(deps.config);
  const url = base().href.replace(/\/$/, "");
  const now = deps.now();
  const expires_at = new Date(now.getTime() + ttl_s * 1000).toISOString();
  const { token, token_hash } = newJoinToken();
  const row = await deps.db.transaction().execute(async (tx) => {
    if (group !== deps.config.executor_group) await addGroup(tx, group, now.toISOString());
    const made = await insertJoinToken(tx, { token_hash, executor_group: group, user_id: actor.user_id, created_at: now.toISOString(), expires_at });
    await recordAudit(tx, { actor, action: "executor.create_join_token", object: { type: "join_token", id: made.id }, detail: { group, expires_at } });
    return made;
  });
  return { join_token: token, command: `safebase join ${url} --into safebase-${group}`, row };
}
