import { closest, distance } from 'fastest-levenshtein';

/** ` Did you mean "X"?` when one of the candidates is near the word (a third of its letters may differ, two at least), otherwise nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return '';
  const lowerCase = word.toLowerCase();
  const nearest = closest(
    lowerCase,
    candidates.map((candidate) => candidate.toLowerCase()),
  );
  if (distance(lowerCase, nearest) > Math.max(2, Math.floor(word.length / 3))) return '';
  const original = candidates.find((candidate) => candidate.toLowerCase() === nearest);
  return original === undefined ? '' : ` Did you mean ${JSON.stringify(original)}?`;
}
