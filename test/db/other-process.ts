import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';
import { buildConstants, sqliteAlias } from '../../scripts/support/project.mjs';

/** What the other process is to do to a database. */
export type Task =
  | { readonly does: 'create' | 'migrate'; readonly file: string; readonly name: string }
  | {
      readonly does: 'call';
      readonly file: string;
      readonly calls: readonly (readonly [operation: string, input: object])[];
      /** Unix seconds. */
      readonly now: number;
    }
  | { readonly does: 'write'; readonly file: string; readonly name: string; readonly count: number }
  | { readonly does: 'hold'; readonly file: string; readonly forMs: number };

export interface Outcome {
  readonly value?: unknown;
  /** The code of the `TphError` it failed with; RAW where it was another error. */
  readonly code?: string;
  readonly message?: string;
}

export interface Running {
  /** The user to run as, by number; only root can choose. */
  readonly uid?: number | undefined;
  /** Runs once a `hold` has its lock. */
  readonly started?: () => void;
}

/** A way to do things from other processes. */
export function useOtherProcesses(): (task: Task, running?: Running) => Promise<Outcome> {
  // Beside the packages that it imports.
  const outfile = fileURLToPath(new URL(`../../.cache/other-process-${process.pid}.mjs`, import.meta.url));
  beforeAll(async () => {
    await build({
      entryPoints: [fileURLToPath(new URL('./other-process-main.ts', import.meta.url))],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      alias: sqliteAlias(),
      define: buildConstants(),
      logLevel: 'silent',
    });
  });
  afterAll(() => rmSync(outfile, { force: true }));
  return (task, { uid, started } = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [outfile, JSON.stringify(task)], {
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(uid === undefined ? {} : { uid }),
      });
      let out = '';
      let errors = '';
      child.stdout.on('data', (data: Buffer) => {
        if (!out.includes('holding\n') && `${out}${data}`.includes('holding\n')) started?.();
        out += data;
      });
      child.stderr.on('data', (data: Buffer) => {
        errors += data;
      });
      child.on('error', reject);
      child.on('close', () => {
        const last = out.trim().split('\n').at(-1) ?? '';
        if (last.startsWith('{')) resolve(JSON.parse(last) as Outcome);
        else reject(new Error(`the other process said nothing: ${errors}`));
      });
    });
}
