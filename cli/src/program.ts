import type { Environment } from "./access.ts";
import { addBackup } from "./commands/backup.ts";
import { addCleanUp } from "./commands/clean-up.ts";
import { addDatabases } from "./commands/databases.ts";
import { addDownload } from "./commands/download.ts";
import { addJoin } from "./commands/join.ts";
import { addKeeping } from "./commands/keep.ts";
import { addList } from "./commands/list.ts";
import { addLogin } from "./commands/login.ts";
import { addProofs } from "./commands/prove.ts";
import { addRestore } from "./commands/restore.ts";
import { addScan } from "./commands/scan.ts";
import { addSelfTest } from "./commands/self-test.ts";
import { addServers } from "./commands/servers.ts";
import { addShow } from "./commands/show.ts";
import { addStorages } from "./commands/storages.ts";
import { newRoot, type Root } from "./root.ts";
import type { Texts } from "./texts/texts.ts";
import { makeWorld } from "./world.ts";

/** `safebase` with all its commands, in the order of its help. */
export function makeProgram(env: Environment, t: Texts): Root {
  const root = newRoot(t);
  const world = () => makeWorld(env, t, root.opts().json === true);
  for (const add of [addLogin, addDatabases, addServers, addBackup, addList, addShow, addRestore, addDownload, addProofs, addKeeping, addCleanUp, addStorages, addScan, addJoin, addSelfTest]) add(root, world);
  return root;
}
