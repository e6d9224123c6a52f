import { z } from "zod";
import { defaultCollation } from "./inspect.ts";
import type { Session } from "./session.ts";

/** What a restore must know of the source before it empties its target; part of the manifest. */
export const SourceFacts = z.object({
  /** The database's own: routines and columns without one take it when they are made, and no dump names it. */
  default_collation: z.string(),
  /** Of views, routines, triggers and events, as `user@host`. */
  definers: z.array(z.string()),
  triggers: z.int(),
  functions: z.int(),
  /** Neither DETERMINISTIC nor NO SQL nor READS SQL DATA: servers with a binary log take them only when told to. */
  unsafe_functions: z.int(),
}).partial();
export type SourceFacts = z.infer<typeof SourceFacts>;

/** Reads them, as far as this user may see. */
export async function readSourceFacts(session: Session, db_name: string): Promise<SourceFacts> {
  const definers = await session.rows(
    `SELECT DEFINER AS definer FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ?
     UNION SELECT DEFINER FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?
     UNION SELECT DEFINER FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?
     UNION SELECT DEFINER FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?`, [db_name, db_name, db_name, db_name]);
  const [counts] = await session.rows(
    `SELECT (SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?) AS triggers, COUNT(*) AS functions,
       COALESCE(SUM(IS_DETERMINISTIC = 'NO' AND SQL_DATA_ACCESS IN ('CONTAINS SQL', 'MODIFIES SQL DATA')), 0) AS unsafe_functions
     FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ? AND ROUTINE_TYPE = 'FUNCTION'`, [db_name, db_name]);
  const default_collation = await defaultCollation(session, db_name);
  return {
    ...(default_collation === undefined ? {} : { default_collation }),
    definers: definers.map((row) => String(row["definer"])),
    triggers: Number(counts?.["triggers"]), functions: Number(counts?.["functions"]), unsafe_functions: Number(counts?.["unsafe_functions"]),
  };
}
