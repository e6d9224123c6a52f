import type { World } from "./world.ts";

/** A connection string; one without a password gets the one that is typed, or in the file. */
export async function withPassword({ t, terminal }: World, url: string, file: string | undefined): Promise<string> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || parsed.password !== "") return url; // the API says what is wrong with it
  if (file === undefined && !terminal.interactive) return url;
  const password = await terminal.secret(t.askDatabasePassword, file);
  parsed.password = encodeURIComponent(password);
  return parsed.href;
}
