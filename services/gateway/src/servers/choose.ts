import type { ListedDatabase } from "@safebase/contracts";
import { parseGlob } from "./glob.ts";

/** Why a database of a server is not registered with it. */
export const LEFT_BECAUSE = ["not_included", "excluded", "system", "safebase", "left_out", "registered", "closed"] as const;
export type LeftBecause = (typeof LEFT_BECAUSE)[number];

/** Which databases of a server are wanted. `registered`: those that are registered otherwise. */
export interface Choice {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly left_out: readonly string[];
  readonly registered: ReadonlySet<string>;
  /** Can a database of this name be registered at all? */
  readonly isUsable: (name: string) => boolean;
}

/**
 * Says of each database why it is not to be registered; null: it is. What SafeBase made itself is never taken, a database
 * of the server's own only where it is named, and an exclusion always wins.
 */
export function chooser(choice: Choice): (database: ListedDatabase) => LeftBecause | null {
  const [include, exclude] = [choice.include.map(parseGlob), choice.exclude.map(parseGlob)];
  const left_out = new Set(choice.left_out);
  return ({ name, standing, can_connect }) => {
    if (standing === "safebase") return "safebase";
    const takers = include.filter((glob) => glob.matches(name));
    if (standing === "system" && !takers.some((glob) => glob.is_literal)) return "system";
    if (takers.length === 0) return "not_included";
    if (exclude.some((glob) => glob.matches(name))) return "excluded";
    if (left_out.has(name)) return "left_out";
    if (choice.registered.has(name)) return "registered";
    return can_connect && choice.isUsable(name) ? null : "closed";
  };
}
