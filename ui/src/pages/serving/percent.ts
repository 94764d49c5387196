/** 0.05 as people say it, in their browser's way. */
export const percent = (share: number): string =>
  share.toLocaleString(undefined, { style: "percent", maximumFractionDigits: 1 });
