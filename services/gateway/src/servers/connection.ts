import { SafebaseError } from "@safebase/contracts";
import type { Server } from "../catalog/schema.ts";
import { parseServerUrl } from "../databases/connection-url.ts";
import { plainServer, sealConnection, type PlainServer, type ServerFields } from "../databases/input.ts";
import { requirePasswordAgain } from "../databases/moved.ts";
import type { Core } from "../jobs/deps.ts";

/** A server by its fields, or by a connection string without a database. */
export type ServerConnection = ServerFields | { readonly url: string };

/** Any of the fields but the type; `url` stands for all of a connection string's. */
export type ServerConnectionChange = { readonly [Field in Exclude<keyof ServerFields, "type">]?: ServerFields[Field] | undefined } & { readonly url?: string | undefined };

export function plainServerOf(input: ServerConnection): PlainServer {
  return plainServer("url" in input ? parseServerUrl(input.url) : input);
}

/** The columns to change; none when nothing was given. The password goes nowhere its owner did not send it. */
export function connectionChange(deps: Pick<Core, "secrets">, before: Server, { url, ...fields }: ServerConnectionChange): Partial<Server> {
  const given = Object.fromEntries(Object.entries(url === undefined ? fields : urlFields(before, url)).filter(([, value]) => value !== undefined)) as Partial<ServerFields>;
  if (Object.keys(given).length === 0) return {};
  const plain = plainServer({ type: before.type, host: before.host, port: before.port, username: before.username, ssl_mode: before.ssl_mode, ssl_ca: before.ssl_ca, ...given });
  const passwordGiven = "password" in given;
  requirePasswordAgain(before, plain, passwordGiven);
  const { password_sealed, type: _, ...place } = sealConnection(deps.secrets, plain);
  return passwordGiven ? { ...place, password_sealed } : place;
}

/** A connection string without a password keeps the stored one where that may stay. */
function urlFields(before: Server, url: string): Partial<ServerFields> {
  const { type, password, ...fields } = parseServerUrl(url);
  if (type !== before.type) throw new SafebaseError("bad_request", `the server's type is ${before.type} and stays it`, { hint: "register another server" });
  return password === null ? fields : { ...fields, password };
}
