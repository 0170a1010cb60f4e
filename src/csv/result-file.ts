import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { invalid, quote, TphError } from '../values/error.ts';

const BUFFER = 262_144;

/**
 * A file that has its name only once it is whole: until then it is a hidden one beside it, and on a failure none is left.
 * Readable by its owner only.
 */
export class ResultFile {
  readonly #path: string;
  readonly #fd: number;
  #text = '';
  #rows = 0;
  #open = true;

  /** Creates it, so that a folder that cannot be written is found out before anything else is done. Throws INVALID. */
  constructor(folder: string, start: string) {
    this.#path = join(folder, `.tph-${randomUUID()}.csv`);
    try {
      this.#fd = openSync(this.#path, 'wx', 0o600);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      throw invalid(
        `result files cannot be written to ${quote(folder)} (${code})`,
        'name a folder for them with --results-dir',
      );
    }
    this.#text = start;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Appends a row, its line break included. */
  write(row: string): void {
    this.#rows++;
    this.#text += row;
    if (this.#text.length > BUFFER) this.#flush();
  }

  /** Gives it its name, in the same folder; without a row it is removed, and null answered. */
  keep(name: string): string | null {
    if (this.#rows === 0) {
      this.discard();
      return null;
    }
    this.#flush();
    const path = join(dirname(this.#path), basename(name));
    try {
      fsyncSync(this.#fd);
      this.#close();
      renameSync(this.#path, path);
    } catch (error) {
      this.#close();
      rmSync(this.#path, { force: true });
      throw this.#unwritten(error);
    }
    return path;
  }

  discard(): void {
    if (!this.#open) return;
    this.#close();
    rmSync(this.#path, { force: true });
  }

  #close(): void {
    if (this.#open) closeSync(this.#fd);
    this.#open = false;
  }

  #flush(): void {
    try {
      const bytes = Buffer.from(this.#text);
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
    } catch (error) {
      throw this.#unwritten(error);
    }
    this.#text = '';
  }

  #unwritten(error: unknown): TphError {
    const { code } = error as NodeJS.ErrnoException;
    const message = `result files cannot be written to ${quote(dirname(this.#path))} (${code})`;
    const hint = 'make room, or name another folder with --results-dir';
    return new TphError('UNAVAILABLE', message, { hint, cause: error });
  }
}
