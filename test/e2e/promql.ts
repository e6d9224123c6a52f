const WORDS = new Set(["by", "without", "and", "or", "unless", "on", "ignoring", "group_left", "group_right", "bool", "offset"]);

/** The selectors of an expression, without their ranges; all of them, or it throws: this knows PromQL as far as our files use it. */
export function selectorsOf(expression: string): string[] {
  const found: string[] = [];
  const rest = expression.replaceAll(/\b(?:by|without|on|ignoring) *\([^)]*\)|\[[^\]]*\]/g, " ")
    .replaceAll(/([a-zA-Z_:][\w:]*) *(\{[^{}]*\})?( *\()?/g, (_whole, name: string, matchers: string | undefined, call: string | undefined) => {
      if (call !== undefined || (matchers === undefined && WORDS.has(name))) return call ?? "";
      found.push(name + (matchers ?? ""));
      return " ";
    });
  if (/[{}"]/.test(rest)) throw new Error(`these selectors cannot be told: ${expression}`);
  return found;
}

/** A dashboard's expression as Grafana would send it with every variable at "All". */
export function withVariables(expression: string): string {
  return expression.replaceAll("$__rate_interval", "1m").replaceAll(/\$\w+/g, ".*");
}
