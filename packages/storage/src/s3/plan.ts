const MIB = 1024 * 1024;

/** More parts an S3 server does not take. */
export const PARTS_MAX = 10_000;
/** Parts up to this size wait in memory, larger ones on disk. */
const IN_MEMORY_MAX_BYTES = 12 * MIB;
/** While one more is being filled: five parts of 12 MiB are the 60 MiB that an upload may take. */
const PARALLEL_IN_MEMORY = 4;
const PARALLEL_ON_DISK = 1;

/** Sizes that grow with the object, whose size nobody knows: 31 GiB never touch the disk, and 10,000 parts hold more than 5 TiB. */
const GROWING = [
  { parts: 1_000, size_bytes: 8 * MIB },
  { parts: 2_000, size_bytes: 12 * MIB },
  { parts: 1_000, size_bytes: 64 * MIB },
  { parts: 1_500, size_bytes: 256 * MIB },
  { parts: 4_500, size_bytes: 1_127 * MIB },
];

export type PartPlan = { size_bytes: number; on_disk: boolean; parallel: number };

/**
 * How large a part is (from 1), where it waits, and how many may be under way with it. Uploads at the same time share what
 * one alone may hold: the parts of one artifact are written together.
 */
export function planPart(number: number, part_size_mib: number | undefined, uploads = 1): PartPlan {
  const size_bytes = part_size_mib === undefined ? growing(number) : part_size_mib * MIB;
  const on_disk = size_bytes > IN_MEMORY_MAX_BYTES;
  return { size_bytes, on_disk, parallel: on_disk ? PARALLEL_ON_DISK : Math.max(1, Math.floor(PARALLEL_IN_MEMORY / uploads)) };
}

function growing(number: number): number {
  let last = 0;
  for (const { parts, size_bytes } of GROWING) {
    last += parts;
    if (number <= last) return size_bytes;
  }
  return (GROWING.at(-1) as { size_bytes: number }).size_bytes;
}
