import { Route, Router } from "@solidjs/router";
import { lazy } from "solid-js";
import { Guard } from "./features/session/guard.tsx";
import { Shell } from "./features/shell/shell.tsx";
import { NotFound } from "./features/shell/not-found.tsx";

/** Every page by its address; each is a file of its own that is fetched when it is opened. */
export function App() {
  return (
    <Router root={Guard} explicitLinks={false}>
      <Route path="/login" component={lazy(() => import("./features/session/login.tsx"))} />
      <Route path="/welcome" component={lazy(() => import("./features/session/first-run.tsx"))} />
      <Route component={Shell}>
        <Route path="/" component={lazy(() => import("./features/dashboard/dashboard.tsx"))} />
        <Route path="/databases" component={lazy(() => import("./features/databases/list.tsx"))} />
        <Route path="/databases/new" component={lazy(() => import("./features/databases/add.tsx"))} />
        <Route path="/databases/:id" component={lazy(() => import("./features/databases/one.tsx"))} />
        <Route path="/databases/:id/edit" component={lazy(() => import("./features/databases/edit.tsx"))} />
        <Route path="/backups" component={lazy(() => import("./features/backups/list.tsx"))} />
        <Route path="/backups/:id" component={lazy(() => import("./features/backups/one.tsx"))} />
        <Route path="/storages" component={lazy(() => import("./features/storages/list.tsx"))} />
        <Route path="/storages/new" component={lazy(() => import("./features/storages/new.tsx"))} />
        <Route path="/storages/:id" component={lazy(() => import("./features/storages/one.tsx"))} />
        <Route path="/alerts" component={lazy(() => import("./features/alerts/channels.tsx"))} />
        <Route path="/alerts/new" component={lazy(() => import("./features/alerts/new.tsx"))} />
        <Route path="/alerts/deliveries" component={lazy(() => import("./features/alerts/deliveries.tsx"))} />
        <Route path="/alerts/history" component={lazy(() => import("./features/alerts/history.tsx"))} />
        <Route path="/alerts/:id" component={lazy(() => import("./features/alerts/one.tsx"))} />
        <Route path="/keys" component={lazy(() => import("./features/keys/list.tsx"))} />
        <Route path={["/restores/new", "/backups/:id/restore"]} component={lazy(() => import("./features/restores/new.tsx"))} />
        <Route path="/restores" component={lazy(() => import("./features/restores/list.tsx"))} />
        <Route path="/restores/tests" component={lazy(() => import("./features/restores/tests.tsx"))} />
        <Route path="/restores/:id" component={lazy(() => import("./features/restores/one.tsx"))} />
        <Route path="/schedules" component={lazy(() => import("./features/schedules/list.tsx"))} />
        <Route path="/schedules/new" component={lazy(() => import("./features/schedules/add.tsx"))} />
        <Route path="/schedules/:id" component={lazy(() => import("./features/schedules/one.tsx"))} />
        <Route path="/servers" component={lazy(() => import("./features/servers/list.tsx"))} />
        <Route path="/servers/new" component={lazy(() => import("./features/servers/add.tsx"))} />
        <Route path="/servers/:id" component={lazy(() => import("./features/servers/one.tsx"))} />
        <Route path="/executors" component={lazy(() => import("./features/executors/page.tsx"))} />
        <Route path="/objectives" component={lazy(() => import("./features/objectives/list.tsx"))} />
        <Route path="/users" component={lazy(() => import("./features/users/list.tsx"))} />
        <Route path="/audit" component={lazy(() => import("./features/audit/list.tsx"))} />
        <Route path="/settings" component={lazy(() => import("./features/settings/page.tsx"))} />
        <Route path="/profile" component={lazy(() => import("./features/profile/page.tsx"))} />
        <Route path="/tokens" component={lazy(() => import("./features/tokens/list.tsx"))} />
        <Route path="/start" component={lazy(() => import("./features/start/start.tsx"))} />
        <Route path="*" component={NotFound} />
      </Route>
    </Router>
  );
}
