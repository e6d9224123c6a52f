import { parseSync, type Module } from "@swc/core";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../../..");
const NOT_OURS = /(\.(test|it|matrix)\.ts|fixture|testing|\/standalone\/|packages\/words)/;
/** Where a sentence for people stands: second in an error, or under these names. */
const NAMES = new Set(["hint", "message", "error", "detail", "sentence"]);
/** Tables of what codes mean: of MySQL's errors, of sockets and of TLS. */
const CODES = /^(\d{4,5}|E[A-Z]{3,}|[A-Z]+(_[A-Z]+)+)$/;
const HOLE = "{}";

interface Node { readonly type: string; readonly value?: string | number; readonly [key: string]: unknown }

/** Every sentence that the sources can say, with `{}` for the values in it, and the file where it stands. */
export function sentencesInSources(): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of globSync("{packages,services}/*/src/**/*.ts", { cwd: ROOT }).filter((path) => !NOT_OURS.test(path))) {
    const ast: Module = parseSync(readFileSync(join(ROOT, file), "utf8"), { syntax: "typescript", target: "es2024" });
    walk(ast.body, (node) => {
      for (const text of textsOf(node)) if (/[a-z]{3}/.test(text.replaceAll(HOLE, ""))) found.set(text, file);
    });
  }
  return found;
}

function textsOf(node: Node): string[] {
  if (node.type === "NewExpression" && String((node["callee"] as Node).value).endsWith("Error")) {
    const second = (node["arguments"] as { expression: Node }[] | undefined)?.[1];
    return second === undefined ? [] : alternatives(second.expression);
  }
  if (node.type === "KeyValueProperty") {
    const key = String((node["key"] as Node).value);
    const texts = alternatives(node["value"] as unknown as Node);
    if (NAMES.has(key)) return texts;
    return CODES.test(key) ? texts.filter((text) => text.split(" ").length > 2) : [];
  }
  if (node.type === "StringLiteral" || node.type === "TemplateLiteral") return alternatives(node).filter((text) => /^(must|may) /.test(text));
  return [];
}

/** The texts that an expression can have. */
function alternatives(node: Node): string[] {
  switch (node.type) {
    case "StringLiteral": return [String(node.value)];
    case "ArrowFunctionExpression": return alternatives(node["body"] as Node);
    case "ParenthesisExpression": return alternatives(node["expression"] as Node);
    case "ConditionalExpression": return [...alternatives(node["consequent"] as Node), ...alternatives(node["alternate"] as Node)];
    case "BinaryExpression": {
      const [left, right] = [alternatives(node["left"] as Node), alternatives(node["right"] as Node)];
      return node["operator"] === "+" ? left.flatMap((a) => right.map((b) => a + b)) : ["??", "||"].includes(node["operator"] as string) ? [...left, ...right] : [HOLE];
    }
    case "TemplateLiteral": {
      const values = (node["expressions"] ?? []) as Node[]; // a type has none
      return (node["quasis"] as { cooked: string }[]).reduce<string[]>((texts, { cooked }, at) => {
        const value = at < values.length ? alternatives(values[at] as Node) : [""];
        return texts.flatMap((text) => value.map((each) => text + cooked + each));
      }, [""]);
    }
    default: return [HOLE];
  }
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) for (const each of value) walk(each, visit);
  else if (typeof value === "object" && value !== null) {
    if ("type" in value) visit(value as Node);
    for (const [key, inner] of Object.entries(value)) if (key !== "span") walk(inner, visit);
  }
}
