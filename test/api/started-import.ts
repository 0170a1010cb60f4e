import { TphError } from '../../src/values/error.ts';
import type { CheckedApi } from './checked-api.ts';

/** The run of an import that has begun; undefined on a store that is not for imports. */
export async function startedImport(api: CheckedApi): Promise<string | undefined> {
  const start = { kind: 'drivers', mode: 'partial', fields: ['callsign'], file: 'x.csv' } as const;
  try {
    return (await api.call('import.start', start)).run as string;
  } catch (error) {
    if (isNotOffered(error)) return undefined;
    throw error;
  }
}

/** Whether a store said that it has no imports. */
export const isNotOffered = (error: unknown): boolean =>
  error instanceof TphError && error.details.some((detail) => detail['offered'] === false);
