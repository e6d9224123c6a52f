import { listServers } from "../catalog/servers.ts";
import type { Core } from "../jobs/deps.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import { syncServer } from "./sync.ts";

/** So many are asked at once: one that does not answer takes half a minute. */
const AT_ONCE = 4;

/** Follows every server. One that cannot be followed holds up no other. */
export async function syncServers(core: Core, dispatcher: Pick<Dispatcher, "kick" | "schedulesChanged">): Promise<void> {
  const waiting = (await listServers(core.db, "all")).map(({ id }) => id);
  const work = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      await syncServer({ ...core, dispatcher }, id, {}).catch((err: unknown) => core.log.error({ err, server_id: id }, "what became of a server could not be recorded"));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
