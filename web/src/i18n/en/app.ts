export const app = {
  app: { skip: "Skip to content", menu: "Menu", navigation: "Main", language: "Language", theme: "Appearance", offline: "Connection lost. Trying to reach SafeBase again…", account: "Account", logout: "Log out", scope: "What is shown", scopes: { own: "Mine", all: "Everybody’s" }, close: "Close", loading: "Loading…", retry: "Try again" },
  nav: {
    dashboard: "Dashboard",
    databases: "Databases",
    backups: "Backups",
    restores: "Restores",
    schedules: "Schedules",
    storages: "Storages",
    keys: "Keys",
  },
  languages: { en: "English", fr: "Français" },
  themes: { system: "System", light: "Light", dark: "Dark" },
  roles: { admin: "Admin", operator: "Operator", user: "User", viewer: "Viewer" },
  form: { needed: "Fill in this field.", email: "This is no email address.", short: "At least 8 characters.", cancel: "Cancel", save: "Save", reveal: "Show", copy: "Copy", copied: "Copied", copyByHand: "The browser does not let this page copy. Select the text and copy it.", typeName: (name: string) => `Type ${name} to go on` },
};
