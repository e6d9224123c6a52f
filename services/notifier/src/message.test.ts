import { LANGUAGES, NOTICE_KINDS, noticeOf, type Notice, type NoticeKind } from "@safebase/contracts";
import { describe, expect, it } from "vitest";
import { digestOf, manyFailures } from "./channels/channel-fixture.ts";
import { describeDigest } from "./message.ts";
import { toHtml, toText } from "./message-text.ts";
import { completedBackup, failedBackup } from "./notice.fixture.ts";
import { wordsOf } from "@safebase/words";

const AT = "2026-01-02T03:04:05.000Z";
const text = (notices: readonly Notice[], over = {}): string => toText(describeDigest(digestOf(notices, over)));

describe("a notice in words", () => {
  it("says what happened, on what, why and what to do next", () => {
    expect(text([failedBackup({ at: AT })])).toBe([
      "Backup failed: shop <prod> & co", "",
      "Why: the server refused the password of user “shop”",
      "Next: check the password",
      "Database: shop <prod> & co (postgresql, no. 7)",
      "Backup: no. 12",
      "Trigger: on schedule",
      "Duration: 1.2 seconds",
      "Time: 2 January 2026 at 03:04:05 UTC",
      "Owner: ada@example.org", "",
      "Open SafeBase: https://safebase.example.org", "",
      "-- ", "SafeBase sent this automatically; replies are not read.", "",
    ].join("\n"));
  });

  it("says it in French", () => {
    const french = text([failedBackup({ at: AT })], { language: "fr" });
    expect(french).toContain("Échec de la sauvegarde : shop <prod> & co");
    expect(french).toContain("Durée : 1,2 seconde\nDate : 2 janvier 2026 à 03:04:05 UTC\nPropriétaire : ada@example.org");
  });

  it("says causes and hints of ours in French, and a server's own words as they are", () => {
    const item = (message: string, hint?: string) => describeDigest(digestOf([failedBackup({ at: AT, error: { code: "dump_failed", message, hint } })], { language: "fr" })).items[0];
    expect(item("no byte moved for 60 s", "free some space or delete old backups")).toMatchObject({ why: "aucun octet n’a bougé pendant 60 s", next: "libérez de la place ou supprimez d’anciennes sauvegardes" });
    expect(item("FATAL: the heap is broken")?.why).toBe("FATAL: the heap is broken");
  });

  it("leaves out what is not known, and the link when there is none", () => {
    const plain = text([completedBackup()], { public_url: undefined });
    expect(plain).toContain("Size: 1.5 MB");
    expect(plain).not.toMatch(/Why|Next|Restore|null|undefined|https/);
  });

  it.each(LANGUAGES)("has words for every kind, in one line, alone and counted: %s", (language) => {
    const words = wordsOf(language);
    for (const kind of NOTICE_KINDS) {
      const { subject, items: [item] } = describeDigest(digestOf([richNotice(kind)], { language }));
      expect(subject).toMatch(/^\[SafeBase\] \S.*\S$/);
      expect(item?.what).toBe(words.what[kind]);
      const [one, many] = words.counted[kind];
      expect(one.length > 0 && many.length > 0).toBe(true);
      expect(JSON.stringify(item)).not.toMatch(/undefined|null|NaN|\[object/);
    }
  });

  it.each([
    ["objective_missed", "The newest verified backup is 2 days, 2 hours old; it may be 1 day old at most."],
    ["storage_nearly_full", "50 GB of 1 TB are free (5%)."],
    ["login_new_place", "From 203.0.113.9, with Firefox on Linux."],
    ["scheduler_lost", "It was last heard from on 2 January 2026 at 03:04:05 UTC."],
    ["scheduler_back", "It is back; nothing had been heard from it since 2 January 2026 at 03:04:05 UTC."],
    ["server_databases_changed", "New, registered: shop, stock. No longer on the server: old and 3 more; their backups stay."],
    ["backup_skipped", "The previous backup was not over yet."],
    ["backup_expired", "Retention removed 3 backups, 1.2 GB."],
  ] as const)("tells the reason of %s", (kind, why) => {
    expect(describeDigest(digestOf([richNotice(kind)])).items[0]?.why).toBe(why);
  });

  it("says that there is no backup yet", () => {
    const notice = noticeOf("objective_missed", "x", AT, { objective: { kind: "backup", limit_s: 3600, age_s: null } });
    expect(describeDigest(digestOf([notice])).items[0]?.why).toBe("There is no backup yet; the newest may be 1 hour old at most.");
    expect(describeDigest(digestOf([notice], { language: "fr" })).items[0]?.why).toBe("Il n’y a pas encore de sauvegarde ; l’âge maximal de la plus récente est de 1 heure.");
  });

  it("says in the channel's language why a backup was skipped", () => {
    const notice = noticeOf("backup_skipped", "x", AT, { error: { code: "conflict", message: "backup 1 was still running", hint: "plan fewer backups" } });
    const [item] = describeDigest(digestOf([notice], { language: "fr" })).items;
    expect(item).toMatchObject({ why: "La sauvegarde précédente n’était pas terminée.", next: "Si cela se répète, espacez davantage les sauvegardes." });
  });

  it("says that a test is one", () => {
    const message = describeDigest(digestOf([failedBackup()], { test: true }));
    expect(message.subject).toBe("[SafeBase] Test: Backup failed: shop <prod> & co");
    expect(toText(message)).toContain("This is a test message");
    expect(toHtml(message)).toContain("This is a test message");
    expect(describeDigest(digestOf([], { test: true })).subject).toContain("This is a test message");
  });

  it("holds nothing of a name as HTML or as a header", () => {
    const message = describeDigest(digestOf([failedBackup({ database: { id: 1, name: "<img src=x>\r\nBcc: all@example.org\u202E", type: "mysql" } })]));
    expect(message.subject).toBe("[SafeBase] Backup failed: <img src=x> Bcc: all@example.org");
    expect(toHtml(message)).not.toContain("<img");
    expect(toHtml(message)).toContain("&lt;img src=x&gt;");
  });
});

describe("many notices in words", () => {
  it("counts them, the worst first, and gives each a line", () => {
    const notices = [...Array.from({ length: 3 }, () => completedBackup()), ...manyFailures(48), richNotice("restore_failed")];
    const message = describeDigest(digestOf(notices));
    expect(message.subject).toBe("[SafeBase] 52 notices: 48 backups failed, 1 restore failed, 3 backups completed");
    expect(message.severity).toBe("critical");
    const lines = toText(message).split("\n").filter((line) => line.startsWith("- "));
    expect(lines).toHaveLength(52);
    expect(lines[3]).toMatch(/^- Backup failed: db-0 — the server refused the password of user 0 → .* \(.*UTC\)$/);
    expect(toHtml(message).match(/<tr>/g)).toHaveLength(52);
  });
});

function richNotice(kind: NoticeKind): Notice {
  const service = { name: kind.split("_")[0]!, id: "host-1", group: null, last_seen_at: AT };
  return noticeOf(kind, kind, AT, {
    user_email: "ada@example.org",
    ...(kind.startsWith("objective") ? { objective: { kind: "verification" as const, limit_s: 86_400, age_s: 180_000 } } : {}),
    ...(kind.startsWith("storage") ? { storage: { id: "local:default", used_bytes: 95e10, free_bytes: 5e10, total_bytes: 1e12 } } : {}),
    ...(kind.startsWith("login") ? { login: { ip: "203.0.113.9", user_agent: "Firefox on Linux" } } : {}),
    ...(kind === "server_databases_changed" ? { server: { id: 3, name: "db-1", changes: [{ what: "added" as const, count: 2, names: ["shop", "stock"] }, { what: "vanished" as const, count: 4, names: ["old"] }] } } : {}),
    ...(/_(lost|back)$/.test(kind) ? { service } : {}),
    ...(kind === "backup_expired" ? { count: 3, size_bytes: 1.2e9 } : {}),
  });
}
