import { A, useNavigate } from "@solidjs/router";
import { t } from "../../i18n/i18n.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { toast } from "../../ui/toasts.tsx";
import { StorageForm, type Saved } from "./storage-form.tsx";

/** Adds a place for backups, once it was tried. */
export default function NewStoragePage() {
  const navigate = useNavigate();
  const saved = ({ storage, warnings }: Saved): void => {
    toast("good", t().storages.added(storage.name));
    for (const warning of warnings) toast("warn", warning.message);
    navigate(`/storages/${storage.id}`);
  };
  return (
    <>
      <PageHead title={t().storages.newTitle} above={<A href="/storages" class="small">{t().storages.title}</A>} />
      <div class="card add-card"><StorageForm onSaved={saved}><ButtonLink href="/storages" look="quiet">{t().form.cancel}</ButtonLink></StorageForm></div>
    </>
  );
}
