import { sql, type Kysely, type RawBuilder, type SqlBool } from "kysely";
import type { Catalog } from "./schema.ts";

/** The catalog itself or a transaction on it. */
export type Db = Kysely<Catalog>;

/** Whose things a query may see. Asked for by every query that reads something owned, so that no check is forgotten. */
export type Scope = { readonly user_id: number } | "all";

/** The same for what is nobody's where it concerns the whole installation: `users` has none of that. */
export type Hearing = Scope | "users";

/** The condition that keeps rows of others out. `column` is the owner's, such as "backups.user_id". */
export function ownedBy(column: string, scope: Hearing): RawBuilder<SqlBool> {
  if (scope === "users") return sql<SqlBool>`${sql.ref(column)} is not null`;
  return scope === "all" ? sql<SqlBool>`1 = 1` : sql<SqlBool>`${sql.ref(column)} = ${scope.user_id}`;
}

/** The same where another index than the owner's answers best: the plus keeps SQLite from that one. */
export function alsoOwnedBy(column: string, scope: Scope): RawBuilder<SqlBool> {
  return scope === "all" ? sql<SqlBool>`1 = 1` : sql<SqlBool>`+${sql.ref(column)} = ${scope.user_id}`;
}
