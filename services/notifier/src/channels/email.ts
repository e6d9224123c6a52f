import { connect, type Socket } from "node:net";
import { parseSmtpUrl, SafebaseError, smtpUrlProblem, type ChannelConfig, type SmtpServer } from "@safebase/contracts";
import { ANY_TARGET, createTargets, type Targets } from "@safebase/runtime";
import type { NodemailerError, SendMailOptions, SMTPSentMessageInfo, SMTPTransportOptions } from "nodemailer";
import { describeDigest } from "../message.ts";
import { toHtml, toText } from "../message-text.ts";
import { oneLine, shorten } from "../text.ts";
import { DeliveryError, type Channel, type ChannelContext, type Digest } from "./channel.ts";
import { LIMIT_MS, STEP_LIMIT_MS } from "./http.ts";
import { connectionProblem } from "./problem.ts";
import { Recipients } from "./recipients.ts";
import { scrub } from "./secrets.ts";

const MAX_ANSWER = 300;
const CLOSE_LIMIT_MS = 1_000;

/** Outlives the channels, which are opened for one message. */
const deferred = new Recipients();

type EmailConfig = Extract<ChannelConfig, { type: "email" }>;

/** Mails to all addresses at once, through the channel's own server or that of the configuration. */
export function openEmail({ to, smtp_url, from }: EmailConfig, context: ChannelContext): Channel {
  const address = smtp_url ?? context.smtp_url;
  if (address === undefined) {
    throw new SafebaseError("bad_request", "there is no mail server to send mails with", {
      hint: "set SAFEBASE_SMTP_URL, or give the channel an smtp_url of its own",
    });
  }
  const problem = smtpUrlProblem(address);
  if (problem !== undefined) throw new SafebaseError("bad_request", `the address of the mail server ${problem}`);
  const server = parseSmtpUrl(address);
  const trusted = context.trusted || smtp_url === undefined; // our own configuration may name any server
  const targets = trusted ? ANY_TARGET : createTargets(context.allowed_targets);
  const name = `${server.host} ${to.join()}`;
  return {
    async deliver(digest, signal) {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
      const missing = deferred.missing(name, to, digest.notices);
      if (missing.length === 0) return "everybody has it already";
      const mail = { ...mailOf(digest), from: oneLine(from ?? context.mail_from), to: missing };
      try {
        const sent = await send(mail, server, targets, limited);
        if (sent.rejected.length > 0) deferred.remember(name, sent.accepted, digest.notices);
        return answerOf(sent, server);
      } catch (error) {
        throw problemOf(error as NodemailerError, server, signal);
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function mailOf(digest: Digest): SendMailOptions {
  const message = describeDigest(digest);
  return {
    subject: message.subject, text: toText(message), html: toHtml(message),
    messageId: `<${digest.id.replace(/[^\w.-]/g, "-")}@safebase>`, // the same when it is sent again
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
  };
}

async function send(mail: SendMailOptions, server: SmtpServer, targets: Targets, signal: AbortSignal): Promise<SMTPSentMessageInfo> {
  const { host, port, secure, auth } = server;
  const options: SMTPTransportOptions = {
    host, port, secure, ...(auth === undefined ? {} : { auth }),
    requireTLS: server.require_tls, ignoreTLS: server.ignore_tls, tls: { rejectUnauthorized: server.reject_unauthorized },
    connectionTimeout: STEP_LIMIT_MS, greetingTimeout: STEP_LIMIT_MS, socketTimeout: STEP_LIMIT_MS,
    disableFileAccess: true, disableUrlAccess: true, socketCloseTimeout: CLOSE_LIMIT_MS,
    // The connection is ours, so that its address is checked when it is made.
    getSocket(_, done) {
      dial(server, targets, signal).then((connection) => done(null, { connection }), (error: unknown) => done(error as Error));
    },
  };
  const { createTransport } = await import("nodemailer"); // loaded by who sends mail
  return createTransport(options).sendMail({ ...mail, signal });
}

function dial({ host, port }: SmtpServer, targets: Targets, signal: AbortSignal): Promise<Socket> {
  targets.checkHost(host); // an address is connected to without a lookup
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host, port, lookup: targets.lookup, signal });
  const timer = setTimeout(() => socket.destroy(new DeliveryError(`${host}:${port} could not be connected to within ${STEP_LIMIT_MS / 1000} s`)), STEP_LIMIT_MS);
  socket.once("error", reject).once("connect", () => resolve(socket));
  return promise.finally(() => clearTimeout(timer));
}

/** What the server answered, when it has taken the mail for everybody. Whom it puts off is tried again, alone. */
function answerOf({ response, rejected, rejectedErrors = [] }: SMTPSentMessageInfo, server: SmtpServer): string {
  if (rejected.length === 0) return clean(response, server);
  const for_good = rejectedErrors.some(({ permanent }) => permanent !== false);
  throw new DeliveryError(`the mail server ${server.host}:${server.port} took the mail, but not for ${rejected.join(", ")}: ${clean(rejectedErrors[0]?.response ?? "", server)}`, {
    permanent: for_good, partial: for_good, hint: for_good ? "take the address out of the channel, or mend it" : undefined,
  });
}

function problemOf(error: NodemailerError, server: SmtpServer, signal: AbortSignal): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const peer = `${server.host}:${server.port}`;
  const { response, responseCode } = error;
  if (error.code === "EAUTH") {
    return new DeliveryError(`the mail server ${peer} refused the login: ${clean(response ?? error.message, server)}`, {
      code: "auth_failed", permanent: responseCode === undefined || responseCode >= 500, cause: error,
    });
  }
  if (responseCode !== undefined && response !== undefined) {
    const code = error.code === "ETLS" ? "tls_failed" : "unreachable";
    return new DeliveryError(`the mail server ${peer} did not take the mail: ${clean(response, server)}`, { code, permanent: error.permanent ?? false, cause: error });
  }
  if (error.code === "ETLS") return new DeliveryError(`the mail server ${peer} does not encrypt: ${clean(error.message, server)}`, { code: "tls_failed", cause: error });
  return connectionProblem(error.originalCode === undefined ? error : Object.assign(new Error(error.message, { cause: error }), { code: error.originalCode }), peer, signal);
}

function clean(text: string, { auth }: SmtpServer): string {
  const secrets = auth === undefined ? [] : [auth.pass, Buffer.from(auth.pass).toString("base64"), Buffer.from(`\0${auth.user}\0${auth.pass}`).toString("base64")];
  return shorten(oneLine(scrub(text, secrets)), MAX_ANSWER);
}
