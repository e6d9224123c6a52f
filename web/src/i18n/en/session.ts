export const session = {
  loginTitle: "Log in", email: "Email", password: "Password", login: "Log in",
  firstTitle: "Welcome to SafeBase", firstLead: "Create the first account. It is the administrator's.",
  firstHint: "At least 8 characters. It cannot be sent to you if you lose it.", create: "Create account",
  wrong: "Email or password is wrong.", loggedOut: "You are logged out.", expired: "Your session has ended. Log in again.",
};
