import { z } from "zod";

/** A folder of a server that speaks SFTP. */
export const sftpConfigSchema = z.strictObject({
  type: z.literal("sftp"),
  id: z.string().min(1),
  host: z.string().regex(/^[A-Za-z0-9._:-]{1,253}$/, "must be a host name or an address"),
  port: z.int().min(1).max(65_535).default(22),
  username: z.string().min(1).max(256),
  password: z.string().min(1).max(1024).optional(),
  private_key: z.string().includes("PRIVATE KEY-----", { error: "must be a private key in PEM or OpenSSH's format" }).optional(),
  passphrase: z.string().min(1).max(1024).optional(),
  /** The server that has another key is not talked to. `ssh-keyscan HOST | ssh-keygen -lf -` prints it. */
  host_fingerprint: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, "must be the fingerprint of the server's key, as SHA256: and 43 characters; `ssh-keyscan HOST | ssh-keygen -lf -` prints it"),
  /** Where everything lies; relative to the folder in which the server lets the user in. */
  root: z.string().min(1).max(1024).refine((value) => !value.includes("\0"), "must be a path"),
  /** How long the server may keep silent. */
  timeout_s: z.int().min(1).max(3_600).default(60),
}).superRefine((config, context) => {
  const wrong = (field: string, message: string): void => { context.addIssue({ code: "custom", path: [field], message }); };
  if (config.password === undefined && config.private_key === undefined) wrong("password", "is needed, or a private_key");
  if (config.passphrase !== undefined && config.private_key === undefined) wrong("passphrase", "must come with a private_key");
});
export type SftpConfig = z.infer<typeof sftpConfigSchema>;

/** The fields that are secret. */
export const SFTP_SECRETS = ["password", "private_key", "passphrase"] as const;
