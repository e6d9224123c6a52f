import { describe, expect, it } from "vitest";
import { ChannelConfig } from "./channels.ts";
import { parseSmtpUrl, smtpUrlProblem } from "./smtp-url.ts";

describe("the address of a mail server", () => {
  it.each([
    ["smtp://mail.example.org", { host: "mail.example.org", port: 587, secure: false, require_tls: false, reject_unauthorized: true, auth: undefined }],
    ["smtps://mail.example.org", { port: 465, secure: true }],
    ["smtp://bot:s3cr%40t:x@[::1]:2525/?requireTLS=true&tls.rejectUnauthorized=false", { host: "::1", port: 2525, require_tls: true, reject_unauthorized: false, auth: { user: "bot", pass: "s3cr@t:x" } }],
    ["smtp://bot:100%@mail.example.org?ignoreTLS=true", { ignore_tls: true, auth: { user: "bot", pass: "100%" } }],
  ])("is read: %s", (address, server) => {
    expect(smtpUrlProblem(address)).toBeUndefined();
    expect(parseSmtpUrl(address)).toMatchObject(server);
  });

  it.each([
    ["smtp://", /^must be like/], ["smtp://host:99999", /^must be like/], ["http://host/", /^must be like/], ["mail.example.org", /^must be like/],
    ["smtp://host/?sendmail=true&path=/bin/sh", /^must not have the option sendmail/], ["smtp://host/?proxy=http://169.254.169.254", /option proxy/],
    ["smtp://host/?logger=true", /option logger/], ["smtp://host/?host=elsewhere", /option host/], ["smtp://host/?requireTLS=maybe", /^must have true or false for the option requireTLS/],
  ])("is refused with a reason: %s", (address, problem) => {
    expect(smtpUrlProblem(address)).toMatch(problem);
    expect(ChannelConfig.safeParse({ type: "email", to: ["a@example.org"], smtp_url: address }).success).toBe(false);
  });

  it.each([["SafeBase <safebase@localhost>", true], ["backups@example.org", true], ["Backups", false], ["@example.org", false]])("may come with a sender: %s: %s", (from, fine) => {
    expect(ChannelConfig.safeParse({ type: "email", to: ["a@example.org"], from }).success).toBe(fine);
  });
});
