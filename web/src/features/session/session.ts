import { createSignal } from "solid-js";
import { ApiError, ask, auth, onSessionLost } from "../../api/client.ts";
import { startEvents, stopEvents } from "../../api/events.ts";
import { setScope } from "../../api/scope.ts";
import type { Me, User } from "../../api/types.ts";

/** Nobody knows yet; somebody; nobody; nobody, and there is no account at all. */
type Session = { state: "unknown" } | { state: "in"; user: User; rights: Me["rights"]; must_change_password: boolean } | { state: "out"; expired: boolean } | { state: "first" } | { state: "error"; error: unknown };

const [session, setSession] = createSignal<Session>({ state: "unknown" });

/** Who is logged in. The session itself is a cookie that no script reads. */
export { session };

onSessionLost(() => leave(true));

/** Asks whose the cookie is. */
export async function findSession(): Promise<void> {
  try {
    enter(await ask(auth.me.$get()));
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "unauthorized") { setSession({ state: "error", error }); return; }
    await findFirst();
  }
}

async function findFirst(): Promise<void> {
  try {
    const { first } = await ask(auth.registration.$get());
    setSession(first ? { state: "first" } : { state: "out", expired: false });
  } catch (error) {
    setSession({ state: "error", error });
  }
}

export async function login(email: string, password: string): Promise<void> {
  enter(await ask(auth.login.$post({ json: { email, password } })));
}

/** Makes the first account, the admin's, and logs it in. */
export async function createFirst(email: string, password: string): Promise<void> {
  await ask(auth.register.$post({ json: { email, password } }));
  await login(email, password);
}

export async function logout(): Promise<void> {
  await ask(auth.logout.$post({ json: {} }));
  leave(false);
}

/** Ends all sessions of the account, this one too. */
export async function logoutEverywhere(): Promise<void> {
  await ask(auth.logout.$post({ json: { everywhere: true } }));
  leave(false);
}

/** Changes the password; the answer is a new session, all others are over. */
export async function changePassword(password: string, new_password: string): Promise<void> {
  enter(await ask(auth.password.$post({ json: { password, new_password } })));
}

export async function changeEmail(email: string, password: string): Promise<void> {
  const { user, rights, must_change_password } = await ask(auth.email.$post({ json: { email, password } }));
  setSession({ state: "in", user, rights, must_change_password });
}

function enter({ user, rights, must_change_password }: Me): void {
  if (session().state !== "in") setScope("own");
  if (!must_change_password) startEvents();
  setSession({ state: "in", user, rights, must_change_password });
}

function leave(expired: boolean): void {
  stopEvents();
  setSession({ state: "out", expired });
}
