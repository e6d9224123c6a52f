import type { Database } from "../../api/types.ts";

/** How one says where a database is. */
export type Way = "url" | "fields";

interface Typed { readonly url: string; readonly type: string; readonly host: string; readonly port: string; readonly username: string; readonly password: string; readonly db_name: string; readonly ssl_mode: string }

/** What was typed, as the API takes it: what was left empty has the API's default. */
export function connectionOf(way: Way, typed: Typed) {
  if (way === "url") return { url: typed.url.trim() };
  return {
    type: typed.type as Database["type"], host: typed.host.trim(), username: typed.username.trim(), db_name: typed.db_name.trim(), ssl_mode: typed.ssl_mode as Database["ssl_mode"],
    ...(typed.port.trim() === "" ? {} : { port: typed.port.trim() }), ...(typed.password === "" ? {} : { password: typed.password }),
  };
}
