import { A } from "@solidjs/router";
import { Show } from "solid-js";
import { scope, setScope } from "../../api/scope.ts";
import type { User } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { saidOf } from "../../i18n/said.ts";
import { Button } from "../../ui/button.tsx";
import { Choice } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Popover } from "../../ui/popover.tsx";
import { toast } from "../../ui/toasts.tsx";
import { seesAll } from "../session/rights.ts";
import { logout } from "../session/session.ts";
import { Preferences } from "./preferences.tsx";

/** Who is logged in, how the pages look to him, and the way out. */
export function AccountMenu(props: { user: User }) {
  const leave = async (): Promise<void> => {
    try {
      await logout();
      toast("none", t().session.loggedOut);
    } catch (error) {
      toast("bad", saidOf(error));
    }
  };
  return (
    <Popover label={`${t().app.account}: ${props.user.email}`} opener_class="account-opener" panel_class="account-panel"
      opener={<><span class="avatar"><Icon name="user" /></span><span class="clip">{props.user.email}</span><Icon name="down" size={14} /></>}>
      {(close) => (
        <>
          <div><p class="wrap strong">{props.user.email}</p><p class="dim small">{t().roles[props.user.role]}</p></div>
          <Show when={seesAll()}>
            <Choice label={t().app.scope} value={scope()} options={(["own", "all"] as const).map((value) => ({ value, label: t().app.scopes[value] }))} onChange={setScope} />
          </Show>
          <Preferences />
          <div class="account-links">
            <A href="/profile" onClick={close}><Icon name="user" />{t().nav.profile}</A>
            <A href="/tokens" onClick={close}><Icon name="key" />{t().nav.tokens}</A>
          </div>
          <Button onClick={() => void leave()}>{t().app.logout}</Button>
        </>
      )}
    </Popover>
  );
}
