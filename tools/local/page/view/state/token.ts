const NAME = 'two-region-token';

/** Takes the token out of the address, where it would be copied and photographed, and keeps it for reloads of this tab. */
export function keepToken(): string {
  const given = location.hash.slice(1);
  if (given !== '') {
    sessionStorage.setItem(NAME, given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem(NAME) ?? '';
}
