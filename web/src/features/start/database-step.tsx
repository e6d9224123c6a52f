import { A } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { DatabaseForm } from "../databases/database-form.tsx";
import { There } from "./actions.tsx";
import type { StepProps } from "./load.ts";

/** What is to be backed up. */
export function DatabaseStep(props: Omit<StepProps, "database">) {
  const words = () => t().start.steps.database;
  const [another, setAnother] = createSignal(props.setup.database === undefined);
  return (
    <Show when={!another() && props.setup.database} fallback={
      <>
        <p class="dim">{words().lead}</p>
        <DatabaseForm action={words().action} onSaved={props.onDone}><ButtonLink href="/" look="quiet">{t().start.look}</ButtonLink></DatabaseForm>
      </>
    }>{(database) => (
      <There items={[database()]} another={words().another} onAnother={() => setAnother(true)} onNext={props.onSkip}>
        {({ id, name, type, host, port, db_name }) => <><A href={`/databases/${id}`} class="strong">{name}</A> <span class="dim">{`${t().engines[type]} · ${host}:${port}/${db_name}`}</span></>}
      </There>
    )}</Show>
  );
}
