import { A, useLocation } from "@solidjs/router";
import { For } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { scope } from "../../api/scope.ts";
import { t } from "../../i18n/i18n.ts";
import { Icon } from "../../ui/icon.tsx";
import { may } from "../session/rights.ts";
import { CancelButton } from "./cancel.tsx";
import { createCountdown } from "./live.ts";
import type { Restore } from "./types.ts";
import "./bar.css";

/** On every page, and in every window: restores that can still be canceled for nothing. */
export function RestoreBar() {
  const location = useLocation();
  const waiting = createData(scope, async () => (await ask(api.restores.$get({ query: { status: "pending", per_page: "5" } }))).restores, ["restore"]);
  const elsewhere = (): Restore[] => (waiting.value() ?? []).filter(({ id, starts_in_s }) => (starts_in_s ?? 0) > 0 && ![`/restores/${id}`, "/restores"].includes(location.pathname));
  return <div class="soons" role="status"><For each={elsewhere()}>{(restore) => <Soon restore={restore} />}</For></div>;
}

function Soon(props: { restore: Restore }) {
  const left_ms = createCountdown(() => props.restore);
  return (
    <div class="soon" hidden={left_ms() === 0}>
      <Icon name="restore" /><A href={`/restores/${props.restore.id}`} class="wrap">{t().restores.soon(props.restore.target_db_name, Math.ceil(left_ms() / 1000))}</A>
      {may("operate", props.restore.user_id) ? <CancelButton job_id={props.restore.job_id} label={t().restores.cancelOf(props.restore.target_db_name)} /> : null}
    </div>
  );
}
