import { SafebaseError } from "@safebase/contracts";

/** A sign that stands for itself, `one` for any single one, `any` for any number of any. */
type Token = { readonly sign: string } | "one" | "any";

/** A pattern over names of databases, as shells have them: `*` any signs, `?` one, `\` takes the next sign as it is. */
export interface Glob {
  matches(name: string): boolean;
  /** Without wildcards: it names one database. */
  readonly is_literal: boolean;
}

/**
 * Ours, because the known ones (`path.matchesGlob`, picomatch) are for paths: to them `/`, dots, brackets and braces mean
 * something, which are signs like any other in names here; and they make regular expressions, which `*a*a*a*…` keeps
 * busy for hours. This one takes at most as many steps as name and pattern are long, multiplied.
 */
export function parseGlob(pattern: string): Glob {
  const tokens: Token[] = [];
  const signs = Array.from(pattern);
  for (let at = 0; at < signs.length; at++) {
    const sign = signs[at]!;
    if (sign === "*") {
      if (tokens.at(-1) !== "any") tokens.push("any");
    } else if (sign === "?") tokens.push("one");
    else if (sign !== "\\") tokens.push({ sign });
    else if (++at < signs.length) tokens.push({ sign: signs[at]! });
    else throw new SafebaseError("bad_request", `the pattern ${pattern} ends with a \\ that nothing follows`, { hint: "write \\\\ for a \\" });
  }
  return { matches: (name) => matches(tokens, Array.from(name)), is_literal: tokens.every((token) => typeof token === "object") };
}

/** Where a sign does not fit, the last `any` takes one more; the ones before it need no second try. */
function matches(tokens: readonly Token[], name: readonly string[]): boolean {
  let [token, sign] = [0, 0];
  let any: { readonly token: number; sign: number } | undefined;
  while (sign < name.length) {
    const wanted = tokens[token];
    if (wanted === "any") {
      any = { token, sign };
      token++;
    } else if (wanted === "one" || (wanted !== undefined && wanted.sign === name[sign])) {
      token++;
      sign++;
    } else if (any === undefined) return false;
    else {
      token = any.token + 1;
      sign = ++any.sign;
    }
  }
  return tokens.slice(token).every((rest) => rest === "any");
}
