import { describe, expect, it } from "vitest";
import { en } from "../../i18n/en.ts";
import { createFormat } from "../../i18n/format.ts";
import { fr } from "../../i18n/fr.ts";
import { presetOf, withRule } from "./policy.ts";
import { reasonWords } from "./reasons.ts";
import { retentionWords } from "./words.ts";

const [english, french] = [[en.retention, createFormat("en")], [fr.retention, createFormat("fr")]] as const;

describe("a policy", () => {
  it.each([
    [{}, "Everything is kept.", "Tout est conservé."],
    [{ keep_last: 1 }, "Kept: the newest backup.", "Sont conservées\u00a0: la dernière sauvegarde."],
    [{ keep_days: 1, daily: 7, monthly: 12 }, "Kept: what is younger than 1 day and the newest of each of the last 7 days and 12 months.", "Sont conservées\u00a0: celles de moins de 1 jour et la dernière de chaque période, sur 7 jours et 12 mois."],
  ])("%j", (policy, inEnglish, inFrench) => {
    expect(retentionWords(policy, false, ...english).startsWith(inEnglish)).toBe(true);
    expect(retentionWords(policy, false, ...french).startsWith(inFrench)).toBe(true);
  });

  it("that is null is the database's only where there is one to follow", () => {
    expect([retentionWords(null, true, ...english), retentionWords(null, false, ...english)]).toEqual(["Backups follow the retention of their database.", "Everything is kept."]);
  });

  it.each([[{}, "all"], [{ keep_days: 28 }, "month"], [{ monthly: 12, weekly: 4, daily: 7 }, "classic"], [{ daily: 7, weekly: 4 }, "custom"], [{ keep_days: 7, keep_last: 3 }, "custom"]] as const)("%j is the preset %s", (policy, preset) => {
    expect(presetOf(policy, true)).toBe(preset);
  });

  it("loses a rule that is emptied and keeps what is typed, however wrong, for the API to refuse", () => {
    expect([withRule({ daily: 7, weekly: 4 }, "daily", " "), withRule(null, "keep_last", "0"), withRule({ daily: 7 }, "daily", "1.5")]).toEqual([{ weekly: 4 }, { keep_last: 0 }, { daily: 1.5 }]);
  });
});

it.each([
  ["pinned", "pinned", "épinglée"], ["needed by restore 12", "something that runs needs it", "un travail en cours en a besoin"],
  ["one of the last 3", "one of the newest 3", "une des 3 dernières"], ["not the last one", "not the newest", "pas la dernière"],
  ["not younger than 1 day", "not younger than 1 day", "plus de 1 jour"], ["newest of 2026-03-01 (1 of 7 daily)", "the newest of 1 March 2026 (1 of 7)", "la dernière de la période 1 mars 2026 (1 sur 7)"],
  ["not the newest of 2026-W09", "not the newest of week 9 of 2026", "pas la dernière de la période semaine 9 de 2026"], ["2026-03 is before the last 12 months with a backup", "March 2026 is too long ago", "la période mars 2026 est trop ancienne"],
  ["newest of 2026 (1 of 1 yearly)", "the newest of 2026 (1 of 1)", "la dernière de la période 2026 (1 sur 1)"], ["a reason of tomorrow", "a reason of tomorrow", "a reason of tomorrow"],
])("%s", (reason, inEnglish, inFrench) => {
  expect([reasonWords(reason, ...english), reasonWords(reason, ...french)]).toEqual([inEnglish, inFrench]);
});
