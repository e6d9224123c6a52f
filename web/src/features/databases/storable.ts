/** The storages that this owner's backups may go to, by name, with those that they go to now. */
export function storable(storages: readonly { readonly name: string; readonly user_id: number | null; readonly shared: boolean }[], owner_id: number, now: readonly string[]): string[] {
  const may = storages.filter(({ user_id, shared }) => shared || user_id === null || user_id === owner_id).map(({ name }) => name);
  return [...new Set([...may, ...now])].sort((one, other) => one.localeCompare(other));
}
