import { z } from "zod";
import { isKey } from "../keys.ts";

const WHOLE_URL = "must be an address like https://s3.example.com, without user, path or query";

/** Whether an address names a server and nothing else. */
function isEndpoint(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return /^https?:$/.test(url.protocol) && url.pathname === "/" && `${url.username}${url.password}${url.search}${url.hash}` === "";
}

/** How a bucket of an S3-compatible server is reached, and what the server shall do with what is stored. */
export const s3ConfigSchema = z.strictObject({
  type: z.literal("s3"),
  id: z.string().min(1),
  /** The server; AWS itself when it is left out. */
  endpoint: z.string().refine(isEndpoint, WHOLE_URL).optional(),
  region: z.string().regex(/^[A-Za-z0-9-]{1,64}$/, "must be the name of a region, as eu-central-1").default("us-east-1"),
  bucket: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{2,62}$/, "must be the name of a bucket: 3 to 63 letters, digits, dots and hyphens"),
  /** Everything lies below it; other things may lie beside it. */
  prefix: z.string().transform((value) => value.replace(/\/+$/, "")).refine((value) => value === "" || isKey(value), "must be a path without empty, . or .. segments, as backups/prod").default(""),
  access_key_id: z.string().min(1).max(256),
  secret_access_key: z.string().min(1).max(1024),
  session_token: z.string().min(1).max(8192).optional(),
  /** Bucket in the path or in the host name; when left out: in the path for an endpoint, in the name for AWS. */
  path_style: z.boolean().optional(),
  /** A certificate authority in PEM, beside those that the machine trusts. */
  ca: z.string().includes("-----BEGIN CERTIFICATE-----", { error: "must be a certificate in PEM" }).optional(),
  storage_class: z.string().regex(/^[A-Z0-9_]{1,64}$/, "must be a class like STANDARD_IA").optional(),
  encryption: z.enum(["AES256", "aws:kms"]).optional(),
  kms_key_id: z.string().min(1).max(2048).optional(),
  /** Object lock: nobody, or with `governance` nobody without that right, removes an object for so many days. */
  lock_mode: z.enum(["governance", "compliance"]).optional(),
  lock_days: z.int().min(1).max(36_500).optional(),
  /** Equal parts of this size (R2 wants them equal). When left out they grow, up to objects of 5 TB. */
  part_size_mib: z.int().min(5).max(5_000).optional(),
  /** How long a server may keep silent. */
  timeout_s: z.int().min(1).max(3_600).default(60),
}).superRefine((config, context) => {
  const wrong = (field: string, message: string): void => { context.addIssue({ code: "custom", path: [field], message }); };
  if (config.kms_key_id !== undefined && config.encryption !== "aws:kms") wrong("kms_key_id", "must come with encryption: aws:kms");
  if (config.lock_days !== undefined && config.lock_mode === undefined) wrong("lock_mode", "must be governance or compliance when lock_days is given");
  if (config.lock_mode !== undefined && config.lock_days === undefined) wrong("lock_days", "must say for how many days when lock_mode is given");
});
export type S3Config = z.infer<typeof s3ConfigSchema>;

/** The fields that are secret. */
export const S3_SECRETS = ["secret_access_key", "session_token"] as const;
