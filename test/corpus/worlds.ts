import * as fc from 'fast-check';

/** How many random worlds each kind of question is asked in; CORPUS_WORLDS asks for another number. */
const WORLDS = Number(process.env['CORPUS_WORLDS'] ?? 40);
/** CORPUS_SEED repeats the worlds of a run; the seed stands in what a failure says. */
const seed = process.env['CORPUS_SEED'];

/** The time that a test of many worlds may take, in milliseconds: far more than it needs. */
export const PATIENCE_MS = 30_000 + WORLDS * 2000;

/** Holds in every world that is made up; says the smallest it finds in which it does not. */
export async function inWorlds<T>(
  worlds: fc.Arbitrary<T>,
  holds: (world: T) => Promise<void>,
): Promise<void> {
  await fc.assert(fc.asyncProperty(worlds, holds), {
    numRuns: WORLDS,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  });
}
