import { SafebaseError } from "@safebase/contracts";
import { chooseMysqlDump, discoverClients, type FamilyClient } from "../../clients/index.ts";
import type { EngineContext } from "../engine.ts";
import type { Session } from "./session.ts";

/** The program that dumps this database, when one is installed that writes what can be restored. */
export async function findDumpClient(session: Session, db_name: string, context: EngineContext): Promise<FamilyClient> {
  const choice = chooseMysqlDump(await discoverClients(context.client_dirs), session);
  if (choice.client.flavour !== session.flavour) await refuseGeneratedColumns(session, db_name, choice);
  return choice;
}

/** mariadb-dump writes values for MySQL's generated columns, exit 0, and MySQL refuses them when they are loaded. */
async function refuseGeneratedColumns(session: Session, db_name: string, { client }: FamilyClient): Promise<void> {
  const [row] = await session.rows(
    "SELECT TABLE_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND GENERATION_EXPRESSION <> '' ORDER BY 1 LIMIT 1", [db_name]);
  if (row === undefined) return;
  throw new SafebaseError("server_unsupported",
    `MariaDB's ${client.program} ${client.version} is the only client here for ${session.server}, and it cannot back up generated columns such as those of ${String(row["name"])}`,
    { hint: `Install MySQL's client programs ${session.version.split(".").slice(0, 2).join(".")} or newer where the executor runs.` });
}
