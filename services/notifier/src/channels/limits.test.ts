import { LANGUAGES, NOTICE_KINDS } from "@safebase/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failedBackup } from "../notice.fixture.ts";
import type { Digest } from "./channel.ts";
import { digestOf, manyFailures } from "./channel-fixture.ts";
import { discordMessage } from "./discord.ts";
import { ntfyMessage } from "./ntfy.ts";
import { slackMessage } from "./slack.ts";
import { teamsMessage } from "./teams.ts";
import { telegramMessage } from "./telegram.ts";

const HOSTILE = [
  "<!channel>", "<!here|here>", "<@U123>", "@everyone", "@here", "<@&42>", "<script>alert(1)</script>", "</code></b>", "&amp;", "[a](https://evil.example)", "**bold**", "`code`", "~~s~~", "||spoiler||",
  "{{DATE(2017-02-14T06:08:39Z,SHORT)}}", "<at>all</at>", "# title", "> quote", "\r\n\r\n", "\u202E", "\0", "\uD800", "👩‍👩‍👧‍👦", "é".repeat(50), "&".repeat(80), "{".repeat(40), "https://evil.example/x", ":smile:", "/command", "#tag",
];
const hostile = fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "grapheme", maxLength: 200 })), { minLength: 1, maxLength: 30 }).map((parts) => parts.join(""));
const notice = fc.record({
  kind: fc.constantFrom(...NOTICE_KINDS), severity: fc.constantFrom("info" as const, "warning" as const, "critical" as const),
  name: hostile, error: fc.option(hostile), hint: fc.option(hostile, { nil: undefined }),
}).map(({ kind, severity, name, error, hint }) => failedBackup({
  kind, severity, database: { id: 1, name, type: "mysql" }, error: error === null ? null : { code: "dump_failed", message: error, ...(hint === undefined ? {} : { hint }) },
}));
const digest: fc.Arbitrary<Digest> = fc.record({
  id: fc.string(), notices: fc.oneof(fc.array(notice, { minLength: 1, maxLength: 3 }), fc.array(notice, { minLength: 1, maxLength: 120 })),
  test: fc.boolean(), language: fc.constantFrom(...LANGUAGES), public_url: fc.option(fc.webUrl(), { nil: undefined }),
});

/** Any text that the service shows, with its JSON escapes undone. */
function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}

function holds(check: (digest: Digest) => void): void {
  fc.assert(fc.property(digest, check), { numRuns: 150 });
}

describe("messages with names and errors of any length and kind", () => {
  it("keep Slack's limits, as text without markup", () => holds((each) => {
    const { text, blocks } = slackMessage(each) as { text: string; blocks: { type: string; text?: { type: string; text: string; emoji?: boolean }; fields?: { type: string; text: string }[] }[] };
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(blocks)).not.toContain("mrkdwn");
    for (const block of blocks) {
      if (block.text !== undefined) expect(block.text.text.length).toBeLessThanOrEqual(block.type === "header" ? 150 : 3_000);
      expect(block.fields?.length ?? 1).toBeLessThanOrEqual(10);
      expect(block.fields?.length).not.toBe(0);
      for (const field of block.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2_000);
    }
    for (const shown of [text, ...texts(blocks.map((block) => [block.text?.text, block.fields]))]) expect(shown).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
  }));

  it("keep Discord's limits, with every sign escaped", () => holds((each) => {
    const { embeds, allowed_mentions } = discordMessage(each);
    const [embed] = embeds;
    expect(allowed_mentions).toEqual({ parse: [] });
    expect(embed!.title.length).toBeLessThanOrEqual(256);
    expect(embed!.description).not.toBe("");
    expect(embed!.description?.length ?? 0).toBeLessThanOrEqual(4_096);
    expect(embed!.fields.length).toBeLessThanOrEqual(25);
    for (const { name, value } of embed!.fields) expect([name.length <= 256, value.length <= 1_024, value !== ""]).toEqual([true, true, true]);
    const shown = [embed!.title, embed!.description ?? "", embed!.footer.text, ...embed!.fields.flatMap(({ name, value }) => [name, value])];
    expect(shown.join("").length).toBeLessThanOrEqual(6_000);
    const unescaped = [embed!.title, ...embed!.fields.map(({ value }) => value)].map((text) => text.replace(/\\[^0-9A-Za-z\s]/g, ""));
    for (const text of unescaped) expect(text).not.toMatch(/[\\`*_~|<>#[\]()@]/);
  }));

  it("keep Teams' 28 KB, without anything that a card would read", () => holds((each) => {
    const message = teamsMessage(each);
    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(28_000);
    const { body } = message.attachments[0]!.content;
    for (const block of body as { type: string; inlines: { type: string; text: string }[] }[]) {
      expect(block.type).toBe("RichTextBlock");
      for (const { type, text } of block.inlines) expect([type, text.includes("{{")]).toEqual(["TextRun", false]);
    }
  }));

  it("keep Telegram's limit, as HTML of its own tags alone", () => holds((each) => {
    const { text } = telegramMessage(each);
    expect(text.length).toBeLessThanOrEqual(4_096);
    const foreign = text.replace(/<a href="[^"<>]*">[^<>]*<\/a>$/, "").replace(/<b>[^<>]*<\/b>/, "").replace(/<code>[^<>]*<\/code>/g, "");
    expect(foreign).not.toMatch(/[<>]|[@#/]/);
    expect(text).not.toMatch(/&(?!amp;|lt;|gt;|quot;)/);
  }));

  it("keep ntfy's limit", () => holds((each) => {
    const { title, message, priority } = ntfyMessage(each);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4_096);
    expect(title.length).toBeLessThanOrEqual(200);
    expect(priority >= 1 && priority <= 5).toBe(true);
  }));

  it("are well-formed text without line ends of their own", () => holds((each) => {
    for (const message of [slackMessage(each), discordMessage(each), teamsMessage(each), telegramMessage(each), ntfyMessage(each)]) {
      for (const text of texts(message)) {
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toMatch(/[\r\0\u202E]/);
      }
    }
  }));
});

describe("fifty failures", () => {
  const LINES: Record<string, (digest: Digest) => string[]> = {
    slack: (each) => texts(slackMessage(each).blocks).flatMap((text) => text.split("\n")),
    discord: (each) => discordMessage(each).embeds[0]!.description!.split("\n"),
    teams: (each) => texts(teamsMessage(each)),
    telegram: (each) => telegramMessage(each).text.split("\n"),
    ntfy: (each) => ntfyMessage(each).message.split("\n"),
  };

  const FITS: Record<string, (digest: Digest) => boolean> = {
    slack: (each) => slackMessage(each).blocks.length <= 50,
    discord: (each) => discordMessage(each).embeds[0]!.description!.length <= 4_096,
    teams: (each) => Buffer.byteLength(JSON.stringify(teamsMessage(each))) <= 28_000,
    telegram: (each) => telegramMessage(each).text.length <= 4_096,
    ntfy: (each) => Buffer.byteLength(ntfyMessage(each).message) <= 4_096,
  };

  it.each(Object.keys(LINES))("and more, with long errors of any kind, keep the limit of %s", (service) => {
    for (const count of [50, 200, 1_000]) {
      for (const error of ["x".repeat(3_000), "<&é".repeat(500), "\\*".repeat(500)]) expect(FITS[service]!(digestOf(manyFailures(count, error)))).toBe(true);
    }
  });

  it.each(Object.keys(LINES))("are fifty lines at %s, each with its database, however long the errors", (service) => {
    const lines = LINES[service]!(digestOf(manyFailures(50, "x".repeat(3_000))));
    for (let index = 0; index < 50; index++) expect(lines.filter((line) => new RegExp(`db.?-${index}\\b`).test(line))).toHaveLength(1);
  });

  it.each(Object.keys(LINES))("and far more end with how many there are besides, at %s", (service) => {
    const shown = LINES[service]!(digestOf(manyFailures(1_000)));
    const lines = shown.filter((line) => /db.?-\d+\b/.test(line)).length;
    const more = shown.find((line) => line.includes("more"));
    expect(lines).toBeGreaterThan(40);
    expect(Number(/and ([\d,]+) more$/.exec(more ?? "")?.[1]?.replace(",", "") ?? 0)).toBe(1_000 - lines);
  });
});
