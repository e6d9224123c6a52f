import { createTransport } from "nodemailer";
import { describeNotice, toHtml, toText } from "../message.ts";
import type { ConfiguredChannel } from "../delivery.ts";
import { within } from "./within.ts";

const STEP_LIMIT_MS = 15_000; // to connect, to be greeted, and between any two answers
const LIMIT_MS = 45_000;

/** Mails failures: an alert that comes every night is not read. */
export function createEmailChannel({ smtp_url, from, to }: { smtp_url: string; from: string; to: string }): ConfiguredChannel {
  const transport = createTransport({
    url: smtp_url, connectionTimeout: STEP_LIMIT_MS, greetingTimeout: STEP_LIMIT_MS, socketTimeout: STEP_LIMIT_MS,
    dnsTimeout: STEP_LIMIT_MS, disableFileAccess: true, disableUrlAccess: true,
  });
  return {
    name: "email",
    wants: (notice) => notice.error !== null,
    async deliver(notice, signal) {
      const message = describeNotice(notice);
      await within(LIMIT_MS, signal, () => transport.sendMail({
        from, to, subject: message.subject, text: toText(message), html: toHtml(message), date: new Date(notice.at),
        messageId: `<${notice.id.replace(/[^\w.-]/g, "-")}@safebase>`, // the same when it is sent again
        headers: { "Auto-Submitted": "auto-generated" },
      }));
    },
  };
}
