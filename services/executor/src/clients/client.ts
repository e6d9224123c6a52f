export const CLIENT_PROGRAMS = [
  "pg_dump", "pg_restore", "psql", "pg_dumpall", "mysqldump", "mysql", "mariadb-dump", "mariadb",
] as const;
export type ClientProgram = (typeof CLIENT_PROGRAMS)[number];

/** Whose program it is: Debian's `mysqldump` is MariaDB's, so the name says nothing. */
export type ClientFlavour = "postgresql" | "mysql" | "mariadb";

/** A native client that is installed here and answered `--version`. */
export interface Client {
  readonly program: ClientProgram;
  readonly path: string;
  readonly flavour: ClientFlavour;
  readonly version: string; // "15.18", "10.11.19", "9.7.0"
  readonly major: number;
}

/** What the output of `--version` says, undefined for anything that is no such client. */
export function parseVersion(output: string): Pick<Client, "flavour" | "version" | "major"> | undefined {
  const postgres = /\(PostgreSQL\) (\d+(?:\.\d+)*)/.exec(output)?.[1];
  if (postgres !== undefined) return { flavour: "postgresql", version: postgres, major: majorOf(postgres) };
  const mariadb = /(\d+\.\d+\.\d+)-MariaDB/i.exec(output)?.[1];
  if (mariadb !== undefined) return { flavour: "mariadb", version: mariadb, major: majorOf(mariadb) };
  // MySQL 5.7 puts the client library's version behind "Ver" and the product's behind "Distrib".
  const mysql = /\bDistrib (\d+\.\d+\.\d+)/.exec(output)?.[1] ?? /\bVer (\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (mysql !== undefined) return { flavour: "mysql", version: mysql, major: majorOf(mysql) };
  return undefined;
}

/** Orders versions by their numbers: negative when `a` is the older one. Missing parts count as 0. */
export function compareVersions(a: string, b: string): number {
  const left = numbers(a);
  const right = numbers(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The first number of a version: 15 of "15.18 (Debian 15.18-0+deb12u1)". */
export function majorOf(version: string): number {
  return numbers(version)[0] ?? 0;
}

function numbers(version: string): number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? "").split(".").filter(Boolean).map(Number);
}
