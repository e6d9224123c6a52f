import { For, Show } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Said } from "../../ui/said.tsx";
import type { Plan } from "./types.ts";

/** What a restore would do: what goes, what comes, what is saved, and what to know before. */
export function PlanPanel(props: { plan: Plan }) {
  const replaces = (): boolean => props.plan.target.in_place && props.plan.target.exists !== false;
  return (
    <div class="plan" classList={{ "plan-danger": replaces() }}>
      <p class="plan-says"><Icon name={replaces() ? "alert" : "check"} size={18} /><span class="wrap">{saysOf(props.plan)}</span></p>
      <div class="plan-sides">
        <Now plan={props.plan} replaces={replaces()} />
        <span class="plan-arrow" aria-hidden="true"><Icon name="right" size={22} /></span>
        <After plan={props.plan} />
      </div>
      <ul class="plan-lines">
        <li><Icon name={props.plan.way_back === "none" ? "alert" : "shieldCheck"} /><span class="wrap">{t().restores.wayBack[props.plan.way_back]}</span></li>
        <Show when={replaces()}><li><Icon name="info" /><span class="wrap">{t().restores.ifItFails[ifItFails(props.plan)]}</span></li></Show>
        <Show when={props.plan.estimate_ms}>{(ms) => <li><Icon name="clock" /><span>{t().restores.takes(f().duration(ms()))}</span></li>}</Show>
        <For each={props.plan.warnings.filter(({ code }) => code !== "no_way_back")}>{(warning) => <li class="plan-warning"><Icon name="alert" /><Words plan={props.plan} warning={warning} /></li>}</For>
      </ul>
    </div>
  );
}

/** A warning in the reader's words where we have them, else in the API's. */
function Words(props: { plan: Plan; warning: Plan["warnings"][number] }) {
  const known = (): string | undefined => {
    const { backup, target } = props.plan;
    switch (props.warning.code) {
      case "not_verified": return t().restores.warnings.not_verified;
      case "being_backed_up": return t().restores.warnings.being_backed_up;
      case "in_use": return t().restores.warnings.in_use(target.connections ?? 0, backup.type === "postgresql");
      case "older_server": case "other_family": return t().restores.warnings[props.warning.code](backup.server ?? "", target.server ?? "");
      default: return undefined;
    }
  };
  return <Show when={known()} fallback={<Said text={props.warning.message} />}>{(words) => <span class="wrap">{words()}</span>}</Show>;
}

function Now(props: { plan: Plan; replaces: boolean }) {
  const target = () => props.plan.target;
  return (
    <div class="plan-side" classList={{ "plan-goes": props.replaces }}>
      <p class="plan-when">{t().restores.now}</p>
      <p class="strong wrap">{target().db_name}</p>
      <p class="dim small wrap">{target().host}:{target().port}{target().server === null ? "" : ` · ${target().server}`}</p>
      <p class="plan-figures">
        <Show when={target().exists === true} fallback={<span class="dim">{target().exists === false ? t().restores.notThere : t().restores.unknown}</span>}>
          <span>{t().restores.tables(target().tables ?? 0)}</span><span>{f().bytes(target().size_bytes ?? 0)}</span>
          <Show when={target().connections !== null}><span>{t().restores.connections(target().connections ?? 0)}</span></Show>
        </Show>
      </p>
    </div>
  );
}

function After(props: { plan: Plan }) {
  const backup = () => props.plan.backup;
  const rows = (): string => (backup().rows_exact ? f().number(backup().rows ?? 0) : t().backups.about(f().number(backup().rows ?? 0)));
  return (
    <div class="plan-side plan-comes">
      <p class="plan-when">{t().restores.after}</p>
      <p class="strong wrap">{f().moment(backup().created_at)}</p>
      <p class="dim small wrap">{backup().database_name} #{backup().id}{backup().server === null ? "" : ` · ${backup().server}`}</p>
      <p class="plan-figures">
        <Show when={backup().tables !== null}><span>{t().restores.tables(backup().tables ?? 0)}</span><span>{t().restores.rows(backup().rows ?? 0, rows())}</span></Show>
        <Show when={backup().raw_size}>{(bytes) => <span>{f().bytes(bytes())}</span>}</Show>
      </p>
    </div>
  );
}

/** The plan in a sentence. */
export function saysOf({ backup, target }: Plan): string {
  const [name, when] = [target.db_name, f().moment(backup.created_at)];
  if (!target.in_place) return t().restores.says.new(name, `${target.host}:${target.port}`);
  return target.exists === false ? t().restores.says.gone(name, when) : t().restores.says.replaced(name, when);
}

function ifItFails({ backup, safety_backup }: Plan): "untouched" | "put_back" | "lost" {
  if (backup.type === "postgresql") return "untouched";
  return safety_backup === "taken" ? "put_back" : "lost";
}
