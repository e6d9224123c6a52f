import { SafebaseError } from "@safebase/contracts";
import { z } from "zod";

/** Every storage there is; the first is the default. */
const KNOWN: readonly string[] = ["local"];

/** As the catalog holds them. Throws `bad_request` for one that is not there. */
export function storagesColumn(storages: readonly string[]): string {
  const unknown = storages.find((storage) => !KNOWN.includes(storage));
  if (unknown !== undefined) throw new SafebaseError("bad_request", `storages: unknown storage: ${unknown}`, { hint: `known is ${KNOWN.join(", ")}` });
  return JSON.stringify([...new Set(storages)]);
}

export function storagesOf(json: string | null): string[] {
  return json === null ? KNOWN.slice(0, 1) : z.array(z.string()).parse(JSON.parse(json));
}
