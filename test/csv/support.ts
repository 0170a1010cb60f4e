import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Api } from '../../src/contract/api.ts';
import type { Store } from '../../src/contract/database.ts';
import {
  type ImportIo,
  type ImportRequest,
  type ImportSummary,
  importCsv,
} from '../../src/csv/import-csv.ts';
import { openStore } from '../../src/operations/open-store.ts';
import type { Instant } from '../../src/values/instant.ts';

/** Monday 12 January 2026, 12:00 in Dublin. */
const NOW = 1_768_219_200 as Instant;

/** A database with one client in Dublin, and a folder for files. */
export interface Desk {
  readonly folder: string;
  readonly api: Api;
  /** Writes a file to the folder; answers its name. */
  file(name: string, content: string | Uint8Array): string;
  import(
    request: Partial<ImportRequest> & Pick<ImportRequest, 'kind' | 'file'>,
    io?: Partial<ImportIo>,
  ): Promise<ImportSummary>;
  close(): Promise<void>;
}

export async function desk(): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), 'tph-csv-'));
  const store: Store = openStore(join(folder, 'tph.db'));
  const session = { client: undefined, actor: 'ann', reason: null, nowMs: NOW * 1000, lockWaitMs: 5000 };
  await store.admin(session).create({ name: 'Liffey Cars', timeZone: 'Europe/Dublin', country: 'IE' });
  const api = await store.open(session);
  const { bulk } = api;
  if (bulk === undefined) throw new Error('this store has no bulk import');
  const stdin = new PassThrough();
  stdin.end();
  return {
    folder,
    api,
    file: (name, content) => {
      writeFileSync(join(folder, name), content);
      return name;
    },
    import: (request, io = {}) =>
      importCsv(
        { mode: 'atomic', onConflict: 'error', dryRun: false, ...request },
        {
          client: api.client,
          now: NOW,
          nowMs: () => 0,
          stdin,
          cwd: folder,
          openImporter: (start) => bulk.import(start),
          ...io,
        },
      ),
    close: async () => {
      await api.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
