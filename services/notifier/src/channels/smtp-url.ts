import { SafebaseError } from "@safebase/contracts";
import { decoded } from "./secrets.ts";

/** Where mails are handed over, and how. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** Without STARTTLS nothing is sent. */
  readonly require_tls: boolean;
  readonly ignore_tls: boolean;
  readonly reject_unauthorized: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | undefined;
}

const OPTIONS = ["requireTLS", "ignoreTLS", "tls.rejectUnauthorized"] as const;

/**
 * Reads `smtp://` and `smtps://` addresses with the options that nodemailer names. It is not left to nodemailer: that
 * takes any option from an address, to start programs and to write passwords into the log among them.
 */
export function parseSmtpUrl(address: string): SmtpServer {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === "") throw bad("the address of the mail server must be like smtp://user:password@mail.example.org:587");
  for (const [name, value] of url.searchParams) {
    if (!OPTIONS.some((known) => known === name)) throw bad(`unknown option ${name} in the address of the mail server; known are ${OPTIONS.join(", ")}`);
    if (value !== "true" && value !== "false") throw bad(`the option ${name} in the address of the mail server must be true or false`);
  }
  const secure = url.protocol === "smtps:";
  const option = (name: (typeof OPTIONS)[number]): string | null => url.searchParams.get(name);
  return {
    host: decoded(url.hostname).replace(/^\[(.*)\]$/, "$1"), port: url.port === "" ? (secure ? 465 : 587) : Number(url.port), secure,
    require_tls: option("requireTLS") === "true", ignore_tls: option("ignoreTLS") === "true",
    reject_unauthorized: option("tls.rejectUnauthorized") !== "false",
    auth: url.username === "" && url.password === "" ? undefined : { user: decoded(url.username), pass: decoded(url.password) },
  };
}

function bad(message: string): SafebaseError {
  return new SafebaseError("bad_request", message);
}
