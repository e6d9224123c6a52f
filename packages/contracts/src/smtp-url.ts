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
 * What is wrong with the address of a mail server, as the rest of a sentence. Its options have nodemailer's names, but
 * the address is not left to nodemailer, which takes any option from there: to start programs, and to log passwords.
 */
export function smtpUrlProblem(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === "") return "must be like smtp://user:password@mail.example.org:587";
  for (const [name, value] of url.searchParams) {
    if (!OPTIONS.some((known) => known === name)) return `must not have the option ${name.slice(0, 60)}; known are ${OPTIONS.join(", ")}`;
    if (value !== "true" && value !== "false") return `must have true or false for the option ${name}`;
  }
  return undefined;
}

/** Reads an address without problems. */
export function parseSmtpUrl(address: string): SmtpServer {
  const url = new URL(address);
  const option = (name: (typeof OPTIONS)[number]): string | null => url.searchParams.get(name);
  const secure = url.protocol === "smtps:";
  return {
    host: decoded(url.hostname).replace(/^\[(.*)\]$/, "$1"), port: url.port === "" ? (secure ? 465 : 587) : Number(url.port), secure,
    require_tls: option("requireTLS") === "true", ignore_tls: option("ignoreTLS") === "true",
    reject_unauthorized: option("tls.rejectUnauthorized") !== "false",
    auth: url.username === "" && url.password === "" ? undefined : { user: decoded(url.username), pass: decoded(url.password) },
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a % that encodes nothing
  }
}
