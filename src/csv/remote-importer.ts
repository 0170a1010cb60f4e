import type { Api } from '../contract/api.ts';
import type { Importer, ImportStart } from '../contract/bulk.ts';
import { TphError } from '../values/error.ts';
import { type BatchOptions, importByOperations } from './remote-importer-batches.ts';
import { importOneByOne } from './remote-importer-single.ts';

export interface OpenedImporter {
  readonly importer: Importer;
  /** Whether there is a history of runs, so that this one can be listed, gone on with and undone. */
  readonly keepsRuns: boolean;
}

export interface ImporterOptions extends BatchOptions {
  /** The clock. */
  readonly nowSeconds: number;
}

/** How imports are carried out: where the data is at hand, by operations of the instance, or else by a call a row. */
export function importerOf(
  api: Pick<Api, 'call' | 'client' | 'bulk'>,
  options: ImporterOptions,
): (start: ImportStart) => Promise<OpenedImporter> {
  return async (start) => {
    if (api.bulk !== undefined) return { importer: await api.bulk.import(start), keepsRuns: true };
    try {
      return { importer: await importByOperations(api, start, options), keepsRuns: true };
    } catch (error) {
      if (!isNotOffered(error, start)) throw error;
      return { importer: await importOneByOne(api, start, options.nowSeconds), keepsRuns: false };
    }
  };
}

/** An instance without imports: it has nothing at that path, or nothing that takes a POST. */
function isNotOffered(error: unknown, start: ImportStart): boolean {
  if (!(error instanceof TphError)) return false;
  if (error.details.some((detail) => detail['offered'] === false)) return true;
  return start.resume === undefined && error.code === 'NOT_FOUND' && error.details.length === 0;
}
