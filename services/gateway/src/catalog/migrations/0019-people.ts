import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Accounts that are disabled, passwords that somebody else gave out, logins, and API tokens that may less than their user. */
export const people: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const column of ["disabled_at", "password_expires_at", "last_login_at"]) {
      await db.schema.alterTable("users").addColumn(column, "text").execute();
    }
    await db.schema.alterTable("api_tokens").addColumn("rights", "text", (column) => column.notNull().defaultTo("administer")).execute();
  },
};
