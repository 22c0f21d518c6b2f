const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

let lastSecond = -1;
let lastText = '';

/**
 * `$context.requestTime`: `21/Nov/2026:13:43:27 +0000`. The text is kept for the second that it holds for.
 *
 * @param now - milliseconds since the epoch
 */
export function formatRequestTime(now: number): string {
  const second = Math.floor(now / 1000);
  if (second !== lastSecond) {
    const iso = new Date(now).toISOString();
    const month = MONTHS[Number(iso.slice(5, 7)) - 1];
    lastSecond = second;
    lastText = `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
  }
  return lastText;
}
