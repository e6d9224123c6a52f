export type Engine = "postgresql" | "mysql" | "mariadb";

/** What is needed to connect to a database server as its superuser: plain data, so that it can be handed on. */
export interface ServerInfo {
  engine: Engine;
  /** As the server says it, such as 15.18 or 10.11.19. */
  version: string;
  host: string;
  port: number;
  username: string;
  password: string;
  /** Where its client programs are; empty when they are only inside its container. */
  bin_dir: string;
  data_dir: string;
  /** The certificate authority to trust, when the server speaks TLS with a certificate of ours. */
  ca_path?: string;
}

/** A running server of its own, in a folder of its own, on loopback; gone when disposed of. */
export interface DatabaseServer extends ServerInfo, AsyncDisposable {
  /** An orderly end. The data stays, for `restart`. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Stops it if it runs and starts it again on the same port and data. */
  restart(): Promise<void>;
}

export interface ServerOptions {
  tls?: boolean;
  /** More arguments for the server program. */
  args?: string[];
}
