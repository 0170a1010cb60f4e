import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { quote, TphError } from '../values/error.ts';

/** How long to wait for another program that changes the file, and for how long one may hold it, in milliseconds. */
const PATIENCE = 15_000;
const LONGEST_HELD = 1000;
const LOOK_AGAIN = 10;

/**
 * Reads and rewrites a file of the user's while no other program does: `work` runs with a lock file beside it. A lock
 * that stays for longer than any change takes was left by a program that was killed, and is removed.
 */
export function exclusively<T>(file: string, work: () => T): T {
  const lock = `${file}.lock`;
  take(file, lock);
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(file: string, lock: string): void {
  let held: { readonly since: number; readonly from: number } | undefined;
  for (let waited = 0; waited <= PATIENCE; waited += LOOK_AGAIN) {
    if (isTaken(file, lock)) return;
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since === undefined) continue;
    if (since !== held?.since) held = { since, from: waited };
    if (waited - held.from >= LONGEST_HELD) rmSync(lock, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN);
  }
  throw new TphError('UNAVAILABLE', `another program is changing ${quote(file)}`, {
    hint: `try again; if none is, remove ${quote(lock)}`,
  });
}

/** Whether the lock is ours now. */
function isTaken(file: string, lock: string): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(lock, '', { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw cannotWrite(file, error);
  }
}

/** The code of a failure of the system, such as EACCES. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** UNAVAILABLE: a file of the user's that cannot be written; `variable` names another folder for such files. */
export const cannotWrite = (file: string, cause: unknown, variable = 'XDG_CONFIG_HOME'): TphError =>
  new TphError('UNAVAILABLE', `cannot write ${quote(file)}: ${codeOf(cause) ?? 'unknown reason'}`, {
    hint: `make the folder writable, or name another with ${variable}`,
    cause,
  });
