export const work = {
  engines: { postgresql: "PostgreSQL", mysql: "MySQL", mariadb: "MariaDB" },
  status: { pending: "Waiting", running: "Running", completed: "Completed", failed: "Failed", canceled: "Canceled" },
  triggers: { manual: "Manual", scheduled: "Scheduled", catch_up: "Catch-up", safety: "Safety" },
  triggerHints: { manual: "Ordered by hand", scheduled: "By a schedule", catch_up: "A run that was missed", safety: "Made before a restore" },
  phases: { prepare: "Preparing", dump: "Dumping", check: "Reading back", load: "Loading", swap: "Switching over", compare: "Comparing", copy: "Copying" } as Record<string, string>,
  progress: { of: (done: string, total: string) => `${done} of about ${total}`, left: (time: string) => `about ${time} left`, waiting: "Waiting for an executor" },
};
