export const add = {
  title: "Add a database",
  url: "Connection string", urlHint: "Paste it as you have it: it fills the fields. postgres://, mysql://, mariadb://, JDBC or libpq’s host=… dbname=…", noString: "This is no connection string. Fill in the fields, or paste one that begins with postgres://, mysql:// or mariadb://.",
  leftOut: (names: string) => `Not needed here and left out: ${names}.`,
  name: "Name", nameHint: "What it is called here", type: "Type", host: "Host", port: "Port", username: "User", password: "Password", db_name: "Database name", ssl_mode: "TLS", ssl_ca: "Certificate authority", ssl_ca_hint: "Who signed the server’s certificate, in PEM. Empty: whom the executor’s machine trusts.",
  ssl_hints: { disable: "Nothing is encrypted on the way.", prefer: "Encrypted where the server can.", require: "Encrypted, whoever the server is.", "verify-ca": "Encrypted, the certificate is checked.", "verify-full": "Encrypted, certificate and host name are checked." },
  test: "Test connection", testing: (where: string) => `Asking ${where}`, liveHint: "The server is asked as soon as the fields are filled in.", save: "Add database",
  ok: (server: string) => `Connected to ${server}`, size: "Size", tables: "Tables", tls: "TLS", yes: "yes", no: "no", warnings: "What would make a backup incomplete", added: (name: string) => `${name} is added.`,
  reader: {
    title: "Use a user that can only read", why: "A backup needs to read, not to write. With a user of its own, whoever gets at this password can change nothing. A restore over this database will need another user then.",
    how: (db_name: string) => `Run this as an administrator, connected to ${db_name}:`, sql: "SQL for the user", use: "Use this user", useHint: "Fills in the name and the new password. Run the SQL first.",
  },
};
