import { z } from "@hono/zod-openapi";
import { ROLES } from "../../catalog/schema.ts";
import type { User as UserRow } from "../../catalog/schema.ts";
import { Time } from "../schemas.ts";

/** Longer passwords only cost time to hash; shorter ones are guessed. */
const PASSWORD_MIN = 8;
const PASSWORD_MAX = 1024;

const Email = z.string().max(254).pipe(z.email("must be an email address"));
export const Role = z.enum(ROLES);

export const RegisterBody = z.strictObject({
  email: Email,
  password: z.string().min(PASSWORD_MIN).max(PASSWORD_MAX),
  role: Role.optional(),
}).openapi("Register");

export const LoginBody = z.strictObject({ email: z.string().max(254), password: z.string().max(PASSWORD_MAX) }).openapi("Login");

export const PasswordBody = z.strictObject({ password: z.string().max(PASSWORD_MAX), new_password: z.string().min(PASSWORD_MIN).max(PASSWORD_MAX) }).openapi("PasswordChange");

export const LogoutBody = z.strictObject({ everywhere: z.boolean().optional().openapi({ description: "Default: false" }) }).openapi("Logout");

export const UserView = z.object({ id: z.int(), email: z.string(), role: Role, created_at: Time }).openapi("User");
export const SessionView = z.object({ user: UserView, token: z.string().openapi({ description: "For Authorization: Bearer; holds for 24 hours" }) }).openapi("Session");

export function viewUser(row: UserRow): z.infer<typeof UserView> {
  return { id: row.id, email: row.email, role: row.role, created_at: row.created_at };
}
