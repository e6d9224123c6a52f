import * as catalog from "../catalog/api-tokens.ts";
import type { ApiToken } from "../catalog/schema.ts";
import type { Actor, Core } from "../jobs/deps.ts";

/** One's API tokens, or everybody's, the oldest first; not the tokens themselves, which nobody knows. */
export async function listApiTokens(deps: Core, actor: Actor): Promise<ApiToken[]> {
  return catalog.listApiTokens(deps.db, actor.scope);
}
