export const charts = {
  none: (label: string) => `${label}: nothing to show yet.`,
  trend: (label: string, first: string, last: string, highest: string) => `${label}: from ${first} to ${last}; highest ${highest}.`,
};
