import { isIP } from "node:net";
import { SafebaseError } from "@safebase/contracts";
import type { Config } from "@safebase/runtime";
import type { Ctx } from "./context.ts";

/** Names of the machine that a client itself runs on: they lead to nobody else. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * The address at which others reach this gateway, to build links on: SAFEBASE_PUBLIC_URL. Without it the one that was
 * asked for, if it is this machine's own. Any other Host header may have been made up, and a link with a token must not
 * lead to whoever did so.
 */
export function publicBase(c: Ctx, config: Pick<Config, "public_url" | "host">): URL {
  if (config.public_url !== undefined) return new URL(config.public_url.replace(/\/*$/, "/"));
  const asked = parse(c.req.header("host"));
  if (asked !== undefined && (LOOPBACK.test(asked.hostname) || isOurs(c, config, asked))) return asked;
  throw new SafebaseError("conflict", "it is not known at which address others reach SafeBase", { hint: "set SAFEBASE_PUBLIC_URL to it" });
}

function parse(host: string | undefined): URL | undefined {
  if (host === undefined || !/^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/.test(host)) return undefined;
  return URL.canParse(`http://${host}/`) ? new URL(`http://${host}/`) : undefined;
}

/** The address and port that the connection came to, or the name that we were told to listen at. */
function isOurs(c: Ctx, config: Pick<Config, "host">, asked: URL): boolean {
  const { localAddress, localPort } = c.env?.incoming?.socket ?? {};
  if (localAddress === undefined || Number(asked.port || 80) !== localPort) return false;
  const name = asked.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  return isIP(name) === 0 ? name === config.host.toLowerCase() : name === localAddress.replace(/^::ffff:(?=\d+\.)/, "");
}
