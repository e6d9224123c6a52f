const NAMES_LISTED = 5;

/** Names for a sentence: the first few, and how many more there are. */
export function listed(names: readonly string[]): string {
  const more = names.length - NAMES_LISTED;
  return names.slice(0, NAMES_LISTED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
