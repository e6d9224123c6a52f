import { LOCAL_STORAGE, type Warning } from "@safebase/contracts";
import type { Config } from "@safebase/runtime";
import type { DatabaseView } from "./view.ts";

/** What somebody who registers a database should know of where its backups go. */
export function warningsOf({ executor_group: own }: Pick<Config, "executor_group">, { executor_group, effective_storages }: DatabaseView): Warning[] {
  if (executor_group === own || effective_storages.some((name) => name !== LOCAL_STORAGE)) return [];
  return [{
    code: "local_of_the_group",
    message: `backups in the storage local stay on the machine of an executor of the group ${executor_group}: they cannot be downloaded, checked or restored from elsewhere, and are lost with that machine; choose a storage of type s3 or sftp as well`,
  }];
}
