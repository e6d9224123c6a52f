import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { SafebaseError, type ChannelConfig } from "@safebase/contracts";
import { checkTarget } from "@safebase/runtime";

/**
 * Refuses a config that leads where a channel must not, or to a host that cannot be found. A host that is found may be
 * down: its channel fails visibly. Names in `allowed` need not be known here: the notifier may stand in another network.
 */
export async function checkTargets(config: ChannelConfig, allowed: readonly string[]): Promise<void> {
  for (const [field, address] of addressesOf(config)) {
    const host = URL.canParse(address) ? new URL(address).hostname : "";
    if (host === "") throw new SafebaseError("bad_request", `config.${field} must be an address with a host`);
    await checkTarget(address, allowed).catch((error: unknown) => { throw named(field, error); });
    if (!allowed.some((each) => each.toLowerCase() === host.toLowerCase())) await requireFound(field, host.replace(/^\[|\]$/g, ""));
  }
}

function addressesOf(config: ChannelConfig): [field: string, address: string][] {
  if (config.type === "telegram") return [["api_url", config.api_url]];
  if (config.type !== "email") return [["url", config.url]];
  return config.smtp_url === undefined ? [] : [["smtp_url", config.smtp_url]];
}

function named(field: string, error: unknown): unknown {
  if (!(error instanceof SafebaseError)) return error;
  return new SafebaseError(error.code, `config.${field}: ${error.message}`, { hint: error.hint, cause: error });
}

async function requireFound(field: string, host: string): Promise<void> {
  if (isIP(host) !== 0) return;
  await lookup(host).catch((cause: unknown) => {
    throw new SafebaseError("bad_request", `config.${field}: the host ${host} cannot be found`, { hint: "check its name", cause });
  });
}
