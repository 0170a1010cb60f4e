import { createHash } from 'node:crypto';
import { closeSync, createWriteStream, openSync, readSync, rmSync, type Stats, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { invalid, quote, TphError } from '../values/error.ts';

/** A file to be read more than once. */
export interface SourceFile {
  readonly path: string;
  /** What people call it: the file's own name, or `stdin`. */
  readonly name: string;
  /** The folder for result files when none is named. */
  readonly folder: string;
  readonly size: number;
  /** Says when it is another than it was: size, time of change and place on the disk. */
  readonly state: string;
  /** Removes what was kept of stdin. */
  close(): void;
}

/** Opens a file, or keeps what stdin gives in a file of its own. Throws INVALID or NOT_FOUND. */
export async function openSource(
  file: string,
  cwd: string,
  stdin: NodeJS.ReadableStream,
): Promise<SourceFile> {
  if (file !== '-') {
    const path = resolve(cwd, file);
    const stats = statOf(path, file);
    if (!stats.isFile()) return spooled(path, basename(path), dirname(path));
    return {
      path,
      name: basename(path),
      folder: dirname(path),
      size: stats.size,
      state: stateOf(stats),
      close: () => {},
    };
  }
  return spooledFrom(stdin, 'stdin', cwd);
}

/** Whether the file is still what it was. */
export function isUnchanged({ path, state }: SourceFile): boolean {
  try {
    return stateOf(statSync(path)) === state;
  } catch {
    return false;
  }
}

/** CONFLICT: what was read is not one file. */
export function changed({ name }: SourceFile, { mode, dryRun }: { mode: string; dryRun: boolean }): TphError {
  return new ChangedError('CONFLICT', `${quote(name)} changed while it was read`, {
    hint:
      mode === 'partial' && !dryRun
        ? 'rows before the change may have been written: see the success file, then import the file again'
        : 'nothing was written; import it again when nobody writes to it',
  });
}
class ChangedError extends TphError {}
export const isChanged = (error: unknown): boolean => error instanceof ChangedError;

/** The file's SHA-256 in hex, read in pieces; `onBytes` after each, and the loop breathes. */
export async function sha256Of({ path }: SourceFile, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(1_048_576);
  const fd = openSync(path, 'r');
  try {
    for (let n = readSync(fd, buffer); n > 0; n = readSync(fd, buffer)) {
      hash.update(buffer.subarray(0, n));
      await new Promise((done) => setImmediate(done));
      if (signal?.aborted === true) break;
    }
  } finally {
    closeSync(fd);
  }
  return hash.digest('hex');
}

const stateOf = ({ size, mtimeMs, ino, dev }: Stats): string => `${size} ${mtimeMs} ${ino} ${dev}`;

function statOf(path: string, file: string): Stats {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) throw invalid(`${quote(file)} is a folder`, 'give a CSV file, or - for stdin');
    closeSync(openSync(path, stats.isFile() ? 'r' : 0));
    return stats;
  } catch (error) {
    if (error instanceof TphError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw invalid(`there is no file ${quote(file)}`, 'give the path of a CSV file, or - for stdin');
    throw invalid(`${quote(file)} cannot be read (${code})`, 'give a file that you may read');
  }
}

/** A named pipe or the like is read once, as stdin is. */
async function spooled(path: string, name: string, folder: string): Promise<SourceFile> {
  const { createReadStream } = await import('node:fs');
  return spooledFrom(createReadStream(path), name, folder);
}

async function spooledFrom(input: NodeJS.ReadableStream, name: string, folder: string): Promise<SourceFile> {
  const kept = await mkdtemp(join(tmpdir(), 'tph-'));
  const close = () => rmSync(kept, { recursive: true, force: true });
  try {
    const path = join(kept, 'input.csv');
    await pipeline(input, createWriteStream(path, { mode: 0o600 }));
    const stats = statSync(path);
    return { path, name, folder, size: stats.size, state: stateOf(stats), close };
  } catch (error) {
    close();
    throw error;
  }
}
