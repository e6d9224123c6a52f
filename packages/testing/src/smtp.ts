import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import type { Certificates } from "./certificates.ts";
import { until } from "./until.ts";

export interface Mail { from: string; to: string[]; raw: string; /** Came encrypted. */ secure: boolean; /** Who logged in to send it. */ user: string | undefined }

export interface SmtpFixture extends AsyncDisposable {
  url: string;
  host: string;
  port: number;
  /** Every mail so far, oldest first. */
  mails: Mail[];
  /** The first mail that fits, waiting for it. */
  waitForMail(fits?: (mail: Mail) => boolean, timeout_ms?: number): Promise<Mail>;
  stop(): Promise<void>;
}

export interface SmtpOptions {
  port?: number;
  /** Where it listens instead of on loopback. */
  host?: string;
  /** Offers STARTTLS; with `implicit_tls` it speaks TLS from the first byte. */
  tls?: Certificates;
  implicit_tls?: boolean;
  /** Takes no mail without this login. */
  auth?: { user: string; pass: string };
  /** The answer with which a recipient is refused. */
  refuse?(this: void, recipient: string): { code: number; message: string } | undefined;
  /** The answer with which every mail is refused once it has been sent. */
  refuse_data?: { code: number; message: string };
}

/** A mail server on loopback that keeps what it is sent; on a port of its own unless one is given. */
export async function startSmtp(options: SmtpOptions = {}): Promise<SmtpFixture> {
  const mails: Mail[] = [];
  const server = new SMTPServer({ ...securityOf(options), ...refusalsOf(options),
    onData(stream, session, done) {
      text(stream).then((raw) => {
        if (options.refuse_data !== undefined) return done(refusal(options.refuse_data));
        const { mailFrom, rcptTo } = session.envelope;
        const to = rcptTo.map((each) => each.address);
        mails.push({ from: mailFrom ? mailFrom.address : "", to, raw, secure: session.secure, user: session.user });
        return done();
      }, done);
    },
  });
  server.on("error", () => undefined); // of single connections, such as one that does not trust our certificate
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, options.host ?? "127.0.0.1", () => resolve());
  });
  const { port } = server.server.address() as AddressInfo;
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return {
    url: `smtp://127.0.0.1:${port}`, host: "127.0.0.1", port, mails, stop,
    waitForMail: (fits = () => true, timeout_ms = 15_000) => until("a mail", () => mails.find(fits), { timeout_ms }),
    [Symbol.asyncDispose]: stop,
  };
}

function securityOf({ tls, implicit_tls = false, auth }: SmtpOptions): SMTPServerOptions {
  return {
    secure: implicit_tls, ...(tls === undefined ? {} : { cert: readFileSync(tls.cert_path), key: readFileSync(tls.key_path) }),
    disabledCommands: [...(tls === undefined ? ["STARTTLS"] : []), ...(auth === undefined ? ["AUTH"] : [])],
    authOptional: auth === undefined,
    onAuth({ username, password }, _session, done) {
      if (username === auth?.user && password === auth?.pass) return done(null, { user: username ?? "" });
      return done(refusal({ code: 535, message: "5.7.8 authentication failed" }));
    },
  };
}

function refusalsOf({ refuse }: SmtpOptions): SMTPServerOptions {
  return {
    onRcptTo({ address }, _session, done) {
      const refused = refuse?.(address);
      done(refused === undefined ? null : refusal(refused));
    },
  };
}

function refusal({ code, message }: { code: number; message: string }): Error {
  return Object.assign(new Error(message), { responseCode: code });
}
