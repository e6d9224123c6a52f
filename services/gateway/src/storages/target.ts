import { isIP } from "node:net";
import { SafebaseError } from "@safebase/contracts";
import { checkTarget } from "@safebase/runtime";
import type { CheckedStorageConfig } from "@safebase/storage";

/** Refuses a config that leads where no storage must lie. Every connection checks again; a host that cannot be found is seen by a test. */
export async function checkTargets(config: CheckedStorageConfig, allowed: readonly string[]): Promise<void> {
  const [field, address] = addressOf(config) ?? [];
  if (field === undefined || address === undefined) return;
  if (!URL.canParse(address)) throw new SafebaseError("bad_request", `config.${field} must be a host name or an address`);
  await checkTarget(address, allowed).catch((error: unknown) => { throw named(field, error); });
}

function addressOf(config: CheckedStorageConfig): [field: string, address: string] | undefined {
  if (config.type === "sftp") return ["host", `http://${isIP(config.host) === 6 ? `[${config.host}]` : config.host}`];
  return config.type === "s3" && config.endpoint !== undefined ? ["endpoint", config.endpoint] : undefined;
}

function named(field: string, error: unknown): unknown {
  if (!(error instanceof SafebaseError)) return error;
  return new SafebaseError(error.code, `config.${field}: ${error.message}`, { hint: error.hint, cause: error });
}
