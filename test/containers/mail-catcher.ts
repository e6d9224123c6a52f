import { createServer } from "node:http";
import { startSmtp } from "@safebase/testing";

/** Stands in for the mail catcher of docker-compose.yml: takes every mail on its SMTP port, and shows all as JSON on its HTTP port. */
const { mails } = await startSmtp({ port: 1025, host: "0.0.0.0" });

createServer((_request, response) => response.setHeader("content-type", "application/json").end(JSON.stringify(mails))).listen(8025);
