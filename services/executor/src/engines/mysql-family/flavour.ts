import type { Warning } from "@safebase/contracts";

/** Whose server or program it is, as it says itself; what the user registered may be the other one. */
export type Flavour = "mysql" | "mariadb";

/** What to tell the user when a database is registered as one and is the other. */
export function flavourWarnings(registered: string, server: { flavour: Flavour; server: string }): Warning[] {
  if (registered === server.flavour) return [];
  return [{ code: "other_flavour", message: `registered as ${registered}, but the server is ${server.server}: treated as what it is` }];
}
