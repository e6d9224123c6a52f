import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import { until } from "./until.ts";

export interface Mail { from: string; to: string[]; raw: string }

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

/** A mail server on loopback that keeps what it is sent; on a port of its own unless one is given. */
export async function startSmtp(options: { port?: number } = {}): Promise<SmtpFixture> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      text(stream).then((raw) => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({ from: mailFrom ? mailFrom.address : "", to: rcptTo.map((each) => each.address), raw });
        done();
      }, done);
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", () => resolve());
  });
  const { port } = server.server.address() as AddressInfo;
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return {
    url: `smtp://127.0.0.1:${port}`, host: "127.0.0.1", port, mails, stop,
    waitForMail: (fits = () => true, timeout_ms = 15_000) => until("a mail", () => mails.find(fits), { timeout_ms }),
    [Symbol.asyncDispose]: stop,
  };
}
