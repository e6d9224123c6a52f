import * as catalog from "../../catalog/join-tokens.ts";
import type { JoinToken } from "../../catalog/join-tokens.ts";
import type { Actor, Core } from "../../jobs/deps.ts";

/** One's join tokens, or everybody's, the newest first, with who has joined by them; not the tokens themselves. */
export async function listJoinTokens(deps: Core, actor: Actor): Promise<JoinToken[]> {
  return catalog.listJoinTokens(deps.db, actor.scope);
}
