import { Show } from "solid-js";
import type { Notice } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Said } from "../../ui/said.tsx";

/** What more there is to say of a notice than what it is and what it is about. */
export function Detail(props: { notice: Notice }) {
  return (
    <Show when={props.notice.error} fallback={<span class="wrap">{factsOf(props.notice)}</span>}>
      {(error) => <><Said text={error().message} /><Show when={error().hint}>{(hint) => <> (<Said text={hint()} />)</>}</Show></>}
    </Show>
  );
}

function factsOf({ objective, login, storage, server, copies, kind }: Notice): string {
  const words = t().notices;
  if (objective !== null) return words.objective(objective.kind, objective.age_s === null ? undefined : f().duration(objective.age_s * 1000), f().duration(objective.limit_s * 1000));
  if (login !== null) return words.login(login.ip ?? undefined, login.user_agent ?? undefined);
  if (storage !== null && storage.free_bytes !== null && storage.total_bytes !== null) return words.space(f().bytes(storage.free_bytes), f().bytes(storage.total_bytes), f().percent(storage.free_bytes / Math.max(1, storage.total_bytes)));
  if (server !== null) return server.changes.map(({ what, count, names }) => words.server(what, names.join(", "), count > names.length ? f().number(count - names.length) : undefined)).join(" ");
  if (copies !== null) return f().list(copies);
  return kind === "backup_skipped" ? words.skipped : "";
}
