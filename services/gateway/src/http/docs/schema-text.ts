/** The parts of JSON Schema that our routes use. */
export interface JsonSchema {
  $ref?: string; type?: string | string[]; format?: string; enum?: unknown[]; const?: unknown; description?: string;
  properties?: Record<string, JsonSchema>; required?: string[]; items?: JsonSchema; additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[]; oneOf?: JsonSchema[]; allOf?: JsonSchema[];
}

export type Components = Record<string, JsonSchema>;

const MAX_DEPTH = 6;

/** A schema as an outline that people read: `{ name: text, port?: integer }`, alternatives joined by `or`. */
export function schemaText(schema: JsonSchema, components: Components, depth = 0): string {
  if (schema.$ref !== undefined) {
    const target = components[schema.$ref.split("/").at(-1) ?? ""];
    return target === undefined ? "…" : schemaText(target, components, depth);
  }
  if (depth > MAX_DEPTH) return "…";
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return alternatives.map((one) => schemaText(one, components, depth)).join(" or ");
  if (schema.allOf !== undefined) return schema.allOf.map((one) => schemaText(one, components, depth)).join(" and ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.properties !== undefined) return objectText(schema, components, depth);
  if (schema.items !== undefined) return `[ ${schemaText(schema.items, components, depth)}, … ]`;
  return typeText(schema);
}

function objectText(schema: JsonSchema, components: Components, depth: number): string {
  const indent = "  ".repeat(depth + 1);
  const lines = Object.entries(schema.properties ?? {}).map(([name, value]) => {
    const optional = schema.required?.includes(name) ? "" : "?";
    const note = value.description === undefined ? "" : `  — ${value.description}`;
    return `${indent}${name}${optional}: ${schemaText(value, components, depth + 1)}${note}`;
  });
  return lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
}

function typeText({ type, format }: JsonSchema): string {
  const name = Array.isArray(type) ? type.join(" | ") : type ?? "anything";
  return format === undefined ? name : `${name} (${format})`;
}
