import { z } from "zod";
import { SealedConnection } from "./database.ts";
import { Failure } from "./events.ts";

/** Asked of one executor of a group: which databases are on a server. `connection.db_name` plays no part. */
export const ServerRequest = z.object({ connection: SealedConnection, /** Takes a while where there are many tables. */ sizes: z.boolean() });
export type ServerRequest = z.infer<typeof ServerRequest>;

/** The server's own, such as `postgres` or `mysql`; what SafeBase itself made for a restore or a test; or anything else. */
export const STANDINGS = ["user", "system", "safebase"] as const;

/** A database that is on a server. */
export const ListedDatabase = z.object({
  name: z.string(),
  standing: z.enum(STANDINGS),
  /** May this user connect to it, and is there something in it to back up? */
  can_connect: z.boolean(),
  size_bytes: z.number().nullable(),
});
export type ListedDatabase = z.infer<typeof ListedDatabase>;

export const ServerReport = z.object({ server: z.string(), server_version: z.string(), databases: z.array(ListedDatabase) });
export type ServerReport = z.infer<typeof ServerReport>;

export const ServerReply = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), report: ServerReport }),
  z.object({ ok: z.literal(false), failure: Failure }),
]);
export type ServerReply = z.infer<typeof ServerReply>;
