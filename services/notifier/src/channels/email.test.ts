import type { ChannelConfig } from "@safebase/contracts";
import { freePort, startSmtp, until, type SmtpOptions } from "@safebase/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { failedBackup } from "../notice.fixture.ts";
import type { ChannelContext } from "./channel.ts";
import { contextOf, digestOf, failureOf, manyFailures, never, startMute, trustedCertificates, unknownCertificates } from "./channel-fixture.ts";
import { openChannel } from "./registry.ts";

const AUTH = { user: "bot", pass: "s3cr3t:P@ss" };
const LOGIN = `bot:${encodeURIComponent(AUTH.pass)}`;
const SECRETS = [AUTH.pass, encodeURIComponent(AUTH.pass), Buffer.from(AUTH.pass).toString("base64"), Buffer.from(`\0bot\0${AUTH.pass}`).toString("base64")];

type Email = Extract<ChannelConfig, { type: "email" }>;
const open = (over: Partial<Email>, context: Partial<ChannelContext> = {}) =>
  openChannel({ type: "email", to: ["ops@example.org"], ...over }, contextOf(context));

afterEach(() => { vi.useRealTimers(); });

describe("a mail", () => {
  it("tells in text and HTML, says that a program sent it, and returns the server's answer", async () => {
    await using smtp = await startSmtp();
    await using channel = open({ smtp_url: smtp.url });
    expect(await channel.deliver(digestOf(), never)).toMatch(/^250 /);
    const [mail] = smtp.mails;
    expect(mail).toMatchObject({ from: "safebase@example.org", to: ["ops@example.org"], secure: false });
    const raw = mail!.raw.replace(/=\r\n/g, "");
    for (const part of ["Subject: [SafeBase] Backup failed: shop <prod> & co", "From: SafeBase <safebase@example.org>", "Message-ID: <digest-1@safebase>", "Auto-Submitted: auto-generated", "multipart/alternative", "text/plain; charset=utf-8", "text/html; charset=utf-8", "shop &lt;prod&gt; &amp; co", "check the password"]) expect(raw).toContain(part);
  });

  it("has the same Message-ID when it is sent again", async () => {
    await using smtp = await startSmtp();
    for (let time = 0; time < 2; time++) await open({ smtp_url: smtp.url }).deliver(digestOf(undefined, { id: "no. 1\r\nBcc: x" }), never);
    expect(smtp.mails.map(({ raw }) => /^Message-ID: (.*)\r$/m.exec(raw)?.[1])).toEqual(["<no.-1--Bcc--x@safebase>", "<no.-1--Bcc--x@safebase>"]);
  });

  it("holds fifty lines for fifty notices", async () => {
    await using smtp = await startSmtp();
    await open({ smtp_url: smtp.url }).deliver(digestOf(manyFailures(50)), never);
    expect(smtp.mails).toHaveLength(1);
    expect(smtp.mails[0]!.raw).toContain("Subject: [SafeBase] 50 notices: 50 backups failed");
    expect(smtp.mails[0]!.raw.match(/^- Backup failed: db-\d+/gm)).toHaveLength(50);
  });

  it("goes to all addresses in one, and gets no header from a name", async () => {
    await using smtp = await startSmtp();
    const notice = failedBackup({ database: { id: 1, name: "a\r\nBcc: evil@example.org\r\n\r\nbody", type: "mysql" } });
    await open({ smtp_url: smtp.url, to: ["a@example.org", "b@example.org"], from: "Backups <b@example.org>\r\nX-Evil: 1" }).deliver(digestOf([notice]), never);
    expect(smtp.mails).toHaveLength(1);
    expect(smtp.mails[0]!.to).toEqual(["a@example.org", "b@example.org"]);
    expect(smtp.mails[0]!.raw).not.toMatch(/^(Bcc|X-Evil):/m);
  });

  it("reads no file and no address that stands in a name", async () => {
    await using smtp = await startSmtp();
    await open({ smtp_url: smtp.url }).deliver(digestOf([failedBackup({ database: { id: 1, name: "file:///etc/passwd", type: "mysql" } })]), never);
    expect(smtp.mails[0]!.raw).not.toContain("root:");
  });
});

describe("the mail server", () => {
  it("is the channel's own, else that of the configuration, and there must be one", async () => {
    await using own = await startSmtp();
    await using configured = await startSmtp();
    await open({ smtp_url: own.url }, { smtp_url: configured.url }).deliver(digestOf(), never);
    await open({}, { smtp_url: configured.url, allowed_targets: [] }).deliver(digestOf(), never);
    expect([own.mails.length, configured.mails.length]).toEqual([1, 1]);
    expect(() => open({})).toThrow(expect.objectContaining({ code: "bad_request", hint: expect.stringContaining("SAFEBASE_SMTP_URL") as string }));
  });

  it("is not the machine itself, unless that is allowed", async () => {
    await using smtp = await startSmtp();
    for (const host of ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"]) {
      const failure = await failureOf(open({ smtp_url: `smtp://${host}:${smtp.port}` }, { allowed_targets: [] }));
      expect([failure.code, failure.permanent, failure.message]).toEqual(["bad_request", true, expect.stringContaining("neither a channel nor a storage may lead there")]);
    }
    expect(smtp.mails).toHaveLength(0);
  });

  it("is spoken to in TLS when it offers STARTTLS, or from the first byte, with a login", async () => {
    using tls = trustedCertificates();
    await using starttls = await startSmtp({ tls, auth: AUTH });
    await using implicit = await startSmtp({ tls, auth: AUTH, implicit_tls: true });
    await open({ smtp_url: `smtp://${LOGIN}@localhost:${starttls.port}` }).deliver(digestOf(), never);
    await open({ smtp_url: `smtps://${LOGIN}@localhost:${implicit.port}` }).deliver(digestOf(), never);
    for (const { mails } of [starttls, implicit]) expect(mails[0]).toMatchObject({ secure: true, user: "bot" });
  });

  it("must encrypt when that is required", async () => {
    await using smtp = await startSmtp();
    const failure = await failureOf(open({ smtp_url: `${smtp.url}?requireTLS=true` }));
    expect(failure.code).toBe("tls_failed");
    expect(smtp.mails).toHaveLength(0);
  });

  it("must have a certificate that is trusted, unless any will do", async () => {
    using tls = unknownCertificates();
    await using smtp = await startSmtp({ tls });
    await using implicit = await startSmtp({ tls, implicit_tls: true });
    for (const url of [`smtp://localhost:${smtp.port}`, `smtps://localhost:${implicit.port}`]) {
      const failure = await failureOf(open({ smtp_url: url }));
      expect([failure.code, failure.message]).toEqual(["tls_failed", expect.stringMatching(/^the certificate of localhost:\d+ is signed by an authority/)]);
      expect(await open({ smtp_url: `${url}?tls.rejectUnauthorized=false` }).deliver(digestOf(), never)).toMatch(/^250 /);
    }
    expect([smtp.mails.length, implicit.mails.length]).toEqual([1, 1]);
  });

  it("may refuse the login: nobody learns the password by that", async () => {
    await using smtp = await startSmtp({ auth: { user: "bot", pass: "another" } });
    const failure = await failureOf(open({ smtp_url: `smtp://${LOGIN}@127.0.0.1:${smtp.port}` }), digestOf(), SECRETS);
    expect([failure.code, failure.permanent, failure.message]).toEqual(["auth_failed", true, expect.stringMatching(/^the mail server 127\.0\.0\.1:\d+ refused the login: 535 /)]);
  });

  it.each<[string, SmtpOptions, boolean, RegExp]>([
    ["everybody, for good", { refuse: () => ({ code: 550, message: "5.1.1 no such user" }) }, true, /did not take the mail: 550 5\.1\.1 no such user/],
    ["everybody, for now", { refuse: () => ({ code: 450, message: "4.2.0 greylisted" }) }, false, /did not take the mail: 450 4\.2\.0 greylisted/],
    ["one of two for good", { refuse: (to) => (to.startsWith("b@") ? { code: 550, message: "5.1.1 no such user" } : undefined) }, true, /took the mail, but not for b@example\.org/],
    ["the mail itself", { refuse_data: { code: 552, message: "5.3.4 too big" } }, true, /did not take the mail: 552 5\.3\.4 too big/],
    ["the mail for now", { refuse_data: { code: 451, message: "4.3.0 try later" } }, false, /did not take the mail: 451 4\.3\.0 try later/],
  ])("may refuse %s", async (_, options, permanent, message) => {
    await using smtp = await startSmtp(options);
    const failure = await failureOf(open({ smtp_url: smtp.url, to: ["a@example.org", "b@example.org"] }));
    expect(failure.message).toMatch(message);
    expect(failure.permanent).toBe(permanent);
  });

  it("may put one of two off, who then gets the mail without the other getting it again", async () => {
    let greylisted = true;
    await using smtp = await startSmtp({ refuse: (to) => (greylisted && to.startsWith("b@") ? { code: 450, message: "4.2.0 greylisted" } : undefined) });
    const digest = digestOf(manyFailures(2));
    const channel = { smtp_url: smtp.url, to: ["a@example.org", "b@example.org"] };
    const failure = await failureOf(open(channel), digest);
    expect([failure.permanent, failure.partial, failure.message]).toEqual([false, false, expect.stringMatching(/took the mail, but not for b@example\.org: 450 4\.2\.0 greylisted/)]);
    greylisted = false;
    await open(channel).deliver(digest, never);
    expect(smtp.mails.map(({ to }) => to)).toEqual([["a@example.org"], ["b@example.org"]]);
    await open(channel).deliver(digestOf([...digest.notices, failedBackup({ id: "another" })]), never);
    expect(smtp.mails[2]!.to).toEqual(channel.to);
  });

  it("may not be there, or may not be known", async () => {
    const port = await freePort();
    expect((await failureOf(open({ smtp_url: `smtp://${LOGIN}@127.0.0.1:${port}` }), digestOf(), SECRETS)).message)
      .toBe(`127.0.0.1:${port} refused the connection: nothing listens there (ECONNREFUSED)`);
    expect((await failureOf(open({ smtp_url: `smtp://${LOGIN}@no-such-host.invalid` }), digestOf(), SECRETS)).message).toMatch(/^no-such-host\.invalid:587 (is not known|could not be looked up)/);
  });

  it("gets 15 seconds for a word, and none after the end", async () => {
    await using mute = await startMute();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    const failure = failureOf(open({ smtp_url: `smtp://127.0.0.1:${mute.port}` }));
    await until("the connection", () => mute.calls() === 1);
    await until("its timers", () => vi.getTimerCount() > 0);
    vi.advanceTimersByTime(15_100);
    expect((await failure).message).toContain(`127.0.0.1:${mute.port}`);
    vi.useRealTimers();
    const stop = new AbortController();
    const delivered = open({ smtp_url: `smtp://127.0.0.1:${mute.port}` }).deliver(digestOf(), stop.signal);
    await until("the connection", () => mute.calls() === 2);
    stop.abort();
    await expect(delivered).rejects.toThrow("stopped before it was delivered");
  });

  it("has an address that is understood", () => {
    expect(() => open({ smtp_url: "smtp://host/?sendmail=true&path=/bin/sh" })).toThrow(expect.objectContaining({ code: "bad_request", message: expect.stringContaining("option sendmail") as string }));
  });
});
