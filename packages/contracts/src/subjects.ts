/** Names of everything on NATS, in one place. */
export const STREAMS = { commands: "SAFEBASE_COMMANDS", events: "SAFEBASE_EVENTS", job_events: "SAFEBASE_JOB_EVENTS", notifications: "SAFEBASE_NOTIFICATIONS" } as const;
export const BUCKETS = {
  leases: "safebase_leases",
  executors: "safebase_executors",
  schedules: "safebase_schedules",
  /** Gateways, schedulers and notifiers that live. */
  heartbeats: "safebase_heartbeats",
  /** How far planned times have been emitted. */
  scheduler: "safebase_scheduler",
  channels: "safebase_channels",
  /** What notifiers have told by themselves. */
  notifier: "safebase_notifier",
} as const;

/** The stream that holds a bucket's values. */
export const streamOf = (bucket: string): string => `KV_${bucket}`;

export const subjects = {
  /** One message at most for each job: the stream refuses a second while the first is queued or in work. */
  command: (group: string, jobId: number): string => `safebase.command.${group}.${jobId}`,
  commandsOf: (group: string): string => `safebase.command.${group}.*`,
  allCommands: "safebase.command.>",
  /** By group, so that an executor can be let tell of its own group's jobs alone. */
  event: (group: string, jobId: number, type: string): string => `safebase.event.job.${group}.${jobId}.${type}`,
  due: (scheduleId: number): string => `safebase.event.due.${scheduleId}`,
  allJobEvents: "safebase.event.job.>",
  allDue: "safebase.event.due.>",
  tick: (name: string): string => `safebase.event.tick.${name}`,
  allTicks: "safebase.event.tick.>",
  delivery: (notificationId: number): string => `safebase.event.delivery.${notificationId}`,
  allDeliveries: "safebase.event.delivery.>",
  /** One message at most for each, as with commands. */
  notification: (channelId: number, notificationId: number): string => `safebase.notification.${channelId}.${notificationId}`,
  notificationsOf: (channelId: number): string => `safebase.notification.${channelId}.*`,
  allNotifications: "safebase.notification.>",
  /** Core NATS from here on: not stored. */
  progress: (group: string, jobId: number): string => `safebase.progress.${group}.${jobId}`,
  allProgress: "safebase.progress.>",
  cancel: "safebase.control.cancel",
  probe: (group: string): string => `safebase.probe.${group}`,
  /** Asks one executor of a group which databases a server has. */
  databases: (group: string): string => `safebase.databases.${group}`,
  /** Asks one notifier for a test message. */
  channelTest: "safebase.channel.test",
  /** Asks one executor of a group to try a storage. */
  storageTest: (group: string): string => `safebase.storage-test.${group}`,
  /** Asks one executor of a group how full its storages are. */
  storageReport: (group: string): string => `safebase.storage.${group}`,
  /** Tells every executor of a group to remove from its storages what interrupted jobs left. */
  sweep: (group: string): string => `safebase.control.sweep.${group}`,
  ui: "safebase.ui",
} as const;

/** Whose event or progress it is, by its subject: NATS lets executors use those of their own group alone. */
export function jobInSubject(subject: string): { group: string; job_id: number } | undefined {
  const [, group, id] = /^safebase\.(?:event\.job|progress)\.([^.]+)\.(\d+)(?:\.|$)/.exec(subject) ?? [];
  return group === undefined ? undefined : { group, job_id: Number(id) };
}
