import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type TestHostOptions, testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The program in a home of its own, without a database. `given` is what stands on stdin. */
export interface Home {
  readonly folder: string;
  tph(words: readonly string[], options?: TestHostOptions & { readonly given?: string }): Promise<Ran>;
}

export function home(): Home {
  const folder = mkdtempSync(join(tmpdir(), 'tph-remote-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    tph: async (words, { given, ...options } = {}) => {
      const host = testHost({ cwd: folder, ...options, env: { HOME: folder, ...options.env } });
      if (given !== undefined) (host.stdin as NodeJS.ReadableStream & { end(text: string): void }).end(given);
      const code = await run(['node', 'tph', ...words], host);
      return { code, out: host.out(), err: host.err() };
    },
  };
}

/** The error that `-o json` prints. */
export const errorOf = ({ err }: Ran) =>
  (JSON.parse(err) as { error: { code: string; message: string; hint: string; details: unknown[] } }).error;
