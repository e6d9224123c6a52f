export const add = {
  title: "Add a database", how: "How to connect", byUrl: "Connection string", byFields: "Fields",
  url: "Connection string", urlHint: "postgres://, mysql:// or mariadb://, with user, password, host and database name. It is kept sealed.",
  name: "Name", nameHint: "What it is called here", type: "Type", host: "Host", port: "Port", username: "User", password: "Password", db_name: "Database name", ssl_mode: "TLS",
  test: "Test connection", testing: "Asking the server…", save: "Add database",
  ok: (server: string) => `Connected to ${server}`, size: "Size", tables: "Tables", tls: "TLS", yes: "yes", no: "no", warnings: "What would make a backup incomplete", added: (name: string) => `${name} is added.`,
};
