import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compressStages, type Stage } from "@safebase/artifact";
import { SafebaseError } from "@safebase/contracts";
import { serverVersion } from "../catalog/ping.ts";
import { copyFile } from "../catalog/sqlite.ts";
import { findPgProgram } from "../download/pg-program.ts";
import type { Core } from "../jobs/deps.ts";

/** What writes the whole catalog, compressed, to stdout; and what its file's name ends with. */
export interface CatalogDump { readonly stages: readonly Stage[]; readonly extension: string }

/** One consistent state of the catalog. `dir`, a folder for this alone, holds what the programs read. */
export async function prepareCatalogDump({ db, config }: Pick<Core, "db" | "config">, dir: string): Promise<CatalogDump> {
  const url = config.catalog_url;
  return url.startsWith("sqlite:") ? ofSqlite(url.slice("sqlite:".length), dir) : ofPostgres(db, config.client_dirs, url, dir);
}

async function ofSqlite(path: string, dir: string): Promise<CatalogDump> {
  if (path === ":memory:") throw new SafebaseError("conflict", "a catalog in memory cannot be backed up", { hint: "start with a catalog in a file or in PostgreSQL: SAFEBASE_CATALOG_URL" });
  const copy = join(dir, "catalog.db");
  await writeFile(copy, "", { mode: 0o600 });
  await copyFile(path, copy);
  return { stages: [{ program: "zstd", args: ["-3", "--check", "-q", "-c", copy], package: "zstd" }], extension: ".sqlite.zst" };
}

async function ofPostgres(db: Core["db"], client_dirs: readonly string[], catalog_url: string, dir: string): Promise<CatalogDump> {
  const url = new URL(catalog_url);
  const password = decodeURIComponent(url.password) || url.searchParams.get("password") || "";
  url.password = "";
  for (const name of ["password", "uselibpqcompat"]) url.searchParams.delete(name);
  const passfile = join(dir, "pgpass");
  await writeFile(passfile, `*:*:*:*:${password.replaceAll(/[\\:]/g, "\\$&")}\n`, { mode: 0o600 });
  const dump: Stage = {
    program: await findPgProgram("pg_dump", client_dirs, await serverVersion(db)), args: ["--format=custom", "--compress=0", "--no-password", `--dbname=${url.href}`],
    env: { PGPASSFILE: passfile, PGAPPNAME: "safebase-gateway", PGCONNECT_TIMEOUT: "15" }, package: "postgresql-client",
  };
  return { stages: [dump, ...compressStages("zstd")], extension: ".dump.zst" };
}
