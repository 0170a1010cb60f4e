import { userInfo } from 'node:os';
import { PassThrough } from 'node:stream';

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
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
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
