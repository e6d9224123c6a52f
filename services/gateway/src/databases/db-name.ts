import { SafebaseError, type EngineType } from "@safebase/contracts";

const MAX: Record<EngineType, { readonly length: number; readonly unit: "bytes" | "characters" }> = {
  postgresql: { length: 63, unit: "bytes" }, // NAMEDATALEN; a longer one would be cut, and name another database
  mysql: { length: 64, unit: "characters" },
  mariadb: { length: 64, unit: "characters" },
};

/** Refuses a name that no database of this engine can have. `field` is what the user calls it. */
export function checkDbName(field: string, type: EngineType, name: string): void {
  const { length, unit } = MAX[type];
  const size = unit === "bytes" ? Buffer.byteLength(name) : Array.from(name).length;
  if (size < 1 || size > length) throw new SafebaseError("bad_request", `${field} must have 1 to ${length} ${unit}`);
  if (name.includes("\0")) throw new SafebaseError("bad_request", `${field} may not hold zero bytes`);
  // Identifiers are utf8mb3 in both: such a database cannot be made.
  if (type !== "postgresql" && /[\u{10000}-\u{10ffff}]/u.test(name)) {
    throw new SafebaseError("bad_request", `${field} may not hold 4-byte characters such as emoji: ${type} knows no such name`);
  }
}
