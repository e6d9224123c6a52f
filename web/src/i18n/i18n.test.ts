import { expect, it } from "vitest";
import { en } from "./en.ts";
import { fr } from "./fr.ts";
import { preferredLocale } from "./i18n.ts";

it.each([
  [null, ["fr-CH", "en"], "fr"], [null, ["de", "fr"], "fr"], [null, ["de"], "en"], ["en", ["fr"], "en"], ["xx", ["fr-FR"], "fr"], [null, [], "en"],
] as const)("chosen %s, the browser says %j: %s", (stored, languages, expected) => {
  expect(preferredLocale(stored, languages)).toBe(expected);
});

it("nothing was left in English: what is the same in both languages is meant to be", () => {
  const same = new Set([
    "English", "Français", "PostgreSQL", "MySQL", "MariaDB", "Actions", "Active", "Notifications", "notification", "Services", "Sessions", "Version",
    "Slack", "Discord", "Microsoft Teams", "Telegram", "ntfy", "Webhook", "Healthchecks",
  ]);
  expect(stringsOf(fr).filter((text) => stringsOf(en).includes(text) && !same.has(text))).toEqual([]);
});

function stringsOf(texts: object): string[] {
  return Object.values(texts).flatMap((value: unknown) => (typeof value === "string" ? [value] : typeof value === "object" && value !== null ? stringsOf(value) : []));
}
