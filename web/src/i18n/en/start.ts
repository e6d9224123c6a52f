export const start = {
  title: "First steps", progress: "Steps", done: "done", next: "Continue", skip: "Skip for now", look: "Look around first", note: "You can leave at any time and come back: what is done is kept.",
  steps: {
    database: { name: "Database", title: "What is to be backed up?", lead: "Paste a connection string, or fill in the fields. SafeBase asks the server at once.", action: "Add and continue", another: "Add another database" },
    storage: {
      name: "Storage", title: "Where to store?", lead: "One place, or several: each backup is written to all of them at once.", here: "This machine", hereHint: "SafeBase’s data folder",
      advice: "If this machine is lost, so are the backups. A bucket or a NAS elsewhere survives it.", add: "Add S3, R2, MinIO, SFTP or a folder",
    },
    schedule: { name: "Schedule", title: "When to run?", lead: "At night, as a rule, and older backups are thinned out: a week day by day, a month week by week, a year month by month.", another: "Add another time", nextRun: "next" },
    alerts: {
      name: "Alerts", title: "Whom to alert?", lead: "A backup that fails unnoticed is none. Who is to hear of it?", how: "How", another: "Add another way",
      types: { email: { name: "Email", hint: "To one or more addresses" }, slack: { name: "Slack", hint: "And Mattermost, Rocket.Chat" }, webhook: { name: "Webhook", hint: "A call to a program of yours" } },
      to: "Email addresses", toHint: "Several with commas between them.", noServer: "This installation has no mail server set (SAFEBASE_SMTP_URL). Give one for this channel, or choose another way.", smtp_url: "Mail server", smtpHint: "Kept sealed.",
      url: "Address", slackHint: "Of an incoming webhook; kept sealed.", webhookHint: "Gets a POST with JSON; kept sealed.", secret: "Secret", secretHint: "Signs each call. Optional.",
      test: "Send a test", more: "Discord, Teams, Telegram, ntfy, healthchecks…",
    },
    backup: { name: "First backup", title: "The first backup", lead: (database: string, places: string) => `Back up ${database} now, to: ${places}.`, action: "Back up now", retry: "Try again", running: (database: string) => `${database} is being backed up.`, details: "What happened" },
  },
  end: {
    title: "Where you stand", safe: (database: string) => `${database} is safe: its first backup is complete.`, notYet: (database: string) => `${database} has no backup yet.`,
    backup: "Newest backup", storages: "Lies in", next: "Next run", never: "never by itself", told: "Alerts go to", nobody: "nobody", left: "Left out so far:", dashboard: "To the dashboard", restore: "Try a restore", another: "Add another database",
  },
};
