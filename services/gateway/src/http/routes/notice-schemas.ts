import { CHANNEL_TYPES, Notice, NOTICE_KINDS, SEVERITIES } from "@safebase/contracts";
import { z } from "@hono/zod-openapi";
import { NOTIFICATION_STATUSES } from "../../catalog/schema.ts";
import { Time } from "../schemas.ts";

export const NoticeKind = z.enum(NOTICE_KINDS);
export const Severity = z.enum(SEVERITIES);
export const NotificationStatus = z.enum(NOTIFICATION_STATUSES);

const sentence = z.string().openapi({ description: "What it says, in English", example: "Backup 7 of shop failed: no answer from db.example" });

export const NoticeView = Notice.extend({ sentence }).openapi("Notice");

export const NotificationView = z.object({
  id: z.int(), user_id: z.int().nullable(), channel: z.object({ id: z.int(), name: z.string(), type: z.enum(CHANNEL_TYPES) }),
  notice: z.object({
    id: z.string(), kind: NoticeKind, severity: Severity, at: Time, database: Notice.shape.database,
    backup_id: z.int().nullable(), restore_id: z.int().nullable(), verification_id: z.int().nullable(), sentence,
  }),
  status: NotificationStatus, attempts: z.int(), answer: z.string().nullable().openapi({ description: "What the other side said", example: "HTTP 200 ok" }),
  error: z.string().nullable(), group_size: z.int().nullable().openapi({ description: "How many were told in the same message" }),
  created_at: Time, published_at: Time.nullable(), last_tried_at: Time.nullable(), next_try_at: Time.nullable(), finished_at: Time.nullable(),
}).openapi("Notification");
