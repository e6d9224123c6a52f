import { join } from "node:path";
import { LOCAL_STORAGE } from "@safebase/contracts";
import { storagesForAll } from "../catalog/storages-for-all.ts";
import type { Core } from "../jobs/deps.ts";

/** A storage that holds copies of the catalog, and where it leads, without secrets. */
export interface Place { readonly name: string; readonly type: string; readonly target: string }

/** Where copies of the catalog go. The local storage is this machine's. */
export async function placesForAll({ db, config }: Pick<Core, "db" | "config">): Promise<Place[]> {
  return (await storagesForAll(db)).map(({ name, type, target }) => ({ name, type, target: name === LOCAL_STORAGE ? join(config.data_dir, "artifacts") : target }));
}
