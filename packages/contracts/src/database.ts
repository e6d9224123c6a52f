import { z } from "zod";

export const ENGINE_TYPES = ["postgresql", "mysql", "mariadb"] as const;
export type EngineType = (typeof ENGINE_TYPES)[number];

/** libpq's vocabulary, for all engines: `prefer` encrypts when the server can, `verify-*` need a trusted certificate. */
export const SSL_MODES = ["disable", "prefer", "require", "verify-ca", "verify-full"] as const;
export type SslMode = (typeof SSL_MODES)[number];

export const FORMATS = ["custom", "sql"] as const;
export type Format = (typeof FORMATS)[number];

export const COMPRESSIONS = ["zstd", "gzip", "zip", "none"] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** How to reach one database on a server. `password_sealed` opens with the master key, see runtime's secrets. */
export const SealedConnection = z.object({
  type: z.enum(ENGINE_TYPES),
  host: z.string(),
  port: z.int(),
  username: z.string(),
  password_sealed: z.string().nullable(),
  db_name: z.string(),
  ssl_mode: z.enum(SSL_MODES),
  /** PEM of the authority to trust in `verify-*`; null trusts the system's. */
  ssl_ca: z.string().nullable(),
});
export type SealedConnection = z.infer<typeof SealedConnection>;

/** The same with the password in the clear: lives in an executor's memory and in 0600 files only. */
export type Connection = Omit<SealedConnection, "password_sealed"> & { password: string | null };

/** Something that makes a backup incomplete or a restore unlikely, in a sentence. */
export const Warning = z.object({ code: z.string(), message: z.string() });
export type Warning = z.infer<typeof Warning>;

/** What a database holds: its tables, and how many rows each. */
export const Contents = z.object({
  tables: z.array(z.object({ name: z.string(), rows: z.number(), exact: z.boolean() })),
});
export type Contents = z.infer<typeof Contents>;

/** What a server says of itself when it is asked. */
export const ProbeReport = z.object({
  server: z.string(), // "PostgreSQL 15.20", "MariaDB 10.11.19", "MySQL 9.7.0"
  server_version: z.string(),
  size_bytes: z.number(),
  tables: z.int(),
  /** How many sessions beside ours are in this database; null where the user may not see those of others. */
  connections: z.int().nullable().default(null),
  tls: z.boolean(),
  client: z.object({ name: z.string(), version: z.string() }),
  warnings: z.array(Warning),
  elapsed_ms: z.number(),
});
export type ProbeReport = z.infer<typeof ProbeReport>;
