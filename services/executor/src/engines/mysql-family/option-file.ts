import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getCACertificates } from "node:tls";
import { type Connection, SafebaseError } from "@safebase/contracts";
import type { Client } from "../../clients/index.ts";

/** Both families' clients read option files in lines of 4,096 bytes. */
const VALUE_LIMIT_BYTES = 3_500;

/**
 * Writes the 0600 file that holds everything a client needs to connect, the password included, and gives the argument
 * that names it. `--defaults-file`, not `-extra-file`: the machine's own option files must not change a dump.
 */
export async function writeOptionFile(connection: Connection, client: Client, tls: boolean, work_dir: string): Promise<string> {
  const dir = await mkdtemp(join(work_dir, "client-"));
  const lines = [
    ["host", connection.host], ["port", String(connection.port)], ["protocol", "tcp"], ["user", connection.username],
    ["password", connection.password ?? ""],
  ].map(([name, value]) => `${name}=${quoteOption(name!, value!)}`);
  const ca_path = join(dir, "ca.pem");
  if (connection.ssl_mode.startsWith("verify-")) {
    await writeFile(ca_path, connection.ssl_ca ?? getCACertificates("default").join("\n"), { mode: 0o600 });
  }
  const tlsLines = client.flavour === "mysql" ? mysqlTls(connection, ca_path) : mariadbTls(connection, tls, ca_path);
  const path = join(dir, "client.cnf");
  await writeFile(path, ["[client]", ...lines, ...tlsLines, ""].join("\n"), { mode: 0o600 });
  return `--defaults-file=${path}`;
}

/** A value as both families' parsers read it back: in quotes `#` is no comment, and `\` starts an escape. */
export function quoteOption(name: string, value: string): string {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(value)) throw new SafebaseError("bad_request", `the ${name} holds a line break or another control character`);
  if (Buffer.byteLength(value) > VALUE_LIMIT_BYTES) throw new SafebaseError("bad_request", `the ${name} is longer than ${VALUE_LIMIT_BYTES} bytes`);
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function mysqlTls(connection: Connection, ca_path: string): string[] {
  const ca = `ssl-ca=${quoteOption("path", ca_path)}`;
  switch (connection.ssl_mode) {
    // Without TLS the default login method needs the server's public key, as our own connection does.
    case "disable": return ["ssl-mode=DISABLED", "get-server-public-key"];
    case "prefer": return ["ssl-mode=PREFERRED", "get-server-public-key"];
    case "require": return ["ssl-mode=REQUIRED"];
    case "verify-ca": return ["ssl-mode=VERIFY_CA", ca];
    case "verify-full": return ["ssl-mode=VERIFY_IDENTITY", ca];
  }
}

/** MariaDB's clients check names whenever they check certificates: `verify-ca` is as strict as `verify-full` there. */
function mariadbTls(connection: Connection, tls: boolean, ca_path: string): string[] {
  if (!tls) return ["skip-ssl"];
  if (!connection.ssl_mode.startsWith("verify-")) return ["ssl", "skip-ssl-verify-server-cert"];
  return ["ssl", `ssl-ca=${quoteOption("path", ca_path)}`, "ssl-verify-server-cert"];
}
