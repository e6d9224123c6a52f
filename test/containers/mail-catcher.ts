import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

/** Stands in for the mail catcher of docker-compose.yml: takes every mail on its SMTP port, and shows all as JSON on its HTTP port. */
const mails: { to: string[]; raw: string }[] = [];

new SMTPServer({
  authOptional: true, disabledCommands: ["STARTTLS"],
  onData(stream, session, done) {
    text(stream).then((raw) => { mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw }); done(); }, done);
  },
}).listen(1025);

createServer((_request, response) => response.setHeader("content-type", "application/json").end(JSON.stringify(mails))).listen(8025);
