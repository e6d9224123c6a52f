import { count } from "./count.ts";

export const users = {
  title: "Users", invite: "Invite", inviteTitle: "Invite somebody", email: "Email", role: "Role", state: "State", databases: "Databases", lastLogin: "Last login", never: "Never", you: "you", actions: "Actions", actionsOf: (email: string) => `Actions: ${email}`,
  states: { active: "Active", invited: "Invited", disabled: "Disabled", reset: "New password" },
  total: (n: number) => count(n, "account", "accounts"),
  inviteHint: "SafeBase sends no mail: you hand the first password over yourself.", make: "Make account",
  given: (email: string) => `First password of ${email}`, givenAgain: (email: string) => `New password of ${email}`, givenHint: "It is shown only now. Hand it over on a safe way. It holds for seven days, and is to be changed at the first login.", done: "Done",
  changeRole: "Change role…", roleTitle: (email: string) => `Role of ${email}`, roleChanged: (email: string, role: string) => `${email} is ${role} now.`,
  resetPassword: "Reset password…", resetText: (email: string) => `${email} is logged out everywhere, and gets in with a new password that you hand over. API tokens go on.`, reset: "Reset password",
  disable: "Disable…", disableText: (email: string) => `${email} is logged out at once, and neither the password nor an API token gets in. Schedules go on. It can be enabled again.`, disableAction: "Disable account", disabled: (email: string) => `${email} is disabled.`,
  enable: "Enable", enabled: (email: string) => `${email} is enabled.`,
  remove: "Delete…", removeText: (email: string) => `The account of ${email}, its channels and its API tokens are deleted. What it did stays in the audit log.`, removeOwned: "It has to own nothing any more: delete its databases, backups, schedules and storages first, or disable the account instead.", removeAction: "Delete account", removed: (email: string) => `${email} is deleted.`,
  onlyAdmins: "This page is for admins", onlyAdminsText: "Ask an admin of this installation.",
  may: {
    admin: "Everything: also users, settings and what belongs to others.",
    operator: "Everything with what is his own. Sees what belongs to others, and backs up, checks, verifies and restores it in place.",
    user: "Everything with what is his own, and sees nothing of others.",
    viewer: "Sees everything that is there, and changes nothing.",
  },
};

export const profile = {
  title: "Profile", you: "Your account", role: "Role", may: "What you may do", since: "Account since",
  changeEmail: "Change email", newEmail: "New email", emailChanged: "Your email is changed.", currentPassword: "Current password",
  changePassword: "Change password", newPassword: "New password", again: "New password again", differs: "These are two different passwords.", passwordChanged: "Your password is changed. All other sessions are over.", passwordHint: "At least 8 characters. Every other session of yours and your download links end.",
  sessions: "Sessions", sessionsText: "Ends every session of yours, this one too, and revokes your download links. API tokens go on.", logoutEverywhere: "Log out everywhere", loggedOutEverywhere: "You are logged out everywhere.",
  look: "Language and appearance", firstTitle: "Choose your password", firstLead: "An admin gave you the password that you logged in with. Choose one that only you know.", choose: "Go on",
};

export const tokens = {
  title: "API tokens", lead: "For scripts and the command line: sent as Authorization: Bearer, with your rights or fewer.", new: "New token", newTitle: "New API token", name: "Name", nameHint: "What it is for, such as “nightly export”", expires: "Expires", rights: "Rights",
  lives: { "30": "In 30 days", "90": "In 90 days", "365": "In a year", never: "Never" },
  allowed: { read: "Read only", operate: "Read and operate", manage: "Read, operate and manage", administer: "Everything that I may" },
  rightsHint: { read: "Sees, and changes nothing.", operate: "Also starts, cancels, checks and restores.", manage: "Also changes databases, schedules, storages, and downloads backups.", administer: "Whatever your role may, now and later." },
  make: "Make token", made: "Your new token", madeHint: "It is shown only now. Keep it where your script keeps its secrets.", curl: "Try it", done: "Done",
  created: "Made", lastUsed: "Last used", owner: "Owner", unused: "Never", expired: "Expired", noEnd: "Never", from: (ip: string) => `from ${ip}`,
  revoke: "Revoke", revokeTitle: (name: string) => `Revoke “${name}”`, revokeText: "Whatever uses it gets no answer any more, from the next request on.", revoked: (name: string) => `“${name}” is revoked.`,
  emptyTitle: "No API tokens", emptyText: "A script that backs up or watches needs one.",
};
