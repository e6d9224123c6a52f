import type { EngineType } from "@safebase/contracts";

/** For whom, and on what: `server` is what the server calls itself, where it was heard ("MariaDB 10.11.6"). */
export interface ReaderWanted {
  readonly type: EngineType; readonly server: string | undefined; readonly db_name: string; readonly username: string; readonly password: string;
}

/** The SQL that makes a user who can read everything that a backup of this database needs, and change nothing. */
export function readOnlyUserSql(wanted: ReaderWanted): string {
  return (wanted.type === "postgresql" ? postgres(wanted) : mysqlFamily(wanted)).join("\n");
}

function postgres({ server, db_name, username, password }: ReaderWanted): string[] {
  const user = quoted('"', username);
  const [major = 14] = versionOf(server);
  return [
    `CREATE ROLE ${user} LOGIN PASSWORD ${text(password)};`,
    `GRANT CONNECT ON DATABASE ${quoted('"', db_name)} TO ${user};`,
    ...(major >= 14 ? [`GRANT pg_read_all_data TO ${user};`] : schemaBySchema(username)),
    ...eachOf("SELECT oid FROM pg_largeobject_metadata", "oid", [`GRANT SELECT ON LARGE OBJECT %s TO %I`], username),
    "DO $$ BEGIN", // rows that row-level security hides from a user are rows that his backup lacks
    "  IF EXISTS (SELECT FROM pg_class WHERE relrowsecurity) THEN",
    `    ALTER ROLE ${user} BYPASSRLS;`,
    "  END IF;",
    "END $$;",
  ];
}

/** Before 14 no role reads everything: what is there now, and what this administrator will make. */
function schemaBySchema(username: string): string[] {
  return eachOf("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'", "name", [
    "GRANT USAGE ON SCHEMA %I TO %I", "GRANT SELECT ON ALL TABLES IN SCHEMA %I TO %I", "GRANT SELECT ON ALL SEQUENCES IN SCHEMA %I TO %I",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT ON TABLES TO %I", "ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT ON SEQUENCES TO %I",
  ], username);
}

function eachOf(query: string, type: string, statements: readonly string[], username: string): string[] {
  return [
    `DO $$ DECLARE found ${type}; BEGIN`,
    `  FOR found IN ${query} LOOP`,
    ...statements.map((statement) => `    EXECUTE format('${statement}', found, ${text(username)});`),
    "  END LOOP;",
    "END $$;",
  ];
}

function mysqlFamily({ type, server, db_name, username, password }: ReaderWanted): string[] {
  const user = `${text(username)}@'%'`;
  const pattern = quoted("`", db_name.replaceAll(/[_%]/g, "\\$&")); // both are wildcards in a grant
  return [
    `CREATE USER ${user} IDENTIFIED BY ${text(password)};`,
    `GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON ${pattern}.* TO ${user};`,
    `GRANT ${routines(type, server)} TO ${user};`,
  ];
}

/** What lets a user read procedures and functions of others. */
function routines(type: EngineType, server: string | undefined): string {
  const isMariadb = server === undefined ? type === "mariadb" : server.startsWith("MariaDB");
  const [major = 8, minor = 0, patch = 99] = versionOf(server);
  if (isMariadb || major < 8) return "SELECT ON `mysql`.`proc`";
  return major === 8 && minor === 0 && patch < 20 ? "SELECT ON *.*" : "SHOW_ROUTINE ON *.*";
}

function versionOf(server: string | undefined): number[] {
  return /(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(server ?? "")?.slice(1).filter((part) => part !== undefined).map(Number) ?? [];
}

const quoted = (mark: string, name: string): string => mark + name.replaceAll(mark, mark + mark) + mark;
/** A name or a password of ours: neither holds a backslash. */
const text = (value: string): string => quoted("'", value);

/** What such a user of a database is called: short and plain enough for every server. */
export function readerName(db_name: string): string {
  const plain = db_name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").slice(0, 20).replaceAll(/^_|_$/g, "");
  return `safebase_${plain === "" ? "reader" : plain}`;
}

const LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const LENGTH = 28;

/** A password of 160 bits that servers with rules for passwords take, too: upper and lower case, digits and hyphens. */
export function strongPassword(): string {
  for (;;) {
    const letters: string[] = [];
    while (letters.length < LENGTH) {
      const [byte = 255] = crypto.getRandomValues(new Uint8Array(1));
      if (byte < LETTERS.length * 4) letters.push(LETTERS[byte % LETTERS.length] ?? ""); // each as likely as any other
    }
    const password = letters.join("").replaceAll(/(.{7})(?=.)/g, "$1-");
    if (/[a-z]/.test(password) && /[A-Z]/.test(password) && /\d/.test(password)) return password;
  }
}
