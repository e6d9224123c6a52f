import type { Database } from "../../api/types.ts";

/** Where a database is and how it is reached, field by field, as text. */
export interface Fields { type: string; host: string; port: string; username: string; password: string; db_name: string; ssl_mode: string }

/** What a pasted text says, and the names of what it says besides and we have no use for. */
export interface Read { readonly fields: Partial<Fields>; readonly left_out: readonly string[] }

/** Stands for the password where others may look. */
const MASK = "••••••••";
export const MASKED = /^•+$/;

const SCHEMES: Readonly<Record<string, Database["type"]>> = { postgres: "postgresql", postgresql: "postgresql", mysql: "mysql", mysql2: "mysql", mariadb: "mariadb" };
const WRITTEN: Readonly<Record<string, string>> = { postgresql: "postgres", mysql: "mysql", mariadb: "mariadb" };
const MODES: Readonly<Record<string, string>> = {
  disable: "disable", prefer: "prefer", require: "require", "verify-ca": "verify-ca", "verify-full": "verify-full",
  allow: "prefer", disabled: "disable", preferred: "prefer", required: "require", verify_ca: "verify-ca", verify_identity: "verify-full",
};
const KEYWORDS: Readonly<Record<string, keyof Fields>> = { host: "host", hostaddr: "host", port: "port", user: "username", username: "username", password: "password", dbname: "db_name", database: "db_name" };

/**
 * The fields of a connection string as people have it at hand: a URL, also one of JDBC or SQLAlchemy, `NAME=…` of a file
 * of settings, in quotes, behind `psql`, or libpq's `host=… dbname=…`. Nothing when it is none of these. What it leaves
 * open is left out. More is forgiven than the API forgives: the fields are seen, and the server is asked.
 */
export function readConnection(text: string): Read | undefined {
  const bare = text.trim().replace(/^(?:export\s+)?[A-Za-z_]\w*\s*=\s*(?=["']?[a-z0-9+:]+:\/\/)/, "").replace(/^psql\s+/, "").replace(/^(["'])(.*)\1;?$/s, "$2").replace(/^jdbc:/i, "");
  return readUrl(bare) ?? readKeywords(bare);
}

function readUrl(text: string): Read | undefined {
  const [, scheme = "", rest = ""] = /^([a-z][a-z0-9]*)(?:\+[a-z0-9_]+)?:\/\/(.*)$/is.exec(text) ?? [];
  const type = SCHEMES[scheme.toLowerCase()];
  if (type === undefined) return undefined;
  const [user, address, path, query] = split(rest);
  const [first = "", ...others] = address.split(",");
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d*))?$/.exec(first) ?? [];
  const asked = readQuery(query);
  const colon = user.indexOf(":");
  return {
    fields: {
      type, host: decode(bracketed ?? plain ?? first), port: port ?? "", db_name: decode(path), ssl_mode: "prefer",
      ...(user === "" ? {} : { username: decode(colon < 0 ? user : user.slice(0, colon)), password: colon < 0 ? "" : decode(user.slice(colon + 1)) }),
      ...asked.fields,
    },
    left_out: [...others, ...asked.left_out],
  };
}

/** User, address, path and query. A password that was never encoded may hold the marks that end an address. */
function split(rest: string): [user: string, address: string, path: string, query: string] {
  const strict = /^(?:([^/?#]*)@)?([^@/?#]*)(?:\/([^?#]*))?(?:\?(.*))?$/s.exec(rest);
  const isPlain = strict !== null && (strict[1] !== undefined || !/:[^\d,]/.test(strict[2] ?? "")); // no port: what follows the colon is a password
  const [, user = "", address = "", path = "", query = ""] = (isPlain ? strict : /^(.*)@([^@/?#]*)(?:\/([^?#]*))?(?:\?(.*))?$/s.exec(rest) ?? strict) ?? [];
  return [user, address, path, query];
}

function readQuery(query: string): { fields: Partial<Fields>; left_out: string[] } {
  const fields: Partial<Fields> = {};
  const left_out: string[] = [];
  for (const pair of query.split("&").filter((each) => each !== "")) {
    const [name = "", value = ""] = pair.split(/=(.*)/s).map(decode);
    const key = KEYWORDS[name.toLowerCase()];
    const mode = modeOf(name, value.toLowerCase());
    if (mode !== undefined) fields.ssl_mode = mode;
    else if (key !== undefined) fields[key] = value;
    else left_out.push(name);
  }
  return { fields, left_out };
}

function modeOf(name: string, value: string): string | undefined {
  const on = ["true", "1", "yes", "on", ""].includes(value);
  switch (name.toLowerCase().replaceAll(/[-_]/g, "")) {
    case "sslmode": return MODES[value];
    case "ssl": case "usessl": case "requiressl": return on ? "require" : "disable";
    case "sslverify": case "sslverifyservercert": return on ? "verify-full" : "require";
    default: return undefined;
  }
}

/** `host=db.example port=5432 dbname=shop user=backup password='a b'` */
function readKeywords(text: string): Read | undefined {
  if (!/^(?:\w+\s*=\s*(?:'(?:[^'\\]|\\.)*'|[^\s']\S*)\s*)+$/.test(text)) return undefined;
  const fields: Partial<Fields> = { type: "postgresql" };
  const left_out: string[] = [];
  for (const [, name = "", quoted, plain = ""] of text.matchAll(/(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S+))/g)) {
    const value = quoted === undefined ? plain : quoted.replaceAll(/\\(.)/g, "$1");
    const key = KEYWORDS[name];
    if (key !== undefined) fields[key] = value;
    else if (name === "sslmode" && MODES[value] !== undefined) fields.ssl_mode = MODES[value];
    else left_out.push(name);
  }
  return fields.host === undefined && fields.db_name === undefined ? undefined : { fields, left_out };
}

/** The same as one string, for the eyes: without the password itself. Empty while there is no host. */
export function shownConnection({ type, host, port, username, password, db_name, ssl_mode }: Fields): string {
  if (host.trim() === "") return "";
  const user = username === "" && password === "" ? "" : `${encodeURIComponent(username)}${password === "" ? "" : `:${MASK}`}@`;
  const address = `${host.includes(":") ? `[${host.trim()}]` : encodeURIComponent(host.trim())}${port.trim() === "" ? "" : `:${port.trim()}`}`;
  return `${WRITTEN[type] ?? type}://${user}${address}/${encodeURIComponent(db_name)}${ssl_mode === "prefer" ? "" : `?sslmode=${ssl_mode}`}`;
}

/** What stands there, without its escapes; as it is where they are none. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a % that was never encoded
  }
}
