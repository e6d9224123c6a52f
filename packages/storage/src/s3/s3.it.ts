import { s3Missing, startS3 } from "@safebase/testing";
import type { S3Server } from "@safebase/testing";
import { afterAll, beforeAll, it } from "vitest";
import { storageContract } from "../contract-suite.ts";
import { openBucket } from "./testing.ts";

const missing = s3Missing("moto");
if (missing !== undefined) it.skip(missing);
else contract();

function contract(): void {
  let server: S3Server;
  beforeAll(async () => { server = await startS3("moto"); });
  afterAll(async () => { await server[Symbol.asyncDispose](); });

  storageContract("s3", {
    open: () => openBucket(server),
    openSmall: async () => "no S3 server here has a limit; what a full one answers is injected in faults.it.ts",
  });
}
