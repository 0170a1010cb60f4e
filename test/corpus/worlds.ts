import * as fc from 'fast-check';

/** How many random worlds each kind of question is asked in; CORPUS_WORLDS asks for another number. */
const WORLDS = Number(process.env['CORPUS_WORLDS'] ?? 40);
/** CORPUS_SEED repeats the worlds of a run; the seed stands in what a failure says. */
const seed = process.env['CORPUS_SEED'];

/** For the time that a test of many worlds may take, in milliseconds: far more than it needs. */
export const PATIENCE_MS = 20_000 + WORLDS * 1000;

/** Holds in every world that is made up. A failure is not made smaller for longer than a minute. */
export async function inWorlds<T>(
  worlds: fc.Arbitrary<T>,
  holds: (world: T) => Promise<void>,
): Promise<void> {
  await fc.assert(fc.asyncProperty(worlds, holds), {
    numRuns: WORLDS,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  });
}
