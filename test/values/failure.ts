import { TphError } from '../../src/values/error.ts';

/** The TphError that `run` throws; fails when it throws none. */
export function failure(run: () => unknown): TphError {
  try {
    run();
  } catch (error) {
    if (error instanceof TphError) return error;
    throw error;
  }
  throw new Error('expected a TphError, but nothing was thrown');
}
