export const charts = {
  none: (label: string) => `${label}: nothing to show yet.`,
  trend: (label: string, first: string, last: string, highest: string) => `${label}: from ${first} to ${last}; highest ${highest}.`,
  outcomes: { none: "No backup", good: "All completed", some: "Some failed", failed: "Only failed" },
  dayOf: (date: string, completed: number, failed: number) => `${date}: ${completed + failed === 0 ? "no backup" : [...(completed > 0 ? [`${completed} completed`] : []), ...(failed > 0 ? [`${failed} failed`] : [])].join(", ")}`,
  year: (completed: string, failed: string, days: number) => `${completed} completed, ${failed} failed${days > 0 ? `, on ${days === 1 ? "1 day" : `${days} days`}` : ""}.`, keys: "Arrow keys go from day to day.",
};
