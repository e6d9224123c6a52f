import { isIP } from "node:net";
import type { LookupFunction } from "node:net";
import { promisify } from "node:util";

/** Resolves names for the sockets of storages like `dns.lookup`, and fails for addresses that must not be connected to. */
export type Lookup = LookupFunction;

/** Asks the lookup about an address that stands where a name could: sockets ask it about names only. */
export async function checkAddress(host: string, lookup: Lookup | undefined): Promise<void> {
  const address = host.replace(/^\[(.*)\]$/, "$1");
  if (lookup !== undefined && isIP(address) !== 0) await promisify(lookup)(address, { all: true });
}
