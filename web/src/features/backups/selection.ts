import { createSignal, type Accessor } from "solid-js";
import type { Backup } from "../../api/types.ts";

/** Which backups are meant, on whatever pages of the list they stand. */
export interface Selection {
  readonly chosen: Accessor<readonly Backup[]>;
  readonly has: (id: number) => boolean;
  readonly set: (backups: readonly Backup[], selected: boolean) => void;
  readonly clear: () => void;
}

export function createSelection(): Selection {
  const [chosen, setChosen] = createSignal<ReadonlyMap<number, Backup>>(new Map());
  return {
    chosen: () => [...chosen().values()],
    has: (id) => chosen().has(id),
    set: (backups, selected) => setChosen((all) => {
      const next = new Map(all);
      for (const backup of backups) if (selected) next.set(backup.id, backup); else next.delete(backup.id);
      return next;
    }),
    clear: () => setChosen(new Map()),
  };
}
