import type { EngineType, SslMode } from "@safebase/contracts";

/** How a server is reached: a registered server and a registered database say it alike. */
export interface ServerColumns {
  type: EngineType;
  host: string;
  port: number;
  username: string;
  password_sealed: string | null;
  ssl_mode: SslMode;
  ssl_ca: string | null;
  executor_group: string;
}
