import * as catalog from "../catalog/servers.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { serverView, type ServerView } from "./view.ts";

export async function listServers(deps: Pick<Core, "db">, actor: Pick<Actor, "scope">): Promise<ServerView[]> {
  return (await catalog.listServers(deps.db, actor.scope)).map(serverView);
}
