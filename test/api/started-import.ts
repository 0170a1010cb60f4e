import type { CheckedApi } from './checked-api.ts';

/** The run of an import that has begun. */
export async function startedImport(api: CheckedApi): Promise<string> {
  const start = { kind: 'drivers', mode: 'partial', fields: ['callsign'], file: 'x.csv' } as const;
  return (await api.call('import.start', start)).run as string;
}
