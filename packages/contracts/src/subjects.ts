/** Names of everything on NATS, in one place. */
export const STREAMS = { commands: "SAFEBASE_COMMANDS", events: "SAFEBASE_EVENTS", notices: "SAFEBASE_NOTICES" } as const;
export const BUCKETS = { leases: "safebase_leases", executors: "safebase_executors", schedules: "safebase_schedules" } as const;

export const subjects = {
  /** One message at most for each job: the stream refuses a second while the first is queued or in work. */
  command: (group: string, jobId: number): string => `safebase.command.${group}.${jobId}`,
  commandsOf: (group: string): string => `safebase.command.${group}.*`,
  allCommands: "safebase.command.>",
  event: (jobId: number, type: string): string => `safebase.event.job.${jobId}.${type}`,
  due: (scheduleId: number): string => `safebase.event.due.${scheduleId}`,
  allEvents: "safebase.event.>",
  allJobEvents: "safebase.event.job.>",
  allDue: "safebase.event.due.>",
  notice: (kind: string): string => `safebase.notice.${kind}`,
  allNotices: "safebase.notice.>",
  /** Core NATS from here on: not stored. */
  progress: (jobId: number): string => `safebase.progress.${jobId}`,
  allProgress: "safebase.progress.*",
  cancel: "safebase.control.cancel",
  probe: (group: string): string => `safebase.probe.${group}`,
  ui: "safebase.ui",
} as const;
