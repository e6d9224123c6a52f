import type { ConnectionOptions } from "@nats-io/transport-node";
import { ConfigError } from "./config.ts";

/**
 * What the client needs for `nats://host:port`, `nats://token@host` or `nats://user:password@host`, several with commas
 * between them; `tls://` insists on TLS. The client itself passes over credentials in an address.
 */
export function parseNatsUrl(text: string): Pick<ConnectionOptions, "servers" | "token" | "user" | "pass" | "tls"> {
  const urls = text.split(",").map(parseOne);
  const { username = "", password = "" } = urls.find((url) => url.username !== "") ?? {};
  const [name, secret] = [decodeURIComponent(username), decodeURIComponent(password)];
  return {
    servers: urls.map((url) => url.host),
    ...(name === "" ? {} : secret === "" ? { token: name } : { user: name, pass: secret }),
    ...(urls.some((url) => url.protocol === "tls:") ? { tls: {} } : {}),
  };
}

function parseOne(text: string): URL {
  const url = URL.parse(text.trim());
  if (url === null || !["nats:", "tls:"].includes(url.protocol) || url.host === "") {
    throw new ConfigError("SAFEBASE_NATS_URL: must be nats://host:port or tls://host:port"); // it may hold a password: not repeated
  }
  return url;
}
