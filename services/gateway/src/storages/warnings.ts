import type { Warning } from "@safebase/contracts";
import type { CheckedStorageConfig } from "@safebase/storage";

/** What somebody who sets up a storage should know of it. */
export function warningsOf(config: CheckedStorageConfig): Warning[] {
  if (config.type === "s3" && config.endpoint?.startsWith("http:") === true) {
    return [{ code: "not_encrypted_in_transit", message: "config.endpoint begins with http://: whoever is on the way can read backups that are not encrypted" }];
  }
  if (config.type === "local") {
    return [{ code: "folder_of_each_machine", message: "each executor has a folder of that path on its own machine; it is one storage only where all of them, and the gateway, mount the same" }];
  }
  return [];
}
