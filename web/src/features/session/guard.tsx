import { useLocation, useNavigate, type RouteSectionProps } from "@solidjs/router";
import { createEffect, lazy, Match, onMount, Suspense, Switch } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Toasts } from "../../ui/toasts.tsx";
import { findSession, session } from "./session.ts";

const FirstPassword = lazy(() => import("./first-password.tsx"));
const OPEN = { out: "/login", first: "/welcome" } as const;

/** Leads everybody to the page that fits: who is not logged in to that of the login, and back afterwards. */
export function Guard(props: RouteSectionProps) {
  const navigate = useNavigate();
  const location = useLocation();
  onMount(() => void findSession());
  const outside = (): boolean => location.pathname === OPEN.out || location.pathname === OPEN.first;
  const wanted = (): string => new URLSearchParams(location.search).get("to") ?? (location.pathname === OPEN.first ? "/start" : "/"); // the first account begins at the beginning
  createEffect(() => {
    const { state } = session();
    if (state === "in" && outside()) navigate(safePath(wanted()), { replace: true });
    if ((state === "out" || state === "first") && location.pathname !== OPEN[state]) {
      const here = location.pathname + location.search;
      navigate(state === "first" || here === "/" || outside() ? OPEN[state] : `${OPEN.out}?to=${encodeURIComponent(here)}`, { replace: true });
    }
  });
  const mustChange = (): boolean => { const now = session(); return now.state === "in" && now.must_change_password; };
  const fits = (): boolean => {
    const { state } = session();
    return state === "in" ? !outside() : (state === "out" || state === "first") && location.pathname === OPEN[state];
  };
  return (
    <>
      <Switch>
        <Match when={session().state === "error" && session()}>{(failed) => <Failed error={(failed() as { error: unknown }).error} />}</Match>
        <Match when={mustChange()}><Suspense><FirstPassword /></Suspense></Match>
        <Match when={fits()}><Suspense>{props.children}</Suspense></Match>
      </Switch>
      <Toasts />
    </>
  );
}

/** A path of ours and no other address: it came in the address bar. */
function safePath(path: string): string {
  return /^\/(?![/\\])/.test(path) ? path : "/";
}

function Failed(props: { error: unknown }) {
  return <main class="outside"><Problem error={props.error}><Button onClick={() => void findSession()}>{t().app.retry}</Button></Problem></main>;
}
