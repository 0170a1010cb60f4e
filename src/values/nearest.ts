import { distance } from 'fastest-levenshtein';
import { fold } from './text.ts';

/**
 * The candidates spelt most like `wanted`, nearest first, at most `most` of them; letter case does not count. At
 * most one letter in three may differ, unless the candidate contains all of `wanted`, so that nonsense gets none.
 */
export function nearest(wanted: string, candidates: readonly string[], most = 3): string[] {
  const folded = fold(wanted);
  if (folded === '') return [];
  const near: { candidate: string; far: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const far = farness(folded, fold(candidate));
    if (far !== undefined) near.push({ candidate, far });
  }
  near.sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1));
  return near.slice(0, most).map(({ candidate }) => candidate);
}

function farness(wanted: string, candidate: string): number | undefined {
  const longest = Math.max(wanted.length, candidate.length);
  const allowed = Math.floor(longest / 3);
  const gap = Math.abs(wanted.length - candidate.length);
  // The lengths alone say no to most: a text of 10,000 characters costs no comparison.
  if (gap <= allowed) {
    const changes = swapped(wanted, candidate) ? 1 : distance(wanted, candidate);
    if (changes <= allowed) return changes;
  }
  return wanted.length >= 3 && candidate.includes(wanted) ? gap : undefined;
}

/** Two neighbouring letters changed places: one slip of the fingers, though an edit distance counts two. */
function swapped(wanted: string, candidate: string): boolean {
  if (wanted.length !== candidate.length) return false;
  const at = [...wanted].findIndex((_letter, index) => wanted[index] !== candidate[index]);
  if (at < 0) return false;
  const twisted = `${wanted.slice(0, at)}${wanted[at + 1] ?? ''}${wanted[at]}${wanted.slice(at + 2)}`;
  return twisted === candidate;
}
