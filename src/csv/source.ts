import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  openSync,
  readSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { invalid, quote, TphError } from '../values/error.ts';
import { HEAD_BYTES } from './encoding.ts';

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

/** How what arrives by a pipe is taken. */
export interface Arrival {
  /** Called again and again with the file that it is kept in, and its size so far; what it throws ends the taking. */
  readonly look?: (path: string, size: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a file, or keeps what stdin gives in a file of its own. Throws INVALID or NOT_FOUND, INTERRUPTED by the signal,
 * UNAVAILABLE where there is no room for what arrives.
 */
export async function openSource(
  file: string,
  cwd: string,
  stdin: NodeJS.ReadableStream,
  arrival: Arrival = {},
): Promise<SourceFile> {
  if (file !== '-') {
    const path = resolve(cwd, file);
    const stats = statOf(path, file);
    if (!stats.isFile()) return spooledFrom(createReadStream(path), basename(path), dirname(path), arrival);
    return {
      path,
      name: basename(path),
      folder: dirname(path),
      size: stats.size,
      state: stateOf(stats),
      close: () => {},
    };
  }
  return spooledFrom(stdin, 'stdin', cwd, arrival);
}

/** What of a file is another than it was, in a few words; undefined where it is still what it was. */
export function changeOf({ path, state }: SourceFile): string | undefined {
  let now: string;
  try {
    now = stateOf(statSync(path));
  } catch {
    return 'it is gone';
  }
  if (now === state) return undefined;
  const [size, time] = state.split(' ');
  const [sizeNow, timeNow] = now.split(' ');
  if (size !== sizeNow) return `it had ${size} bytes, and has ${sizeNow}`;
  return time === timeNow ? 'another file was put in its place' : 'it was written to';
}

/** CONFLICT: what was read is not one file. `how` says what of it is another, where that is known. */
export function changed(
  { name }: SourceFile,
  { mode, dryRun }: { mode: string; dryRun: boolean },
  how: string | undefined,
): TphError {
  const message = `${quote(name)} changed while it was read${how === undefined ? '' : `: ${how}`}`;
  return new ChangedError('CONFLICT', message, {
    hint:
      mode === 'partial' && !dryRun
        ? 'rows before the change may have been written: see the success file, then import the file again'
        : 'nothing was written; import it again when nobody writes to it',
  });
}
class ChangedError extends TphError {}
export const isChanged = (error: unknown): boolean => error instanceof ChangedError;

/** INTERRUPTED, before there was anything to write. */
export const stoppedEarly = (): TphError =>
  new TphError('INTERRUPTED', 'interrupted', { hint: 'nothing was written' });

/** The file's SHA-256 in hex, read in pieces, and the loop breathes in between. Throws INTERRUPTED by the signal. */
export async function sha256Of({ path }: SourceFile, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(1_048_576);
  const fd = openSync(path, 'r');
  try {
    for (let n = readSync(fd, buffer); n > 0; n = readSync(fd, buffer)) {
      hash.update(buffer.subarray(0, n));
      await new Promise((done) => setImmediate(done));
      if (signal?.aborted === true) throw stoppedEarly();
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

/** How much arrives between two looks at it. */
const BETWEEN_LOOKS = 4_194_304;
const FIRST_LOOK = HEAD_BYTES;

/** What can be read once only, stdin or a named pipe, is kept in a file. */
async function spooledFrom(
  input: NodeJS.ReadableStream,
  name: string,
  folder: string,
  { look, signal }: Arrival,
): Promise<SourceFile> {
  const kept = await mkdtemp(join(tmpdir(), 'tph-'));
  const close = () => rmSync(kept, { recursive: true, force: true });
  const path = join(kept, 'input.csv');
  try {
    const fd = openSync(path, 'wx', 0o600);
    try {
      let [size, looked] = [0, 0];
      const keep = async (pieces: AsyncIterable<Buffer | string>): Promise<void> => {
        for await (const piece of pieces) {
          const bytes = Buffer.from(piece as Buffer);
          for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
          size += bytes.length;
          if (size - looked < (looked === 0 ? FIRST_LOOK : BETWEEN_LOOKS)) continue;
          looked = size;
          look?.(path, size);
        }
      };
      await pipeline(input, keep, signal === undefined ? {} : { signal });
    } finally {
      closeSync(fd);
    }
    const stats = statSync(path);
    return { path, name, folder, size: stats.size, state: stateOf(stats), close };
  } catch (error) {
    close();
    if (signal?.aborted === true) throw stoppedEarly();
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof TphError || !(code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG'))
      throw error;
    throw new TphError(
      'UNAVAILABLE',
      `there is no room in ${quote(tmpdir())} for what ${name} gives (${code})`,
      {
        hint: 'save it as a file where there is room, and import that; no row was written',
        cause: error,
      },
    );
  }
}
