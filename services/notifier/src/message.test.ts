import { describe, expect, it } from "vitest";
import { describeNotice, formatBytes, toHtml, toText } from "./message.ts";
import { completedBackup, failedBackup } from "./notice.fixture.ts";

describe("a notice in words", () => {
  it("names the database, what happened, the error and what to do", () => {
    const message = describeNotice(failedBackup({ at: "2026-01-02T03:04:05.000Z" }));
    expect(message.subject).toBe("[SafeBase] Backup failed: shop <prod> & co");
    expect(toText(message)).toBe([
      "Database: shop <prod> & co (postgresql, no. 7)",
      "What:     Backup failed",
      "Error:    the server refused the password of user “shop”",
      "Hint:     check the password",
      "Backup:   12",
      "Trigger:  scheduled",
      "Duration: 1.2 s",
      "Time:     2026-01-02T03:04:05.000Z",
      "Owner:    ada@example.org",
      "",
    ].join("\n"));
  });

  it("leaves out what is not there", () => {
    const text = toText(describeNotice(completedBackup()));
    expect(text).toContain("Size:     1.5 MB");
    expect(text).not.toMatch(/Error|Hint|Restore/);
  });

  it("holds nothing of a name as HTML or as a header", () => {
    const message = describeNotice(failedBackup({ database: { id: 1, name: "<img src=x>\r\nBcc: all@example.org", type: "mysql" } }));
    expect(message.subject).not.toMatch(/[\r\n]/);
    expect(toHtml(message)).not.toContain("<img");
    expect(toHtml(message)).toContain("&lt;img src=x&gt;");
  });

  it.each([[0, "0 B"], [999, "999 B"], [1_000, "1.0 kB"], [2_340_000_000, "2.3 GB"], [5e15, "5000.0 TB"]])("says %d bytes as %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
