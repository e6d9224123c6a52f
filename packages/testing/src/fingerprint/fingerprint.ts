/** A table: how it is made, how many rows it has, and a sum over all of them. */
export interface TableFingerprint { definition: string[]; rows: number; checksum: string }

/**
 * All that a backup must bring back, as plain data: `expect(after).toEqual(before)` compares schema and every row.
 * A checksum is the sum of a SHA-256 over each row's canonical text, so the order of rows does not matter and
 * major versions agree.
 */
export interface Fingerprint {
  tables: Record<string, TableFingerprint>;
  views: Record<string, string>;
  triggers: Record<string, string>;
  routines: Record<string, string>;
  events: Record<string, string>;
  sequences: Record<string, string>;
  /** Types, comments, policies, rules, large objects: whatever else the engine has. */
  others: Record<string, string>;
}
