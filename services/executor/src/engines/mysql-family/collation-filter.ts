import { SafebaseError } from "@safebase/contracts";
import { quoteName } from "./names.ts";

/**
 * Both dump programs switch the database's collation around each trigger, routine and event that was made under another
 * one, and they name the source in it: ``ALTER DATABASE `source` CHARACTER SET … COLLATE … ;``. Loaded under another
 * name, that changes the source, or fails where there is none. Without a name it means the database that is loaded.
 *
 * A trigger's or routine's text may hold such a line, too. So it is rewritten only where the programs write it: right
 * before the line that saves the character set, or right after the one that restores the collation. Rows never span lines.
 */
export function renameCollationSwitches(source: string): readonly string[] {
  if (/[\n\r]/.test(source)) {
    throw new SafebaseError("bad_request", "the name of the database that was backed up holds a line break: such a backup is restored under the same name only");
  }
  const name = quoteName(source).replace(/[\\.*[^$/]/g, "\\$&");
  const start = `^ALTER DATABASE ${name} `;
  const rest = "CHARACTER SET [0-9a-z_]\\{1,\\} COLLATE [0-9a-z_]\\{1,\\} ;\\{1,2\\}";
  const save = "\\/\\*!50003 SET @saved_cs_client      = @@character_set_client \\*\\/ ;\\{1,2\\}";
  const restore = "^\\/\\*!50003 SET collation_connection  = @saved_col_connection \\*\\/ ;\\{1,2\\}$";
  return [
    "-e", `/${restore}/{n;s/${start}\\(${rest}\\)$/ALTER DATABASE \\1/;}`,
    "-e", `/${start}${rest}$/{$!N;s/${start}\\(${rest}\\n${save}\\)$/ALTER DATABASE \\1/;P;D;}`,
  ];
}
