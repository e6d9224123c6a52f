import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { deleteCookie, setCookie } from "hono/cookie";
import { changeEmail } from "../../auth/change-email.ts";
import { changePassword } from "../../auth/change-password.ts";
import { login } from "../../auth/login.ts";
import { logout } from "../../auth/logout.ts";
import { register } from "../../auth/register.ts";
import { readRegistration } from "../../auth/registration.ts";
import { TOKEN_LIFE_S } from "../../auth/tokens.ts";
import type { Core, Deps } from "../../jobs/deps.ts";
import { optionalActor, requireActor, SESSION_COOKIE } from "../authentication.ts";
import { isHttps, originOf, type Ctx, type Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, errors, Message, needs, OPEN } from "../schemas.ts";
import { EmailBody, LoginBody, LogoutBody, MeView, PasswordBody, RegisterBody, SessionView, viewMe } from "./auth-schemas.ts";

const registerRoute = createRoute({
  method: "post", path: "/register", tags: ["auth"], ...OPEN, summary: "Make an account",
  description: "The first account is the admin. Later only an admin's token makes admins.",
  request: body(RegisterBody),
  responses: { 201: answer(SessionView, "The account, logged in"), ...errors(400, 403, 409, 413, 429) },
});

const registrationRoute = createRoute({
  method: "get", path: "/registration", tags: ["auth"], ...OPEN, summary: "Who may make an account",
  responses: { 200: answer(z.object({
    first: z.boolean().openapi({ description: "Nobody has one yet: the first is the admin" }), open: z.boolean().openapi({ description: "Anybody may make himself one" }),
  }), "How registration stands") },
});

const loginRoute = createRoute({
  method: "post", path: "/login", tags: ["auth"], ...OPEN, summary: "Log in",
  description: "Answers a token and sets it as an HttpOnly cookie too.",
  request: body(LoginBody),
  responses: { 200: answer(SessionView, "The session"), ...errors(400, 401, 413, 429) },
});

const logoutRoute = createRoute({
  method: "post", path: "/logout", tags: ["auth"], summary: "End this session", ...needs("self"),
  description: "`everywhere` ends all sessions of the account and revokes its download links. API tokens stay: DELETE /api/tokens/{id}.",
  request: { body: { content: { "application/json": { schema: LogoutBody } } } },
  responses: { 200: answer(Message, "The token holds no more"), ...errors(400, 401, 403, 409) },
});

const passwordRoute = createRoute({
  method: "post", path: "/password", tags: ["auth"], summary: "Change the password", ...needs("self"),
  description: "Ends all sessions of the account and revokes its download links; the answer is a new session. API tokens stay.",
  request: body(PasswordBody),
  responses: { 200: answer(SessionView, "The new session"), ...errors(400, 401, 403, 413, 429) },
});

const emailRoute = createRoute({
  method: "post", path: "/email", tags: ["auth"], summary: "Change the email", ...needs("self"), request: body(EmailBody),
  responses: { 200: answer(MeView, "The account, as it is now"), ...errors(400, 401, 403, 409, 413, 429) },
});

const meRoute = createRoute({
  method: "get", path: "/me", tags: ["auth"], summary: "Who am I", ...needs("self"),
  responses: { 200: answer(MeView, "The account of this token"), ...errors(401) },
});

export function authRoutes(deps: Deps) {
  const app = new OpenAPIHono<Env>({ defaultHook: refuseInvalid });
  app.use("/logout", requireActor(deps));
  app.use("/password", requireActor(deps));
  app.use("/email", requireActor(deps));
  app.use("/me", requireActor(deps));
  return app
    .openapi(registerRoute, async (c) => {
      const caller = await optionalActor(c, deps);
      const { user, token } = await register(deps, caller, originOf(c, deps.config.trust_proxy), c.req.valid("json"));
      return c.json({ ...viewMe(user), token }, 201);
    })
    .openapi(registrationRoute, async (c) => c.json(await readRegistration(deps), 200))
    .openapi(loginRoute, async (c) => {
      const { user, token } = await login(deps, originOf(c, deps.config.trust_proxy), c.req.valid("json"));
      setCookie(c, SESSION_COOKIE, token, cookieOptions(c, deps));
      return c.json({ ...viewMe(user), token }, 200);
    })
    .openapi(logoutRoute, async (c) => {
      const { everywhere = false } = c.req.valid("json");
      await logout(deps, c.get("actor"), c.get("claims"), everywhere);
      deleteCookie(c, SESSION_COOKIE, cookieOptions(c, deps));
      return c.json({ message: everywhere ? "logged out everywhere" : "logged out" }, 200);
    })
    .openapi(passwordRoute, async (c) => {
      const { user, token } = await changePassword(deps, c.get("actor"), c.get("claims"), c.get("user"), c.req.valid("json"));
      setCookie(c, SESSION_COOKIE, token, cookieOptions(c, deps));
      return c.json({ ...viewMe(user), token }, 200);
    })
    .openapi(emailRoute, async (c) => c.json(viewMe(await changeEmail(deps, c.get("actor"), c.get("claims"), c.req.valid("json"))), 200))
    .openapi(meRoute, (c) => c.json(viewMe(c.get("user"), c.get("claims")), 200));
}

function cookieOptions(c: Ctx, deps: Core) {
  return { httpOnly: true, sameSite: "Strict", path: "/", secure: isHttps(c, deps.config), maxAge: TOKEN_LIFE_S } as const;
}
