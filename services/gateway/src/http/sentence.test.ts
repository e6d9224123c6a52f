import { describe, expect, it } from "vitest";
import { z } from "zod";
import { sentenceOf } from "./sentence.ts";

const Port = z.int({ error: "must be a whole number from 1 to 65535" });
const Fields = z.strictObject({ name: z.string().max(5), port: Port.optional(), mode: z.enum(["a", "b", "c"]), host: z.string() });
const Url = z.strictObject({ name: z.string(), url: z.string() });
const Body = z.union([Fields, Url]);

function say(schema: z.ZodType, input: unknown): string {
  const result = schema.safeParse(input);
  if (result.success) throw new Error("it is valid");
  return sentenceOf(result.error, input);
}

describe("sentences of refused input", () => {
  it.each([
    [{ name: "x", port: "abc", mode: "a", host: "h" }, 'port must be a whole number from 1 to 65535, got "abc"'],
    [{ name: "x", mode: "z", host: "h" }, 'mode must be a, b or c, got "z"'],
    [{ name: "too long", mode: "a", host: "h" }, 'name must have at most 5 characters, got "too long"'],
    [{ name: "x" }, "mode and host are missing"],
    [{}, "name, mode and host are missing"],
    [{ name: "x", mode: "a", hots: "h", host: "h" }, 'unknown field: hots'],
    [{ name: "x", url: 5 }, "url must be text"],
    [{ name: "x", url: "u", port: 1 }, "unknown field: port"],
    [{ name: 5, mode: "a", host: "h" }, "name must be text, got 5"],
    [null, "the body must be a JSON object, got null"],
    [[], "the body must be a JSON object"],
  ])("%j: %s", (input, sentence) => expect(say(Body, input)).toBe(sentence));

  it.each([
    [{ to: [] }, "to must hold at least 1"],
    [{ to: ["a@example.org", "b@example.org"] }, "to must hold at most 1"],
    [{ to: ["ada at home"] }, 'to.0 must be an email address, got "ada at home"'],
  ])("%j: %s", (input, sentence) => expect(say(z.object({ to: z.array(z.email()).min(1).max(1) }), input)).toBe(sentence));

  it("name every way out of what is missing", () => {
    const one = z.union([z.strictObject({ name: z.string(), file: z.string() }), z.strictObject({ name: z.string(), text: z.string() }), z.strictObject({ name: z.string(), none: z.literal(true) })]);
    expect(say(one, { name: "x" })).toBe("file, text or none must be given");
    expect(say(one, { name: "x", text: 5 })).toBe("text must be text, got 5");
  });

  it("never repeat a secret", () => {
    const schema = z.object({ password: z.string().min(8), deep: z.object({ api_token: z.int() }) });
    expect(say(schema, { password: "geheim", deep: { api_token: 1 } })).toBe("password must have at least 8 characters");
    expect(say(schema, { password: "long enough", deep: { api_token: "geheim" } })).toBe("deep.api_token must be a number");
  });
});
