import { api, ask } from "../../api/client.ts";
import type { Database, Key, Storage } from "../../api/types.ts";

/** What encrypts its next backups with a key. */
export interface Use { readonly databases: readonly Database[]; readonly storages: readonly Storage[]; readonly servers: readonly { readonly id: number; readonly name: string }[] }

/** Every key, with what it is used for. */
export async function loadKeys(): Promise<{ key: Key; use: Use }[]> {
  const [{ keys }, { databases }, { storages }, { servers }] = await Promise.all([
    ask(api.keys.$get({ query: {} })), ask(api.databases.$get({ query: {} })), ask(api.storages.$get({ query: {} })), ask(api.servers.$get({ query: {} })),
  ]);
  return keys.map((key) => {
    const uses = <T extends { encryption_key_id: number | null }>(all: readonly T[]): T[] => all.filter(({ encryption_key_id }) => encryption_key_id === key.id);
    return { key, use: { databases: uses(databases), storages: uses(storages), servers: uses(servers) } };
  });
}

/** Sets everything that uses the old key to the new one and retires the old: what it encrypted is opened as before. */
export async function replaceKey(old: Key, use: Use, encryption_key_id: number): Promise<void> {
  const set = (id: number) => ({ param: { id: String(id) }, query: {}, json: { encryption_key_id } });
  for (const { id } of use.databases) await ask(api.databases[":id"].$put(set(id)));
  for (const { id } of use.storages) await ask(api.storages[":id"].$put(set(id)));
  for (const { id } of use.servers) await ask(api.servers[":id"].$put(set(id)));
  await ask(api.keys[":id"].$put({ param: { id: String(old.id) }, query: {}, json: { retired: true } }));
}
