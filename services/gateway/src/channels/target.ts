import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { SafebaseError, type ChannelConfig, type Warning } from "@safebase/contracts";
import { checkTarget } from "@safebase/runtime";

/**
 * Refuses a config that leads where a channel must not. A host that cannot be found is a warning only, for it may be
 * known where the notifier stands; one that is down is not looked for: its channel fails visibly.
 */
export async function checkTargets(config: ChannelConfig, allowed: readonly string[]): Promise<Warning[]> {
  const warnings: Warning[] = [];
  for (const [field, address] of addressesOf(config)) {
    const host = URL.canParse(address) ? new URL(address).hostname : "";
    if (host === "") throw new SafebaseError("bad_request", `config.${field} must be an address with a host`);
    await checkTarget(address, allowed).catch((error: unknown) => { throw named(field, error); });
    if (!allowed.some((each) => each.toLowerCase() === host.toLowerCase()) && !await isFound(host.replace(/^\[|\]$/g, ""))) {
      warnings.push({ code: "unreachable", message: `config.${field}: the host ${host} cannot be found from here; a test shows whether the notifier finds it` });
    }
  }
  return warnings;
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

async function isFound(host: string): Promise<boolean> {
  return isIP(host) !== 0 || lookup(host).then(() => true, () => false);
}
