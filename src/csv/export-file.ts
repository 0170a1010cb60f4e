import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { quote, TphError } from '../values/error.ts';

/**
 * Writes a file that appears whole or not at all, readable by its owner only: pieces go to another name beside it, which
 * takes its place at the end. What is no plain file, such as a pipe, is written as it is. Throws INVALID where the file
 * cannot be made, UNAVAILABLE where it cannot be written to the end.
 */
export async function writeFileWhole(file: string, pieces: AsyncIterable<string>): Promise<void> {
  const there = await stat(file).catch(() => undefined);
  if (there?.isDirectory()) throw unusable(file, 'is a folder', 'name a file in it');
  const isPlain = there === undefined || there.isFile();
  const draft = isPlain ? `${file}.${randomUUID().slice(0, 8)}.part` : file;
  const handle = await begin(file, draft, isPlain);
  let isDone = false;
  try {
    for await (const piece of pieces) await handle.write(piece).catch((error) => full(file, error));
    if (isPlain) await handle.sync().catch((error) => full(file, error));
    await handle.close();
    if (isPlain) await rename(draft, file).catch((error) => full(file, error));
    isDone = true;
  } finally {
    await handle.close().catch(() => {});
    if (isPlain && !isDone) await rm(draft, { force: true });
  }
}

function begin(file: string, draft: string, isPlain: boolean): Promise<FileHandle> {
  const flags = isPlain ? constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL : constants.O_WRONLY;
  return open(draft, flags, 0o600).catch((error: unknown) => {
    throw unusable(
      file,
      `cannot be written: ${codeOf(error)}`,
      'name a file in a folder that you may write',
      error,
    );
  });
}

function full(file: string, error: unknown): never {
  throw new TphError('UNAVAILABLE', `${quote(file)} cannot be written to its end: ${codeOf(error)}`, {
    hint: 'nothing is left of it; make room, or name another place',
    cause: error,
  });
}

function unusable(file: string, what: string, hint: string, cause?: unknown): TphError {
  const message = `${quote(file)} ${what}`;
  return new TphError('INVALID', message, {
    hint,
    details: [{ field: '<file>', value: file, message, hint }],
    cause,
  });
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
