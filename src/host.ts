import { fstatSync, statSync, writeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { PassThrough } from 'node:stream';
import { askFirst, type OffsetSource } from './values/zone-offset.ts';

/** A stream that may be a terminal. */
export type InputStream = NodeJS.ReadableStream & { readonly isTTY?: boolean };
export type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
export type Environment = Readonly<Record<string, string | undefined>>;

/** All that comes from outside: nothing else reads a stream, the environment, the clock or a signal. */
export interface Host {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Environment;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Who runs the program, for the audit trail; never empty. */
  userName(): string;
  /** Calls `handler` on Ctrl-C, or when the system asks the program to end; the returned function stops that. */
  onInterrupt(handler: () => void): () => void;
}

/** The process that the program runs in. */
export function realHost(): Host {
  askFirst(fewOffsets());
  return {
    get stdin() {
      return process.stdin;
    },
    stdout: output(1, () => process.stdout),
    stderr: output(2, () => process.stderr),
    env: process.env,
    cwd: process.cwd(),
    nowMs: () => Date.now(),
    userName: () => osUser() ?? process.env['USER'] ?? 'unknown',
    onInterrupt: (handler) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, handler);
      return () => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, handler);
      };
    },
  };
}

/**
 * The offsets of a zone by `Date`, which knows one zone only, that of the process: it is given another one for a moment.
 * That is a hundred times as fast as `Intl` for the first question and slower for many, so that it is done only a few
 * times, and only for names that are taken as they are. Only the main thread's clock follows its environment.
 */
export function fewOffsets(most = 60): OffsetSource {
  let left = most;
  const zones = new Map<string, OffsetSource>();
  return (i, timeZone) => {
    if (!(i >= FIRST && i < LAST)) return undefined;
    let zone = zones.get(timeZone);
    if (zone === undefined) {
      const shown = (instants: readonly number[]) => {
        left -= 1;
        return left < 0 ? undefined : inZone(timeZone, () => instants.map(shownByDate));
      };
      // An unknown name would be taken for UTC, and any other zone has differed from that once.
      const isKnown = /^[A-Z][A-Za-z_]+(?:\/[A-Za-z_-]+)+$/.test(timeZone);
      zone = isKnown ? byCells(shown) : () => undefined;
      zones.set(timeZone, zone);
    }
    return zone(i, timeZone);
  };
}
/** The years 1900 to 2999 (spec section 2), in seconds. */
const [FIRST, LAST] = [Date.UTC(1900, 0, 8) / 1000, Date.UTC(2999, 11, 24) / 1000];
const PROBES = [Date.UTC(1890, 0, 1) / 1000, Date.UTC(1950, 6, 1) / 1000];

/**
 * Where an offset is the same at both ends of two days, it is so between them: no zone has changed back so soon. With the
 * days that are asked for go those around them, since telling the time of another zone is what takes long.
 */
function byCells(shown: (instants: readonly number[]) => readonly number[] | undefined): OffsetSource {
  const cells = new Map<number, number | undefined>();
  let isZone: boolean | undefined;
  const look = (cell: number): void => {
    const first = Math.max(cell - CELLS_BEFORE, Math.ceil(FIRST / CELL));
    const ends = Array.from({ length: CELLS + 1 }, (_, n) => (first + n) * CELL);
    const [told = 0, toldNext = 0, ...all] = shown([...PROBES, ...ends]) ?? [];
    if (all.length === 0) return;
    isZone = told !== PROBES[0] || toldNext !== PROBES[1];
    for (let n = 0; n < CELLS; n += 1) {
      const [offset, next] = [n, n + 1].map((at) => (all[at] as number) - (ends[at] as number));
      cells.set(first + n, offset === next ? offset : undefined);
    }
  };
  return (i) => {
    const cell = Math.floor(i / CELL);
    if (!cells.has(cell) && isZone !== false) look(cell);
    if (isZone !== true || !cells.has(cell)) return undefined;
    const known = cells.get(cell);
    if (known !== undefined) return known;
    const [one] = shown([i]) ?? [];
    return one === undefined ? undefined : one - i;
  };
}
const CELL = 2 * 86_400;
const CELLS = 10;
const CELLS_BEFORE = 3;

/** Runs `read` while the clock of the process is that of a zone. */
function inZone<T>(timeZone: string, read: () => T): T {
  const { TZ } = process.env;
  process.env['TZ'] = timeZone;
  try {
    return read();
  } finally {
    if (TZ === undefined) delete process.env['TZ'];
    else process.env['TZ'] = TZ;
  }
}

/** The seconds that a clock of the process shows at an instant, counted as if it were one of UTC. */
function shownByDate(i: number): number {
  const at = new Date(i * 1000);
  return (
    Date.UTC(at.getFullYear(), at.getMonth(), at.getDate(), at.getHours(), at.getMinutes(), at.getSeconds()) /
    1000
  );
}

/**
 * A file or a pipe is written to as it stands: all that belongs to a stream of Node takes longer to load than most
 * commands take to answer. Where the reader is slow, and for a terminal, it is Node's own stream.
 */
function output(descriptor: 1 | 2, stream: () => OutputStream): OutputStream {
  if (process.platform === 'win32' || !isPlain(descriptor)) return stream();
  const plain: Pick<OutputStream, 'write'> & { [name: string]: unknown } = {
    isTTY: false,
    write(chunk: string | Uint8Array, then?: unknown, last = then): boolean {
      const done = typeof last === 'function' ? (last as (error?: Error | null) => void) : () => {};
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      let at = 0;
      try {
        while (at < bytes.length) at += writeSync(descriptor, bytes, at);
      } catch (error) {
        if (isFull(error)) return stream().write(bytes.subarray(at), done);
        queueMicrotask(() => done(error as Error));
        return false;
      }
      queueMicrotask(() => done());
      return true;
    },
    // Whoever writes hears of a failure there.
    on: () => plain,
    off: () => plain,
  };
  return plain as unknown as OutputStream;
}

function isPlain(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor);
    if (stat.isFile() || stat.isFIFO() || stat.isSocket()) return true;
    return stat.isCharacterDevice() && stat.rdev === statSync('/dev/null').rdev;
  } catch {
    return false;
  }
}

const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EAGAIN';

/** Some containers run under a user id that no table names. */
function osUser(): string | undefined {
  try {
    return userInfo().username || undefined;
  } catch {
    return undefined;
  }
}

export interface TestHostOptions {
  readonly env?: Environment;
  readonly cwd?: string;
  /** 2026-01-12T08:00:00Z, a Monday, unless told. */
  readonly nowMs?: number;
  readonly userName?: string;
  /** Whether stdin, stdout and stderr are terminals; none is unless told. */
  readonly tty?: boolean;
  /** Of a terminal; 80 unless told. */
  readonly columns?: number;
}

/** A host for tests: a fixed clock and user, and streams that are read and written by the test. */
export interface TestHost extends Host {
  /** All that was written to stdout and to stderr so far. */
  out(): string;
  err(): string;
  /** Types text on stdin, as on a keyboard. */
  type(text: string): void;
  /** Ends stdin, as a pipe does. */
  endInput(): void;
  /** Presses Ctrl-C. */
  interrupt(): void;
}

/** A {@link TestHost}. */
export function testHost(options: TestHostOptions = {}): TestHost {
  const tty = options.tty ?? false;
  const terminal = tty ? { isTTY: true, columns: options.columns ?? 80 } : {};
  const stdin = Object.assign(new PassThrough(), tty ? { isTTY: true, setRawMode: () => {} } : {});
  const stdout = captured(terminal);
  const stderr = captured(terminal);
  const handlers = new Set<() => void>();
  return {
    stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: options.env ?? {},
    cwd: options.cwd ?? '/',
    nowMs: () => options.nowMs ?? 1_768_204_800_000,
    userName: () => options.userName ?? 'tester',
    onInterrupt: (handler) => {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    out: stdout.text,
    err: stderr.text,
    type: (text) => stdin.write(text),
    endInput: () => stdin.end(),
    interrupt: () => {
      for (const handler of handlers) handler();
    },
  };
}

function captured(terminal: object): { readonly stream: OutputStream; text(): string } {
  const chunks: Buffer[] = [];
  const stream = Object.assign(new PassThrough(), terminal);
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
