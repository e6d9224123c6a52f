/** A length of time, as one says and chooses it. */
export const durations = {
  minute: (n: number) => (n === 1 ? "1 minute" : `${n} minutes`), hour: (n: number) => (n === 1 ? "1 hour" : `${n} hours`), day: (n: number) => (n === 1 ? "1 day" : `${n} days`), week: (n: number) => (n === 1 ? "1 week" : `${n} weeks`),
  units: { minute: "minutes", hour: "hours", day: "days", week: "weeks" }, unit: "Unit",
};
