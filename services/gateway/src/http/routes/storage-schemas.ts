import { z } from "@hono/zod-openapi";
import { ERROR_CODES, StorageName, StorageTestReply } from "@safebase/contracts";
import { storageConfigSchema } from "@safebase/storage";
import { BodyId, Group, Time } from "../schemas.ts";

const [local, s3, sftp] = storageConfigSchema.options;
const TYPES = storageConfigSchema.options.map(({ shape }) => shape.type.value);

/** A config without its id, which is the storage's name. How its fields fit together is looked at by the verbs. */
const StorageConfigBody = z.discriminatedUnion("type", [withoutId(local.shape), withoutId(s3.shape), withoutId(sftp.shape)], {
  error: ({ code }) => (code === "invalid_union" ? "must be local, s3 or sftp" : undefined),
}).describe("Where it lies and how it is reached. Kept sealed; secrets never come back");

function withoutId<Shape extends { id: z.ZodType }>(whole: Shape) {
  const { id: _, ...shape } = whole;
  return z.strictObject(shape);
}

const settings = {
  shared: z.boolean().optional().openapi({ description: "Everybody may store there. For admins" }),
  encryption_key_id: BodyId.nullable().optional().openapi({ description: "A key that everything that goes there is encrypted with, whatever its database says" }),
};

export const CreateBody = z.strictObject({ name: StorageName, config: StorageConfigBody, ...settings });
export const UpdateBody = z.strictObject({
  name: z.string().max(100).optional().openapi({ description: "Never changes: may be repeated" }),
  config: z.record(z.string(), z.unknown()).optional().openapi({ description: "What is left out stays; null takes an optional field away; another type begins anew. Secrets are given again when the address changes" }),
  ...settings,
});

const OfGroup = Group.optional().openapi({ description: "Of which executors one tries; default: the installation's own" });
export const TestBody = z.strictObject({ group: OfGroup });
export const TestUnsavedBody = z.strictObject({ config: StorageConfigBody, group: OfGroup });
const tried = { steps: StorageTestReply.shape.steps, elapsed_ms: z.number() };
export const TestResult = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), ...tried }),
  z.object({ ok: z.literal(false), error: z.string(), code: z.enum(ERROR_CODES), hint: z.string().optional(), ...tried }),
]);

const bytes = z.number().nullable().openapi({ description: "For admins and the storage's owner" });
export const StorageView = z.object({
  id: z.int(), user_id: z.int().nullable(), name: z.string(), type: z.enum(TYPES), target: z.string().openapi({ description: "Where it leads, in short", example: "s3.example.org/backups/prod" }),
  config: z.looseObject({ type: z.enum(TYPES) }).openapi({ description: "What is no secret of it, for those who may change it" }),
  secret_fields: z.array(z.string()).openapi({ description: "Fields of config that are set and not shown" }),
  shared: z.boolean(), encryption_key_id: z.int().nullable(),
  copies: z.object({ count: z.int(), bytes: z.number() }).openapi({ description: "Of one's own backups there; of everybody's with scope=all" }),
  status: z.array(z.object({
    group: z.string().openapi({ description: "The executors that looked" }),
    used_percent: z.number().nullable().openapi({ description: "Of the disk below it, whoever filled it; null where it has no end" }), nearly_full: z.boolean(),
    used_bytes: bytes, free_bytes: bytes, total_bytes: bytes, checked_at: Time,
    reachable: z.boolean().openapi({ description: "Then" }), since: Time.nullable().openapi({ description: "Since when it is, or is not" }), error_code: z.enum(ERROR_CODES).nullable(),
    error_msg: z.string().nullable().openapi({ description: "For admins and the storage's owner" }), error_hint: z.string().nullable(),
  })), created_at: Time, updated_at: Time,
}).openapi("Storage");
