/** Moments as a reader takes them in. */

/** `2026-11-21 14:05`, in the time of this machine; nothing for no moment at all. */
export function moment(seconds: number): string {
  const date = new Date(seconds * 1000);
  if (seconds <= 0 || Number.isNaN(date.getTime())) return '';
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16).replace('T', ' ');
}

/** `2026-11-21`: a moment known no better than to the day. */
export function day(seconds: number): string {
  return moment(seconds).slice(0, 10);
}
