import { A, useNavigate } from "@solidjs/router";
import type { Database } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { toast } from "../../ui/toasts.tsx";
import { DatabaseForm } from "./database-form.tsx";

/** Registers a database, once its server has been heard. */
export default function AddDatabasePage() {
  const navigate = useNavigate();
  const saved = (database: Database): void => {
    toast("good", t().add.added(database.name));
    navigate("/databases");
  };
  return (
    <>
      <PageHead title={t().add.title} above={<A href="/databases" class="small">{t().databases.title}</A>} />
      <div class="card add-card"><DatabaseForm action={t().add.save} onSaved={saved}><ButtonLink href="/databases" look="quiet">{t().form.cancel}</ButtonLink></DatabaseForm></div>
    </>
  );
}
