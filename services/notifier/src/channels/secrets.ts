/** Shorter ones are no secrets, and would blacken half of an answer. */
const MIN_LENGTH = 4;
const MIN_PART_LENGTH = 8;

/** What must not be repeated of an address: its path and query, where most webhooks carry their key, and its credentials. */
export function secretsOf(url: URL): string[] {
  const parts = [...url.pathname.split("/"), ...url.searchParams.values()].filter(({ length }) => length >= MIN_PART_LENGTH);
  return [url.href, `${url.pathname}${url.search}`, url.username, url.password, ...parts].flatMap((part) => [part, decoded(part)]);
}

/** The text without these secrets, should the other side repeat them. */
export function scrub(text: string, secrets: readonly string[]): string {
  const longestFirst = [...new Set(secrets)].filter(({ length }) => length >= MIN_LENGTH).sort((a, b) => b.length - a.length);
  return longestFirst.reduce((scrubbed, secret) => scrubbed.replaceAll(secret, "***"), text);
}

/** Percent-decoded, where it is encoded. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a % that encodes nothing
  }
}
