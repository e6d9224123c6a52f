/** What happened to a backup, line by line. */
export const log = {
  title: "What happened", empty: "Nothing was noted: it is older than this log.",
  kinds: { backup: "Backup", restore: "Restore", verify: "Test restore", check: "Check", copy: "Copy", delete: "Deletion" },
  ordered: "Ordered", orderedBy: (who: string) => `Ordered by ${who}`, notBefore: (at: string) => `not before ${at}`,
  started: (executor: string) => `Taken by executor ${executor}`, startedAgain: (executor: string, run: number) => `Taken again by executor ${executor}: try ${run}`,
  handedBack: (executor: string) => `Handed back by executor ${executor}, which was told to stop`,
  copy: (storage: string, state: string) => `${storage}: ${state}`, packed: (raw: string, stored: string) => `${raw} → ${stored}`,
  warning: "Warning", gave_up: "Given up after too many tries", completed: "Completed", failed: "Failed", canceled: "Canceled",
  adopted: (storage: string) => `Found in ${storage} and taken up`, pinned: (who: string) => `Pinned by ${who}`, unpinned: (who: string) => `Unpinned by ${who}`, cancel_requested: (who: string) => `Canceled by ${who}`,
  downloaded: (who: string, form: string) => `Downloaded by ${who} (${form})`, linkMade: (who: string, form: string) => `Download link made by ${who} (${form})`,
  linkUsed: (ip: string, form: string) => `Downloaded with a link from ${ip} (${form})`, linkRefused: (ip: string) => `A used or ended link was tried from ${ip}`,
};
