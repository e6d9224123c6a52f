import { realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { askVersion } from "./ask-version.ts";
import { CLIENT_PROGRAMS, type Client, type ClientProgram, parseVersion } from "./client.ts";
import { clientFolders } from "./folders.ts";

/** A program that did not answer is asked again after this time: the machine may just have been busy. */
const RETRY_SILENT_MS = 60_000;

interface Answer { readonly stamp: string; readonly asked_at_ms: number; readonly output: Promise<string | undefined> }
const answers = new Map<string, Answer>();

/**
 * Every native client that is installed here, each file once: the given folders first, then the usual ones. Programs
 * that hang, fail or are something else are left out. Versions are remembered until the file changes.
 */
export async function discoverClients(client_dirs: readonly string[] = []): Promise<Client[]> {
  const folders = await clientFolders(client_dirs);
  const places = folders.flatMap((folder) => CLIENT_PROGRAMS.map((program) => ({ program, path: join(folder, program) })));
  const found = await Promise.all(places.map(({ program, path }) => inspect(program, path)));
  return eachFileOnce(found.filter((place) => place !== undefined));
}

/** A client and the file that its path leads to. */
interface Place { readonly client: Client; readonly target: string }

/** Debian's `mysqldump` is a link to `mariadb-dump`, and `/bin` one to `/usr/bin`: of one file, the place of its own name stays. */
function eachFileOnce(places: readonly Place[]): Client[] {
  const byFile = Map.groupBy(places, ({ client, target }) => `${useOf(client.program)} ${target}`);
  return [...byFile.values()].map((same) => {
    const real = same.find(({ client, target }) => client.program === basename(target));
    return (real ?? same[0]!).client;
  });
}

/** What a program is for, whichever of the family's names it has: one file may serve several uses. */
const useOf = (program: ClientProgram): string => program.replace("mariadb-dump", "mysqldump").replace("mariadb", "mysql");

async function inspect(program: ClientProgram, path: string): Promise<Place | undefined> {
  const file = await fileAt(path);
  if (file === undefined) return undefined;
  const output = await remembered(path, file.stamp);
  const version = output === undefined ? undefined : parseVersion(output);
  if (version === undefined || (version.flavour === "postgresql") !== /^(pg_|psql)/.test(program)) return undefined;
  return { client: { program, path, ...version }, target: file.target };
}

/** The file and a stamp that changes whenever it does; undefined where none is. Debian's pg_wrapper only leads to the real ones. */
async function fileAt(path: string): Promise<{ target: string; stamp: string } | undefined> {
  try {
    const target = await realpath(path);
    if (basename(target) === "pg_wrapper") return undefined;
    const file = await stat(target);
    return file.isFile() ? { target, stamp: `${target}:${file.ino}:${file.size}:${file.mtimeMs}` } : undefined;
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EACCES", "ELOOP"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

async function remembered(path: string, stamp: string): Promise<string | undefined> {
  const known = answers.get(path);
  if (known !== undefined && known.stamp === stamp) {
    const output = await known.output;
    if (output !== undefined || Date.now() - known.asked_at_ms < RETRY_SILENT_MS) return output;
  }
  const output = askVersion(path);
  answers.set(path, { stamp, asked_at_ms: Date.now(), output });
  return output;
}
