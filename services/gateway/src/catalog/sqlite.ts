import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { backup, DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { SqliteAdapter, SqliteDialect, type DialectAdapter, type SqliteDatabase, type SqliteStatement } from "kysely";

const STATEMENTS_KEPT = 200;

/** Kysely's SQLite dialect on node:sqlite. The file is readable by its owner alone: it holds sealed passwords. */
export class NodeSqliteDialect extends SqliteDialect {
  constructor(path: string) {
    super({ database: async () => openFile(path) });
  }

  override createAdapter(): DialectAdapter {
    return new TransactionalAdapter();
  }
}

/** Migrations run in one transaction, which SQLite can: a second process waits for it and finds nothing to do. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean { return true; }
}

function openFile(path: string): SqliteDatabase {
  const inMemory = path === ":memory:";
  if (!inMemory) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, "a", 0o600));
    chmodSync(path, 0o600); // its -wal and -shm files are made with the same mode
  }
  const db = new DatabaseSync(path, { timeout: 10_000, enableForeignKeyConstraints: true });
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  return adapt(db);
}

/** Copies a catalog's file in one consistent state while others write to it. */
export async function copyFile(path: string, to: string): Promise<void> {
  const source = new DatabaseSync(resolve(path), { readOnly: true, timeout: 10_000 });
  try {
    await backup(source, to);
  } finally {
    source.close();
  }
}

/** The shape that Kysely expects, with statements prepared once. Only one query runs at a time, so they can be shared. */
function adapt(db: DatabaseSync): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>();
  return {
    close: () => { kept.clear(); db.close(); },
    prepare: (text) => {
      // Takes the write lock at once: a deferred transaction that reads first fails when another process wrote meanwhile.
      const sql = text === "begin" ? "begin immediate" : text;
      const known = kept.get(sql);
      if (known !== undefined) return known;
      const statement = wrap(db.prepare(sql));
      if (kept.size >= STATEMENTS_KEPT) kept.clear();
      kept.set(sql, statement);
      return statement;
    },
  };
}

function wrap(statement: StatementSync): SqliteStatement {
  const values = (parameters: readonly unknown[]): SQLInputValue[] => parameters as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
