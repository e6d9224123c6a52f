import { z } from "@hono/zod-openapi";
import { RIGHTS, rightsOf } from "../../auth/rights.ts";
import type { TokenClaims } from "../../auth/tokens.ts";
import { ROLES } from "../../catalog/schema.ts";
import type { User as UserRow } from "../../catalog/schema.ts";
import { Time } from "../schemas.ts";

/** Longer passwords only cost time to hash; shorter ones are guessed. */
const PASSWORD_MIN = 8;
const PASSWORD_MAX = 1024;

export const Email = z.string().max(254).pipe(z.email("must be an email address"));
export const Role = z.enum(ROLES);

export const RegisterBody = z.strictObject({
  email: Email,
  password: z.string().min(PASSWORD_MIN).max(PASSWORD_MAX),
  role: Role.optional(),
}).openapi("Register");

export const LoginBody = z.strictObject({ email: z.string().max(254), password: z.string().max(PASSWORD_MAX) }).openapi("Login");

export const PasswordBody = z.strictObject({ password: z.string().max(PASSWORD_MAX), new_password: z.string().min(PASSWORD_MIN).max(PASSWORD_MAX) }).openapi("PasswordChange");

export const EmailBody = z.strictObject({ email: Email, password: z.string().max(PASSWORD_MAX) }).openapi("EmailChange");

export const LogoutBody = z.strictObject({ everywhere: z.boolean().optional().openapi({ description: "Default: false" }) }).openapi("Logout");

export const UserView = z.object({ id: z.int(), email: z.string(), role: Role, created_at: Time }).openapi("User");

const Allowed = z.array(z.enum(RIGHTS));
/** Who it is, and what he may do: a page shows nothing that would be refused. */
export const MeView = z.object({
  user: UserView, rights: z.object({ own: Allowed, others: Allowed }).openapi({ description: "What the role, or the API token, may do with its own things, and with those of others" }),
  must_change_password: z.boolean().openapi({ description: "An admin gave the password out: POST /auth/password comes first" }),
}).openapi("Me");
export const SessionView = MeView.extend({ token: z.string().openapi({ description: "For Authorization: Bearer; holds for 24 hours" }) }).openapi("Session");

export function viewUser(row: UserRow): z.infer<typeof UserView> {
  return { id: row.id, email: row.email, role: row.role, created_at: row.created_at };
}

/** `claims`: of what he shows; a new session has none yet. */
export function viewMe(row: UserRow, claims?: TokenClaims): z.infer<typeof MeView> {
  const most = claims === undefined || claims.api_token_id === null ? undefined : claims.rights;
  const { own, others } = rightsOf(row.role, most);
  return { user: viewUser(row), rights: { own: [...own], others: [...others] }, must_change_password: row.password_expires_at !== null };
}
