import { A, useLocation, type RouteSectionProps } from "@solidjs/router";
import { createEffect, createSignal, For, on, Show, Suspense } from "solid-js";
import { connected, restartEvents } from "../../api/events.ts";
import { scope } from "../../api/scope.ts";
import { t } from "../../i18n/i18n.ts";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { RestoreBar } from "../restores/bar.tsx";
import { may } from "../session/rights.ts";
import { session } from "../session/session.ts";
import { AccountMenu } from "./account-menu.tsx";
import { Bell } from "./bell.tsx";
import { Logo } from "./logo.tsx";
import { followBackups } from "./follow-backups.ts";
import "./shell.css";

const PLACES = [
  { href: "/", icon: "dashboard", name: "dashboard" }, { href: "/databases", icon: "database", name: "databases" }, { href: "/backups", icon: "archive", name: "backups" },
  { href: "/restores", icon: "restore", name: "restores" },
  { href: "/schedules", icon: "calendar", name: "schedules" },
  { href: "/servers", icon: "server", name: "servers" },
  { href: "/storages", icon: "storage", name: "storages" },
  { href: "/executors", icon: "executors", name: "executors" },
  { href: "/alerts", icon: "bell", name: "alerts" },
  { href: "/keys", icon: "key", name: "keys" },
] as const satisfies readonly { href: string; icon: IconName; name: string }[];

/** For those who run the installation. */
const ADMIN_PLACES = [
  { href: "/users", icon: "users", name: "users" }, { href: "/audit", icon: "list", name: "audit" }, { href: "/settings", icon: "gear", name: "settings" },
] as const satisfies readonly { href: string; icon: IconName; name: string }[];

/** What stands around every page of somebody who is logged in. */
export function Shell(props: RouteSectionProps) {
  const location = useLocation();
  const [open, setOpen] = createSignal(false);
  followBackups();
  // A new page is announced by its title, and its heading is where the keyboard goes on.
  createEffect(on(() => location.pathname, () => {
    setOpen(false);
    window.scrollTo(0, 0);
    setTimeout(() => document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true }));
  }, { defer: true }));
  createEffect(on(scope, restartEvents, { defer: true }));
  const user = () => { const now = session(); return now.state === "in" ? now.user : undefined; };
  return (
    <div class="shell">
      <a class="skip" href="#content">{t().app.skip}</a>
      <header class="top">
        <button type="button" class="menu-opener" aria-expanded={open()} aria-controls="navigation" aria-label={t().app.menu} onClick={() => setOpen(!open())}><Icon name={open() ? "cross" : "menu"} size={20} /></button>
        <A href="/" class="top-logo"><Logo /></A>
        <div class="top-end"><Bell /><Show when={user()}>{(who) => <AccountMenu user={who()} />}</Show></div>
      </header>
      <nav id="navigation" class="nav" classList={{ "nav-open": open() }} aria-label={t().app.navigation}>
        <For each={[...PLACES, ...(may("administer") ? ADMIN_PLACES : [])]}>{(place) => <A href={place.href} end={place.href === "/"} activeClass="nav-here" class="nav-link" onClick={() => setOpen(false)}><Icon name={place.icon} size={18} />{t().nav[place.name]}</A>}</For>
      </nav>
      <main id="content" tabindex="-1">
        <div role="status"><Show when={!connected()}><p class="offline"><Icon name="bolt" />{t().app.offline}</p></Show></div>
        <RestoreBar />
        <For each={[scope()]}>{() => <Suspense>{props.children}</Suspense>}</For>
      </main>
    </div>
  );
}
