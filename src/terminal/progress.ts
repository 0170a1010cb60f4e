import type { OutputStream } from '../host.ts';
import { tell } from './stream.ts';
import { visibleLine } from './visible.ts';
import { widthOf } from './width.ts';

/** How far something is. */
export interface Step {
  /** Of `total`, in whatever unit; null where the end is not known. */
  readonly done: number;
  readonly total: number | null;
  readonly rows: number;
  readonly failed: number;
  /** What it is busy with, where that is not the rows. */
  readonly phase?: string | undefined;
}

/** A line that is drawn over itself on a terminal; elsewhere a line every few seconds. */
export interface Progress {
  show(step: Step): void;
  /** Takes the line away; what is written next begins on a clean one. */
  end(): Promise<void>;
}

const EVERY_MS = { terminal: 100, log: 5000 };
const BAR = 16;

/** Progress of what is called `name`, told to a stream; `nowMs` is the clock by which rate and time left are worked out. */
export function progressOn(stream: OutputStream, name: string, nowMs: () => number): Progress {
  const isTerminal = stream.isTTY === true;
  const every = isTerminal ? EVERY_MS.terminal : EVERY_MS.log;
  const startMs = nowMs();
  // A short run in a log says nothing but its result.
  let shownMs = isTerminal ? startMs - every : startMs;
  let isShown = false;
  return {
    show: (step) => {
      const now = nowMs();
      if (now - shownMs < every) return;
      shownMs = now;
      const text = progressText(visibleLine(name), step, now - startMs, isTerminal);
      isShown = isTerminal;
      // Not the last column: some terminals break the line there.
      void tell(stream, isTerminal ? `\r${text.slice(0, widthOf(stream) - 1)}\u001b[K` : `${text}\n`);
    },
    end: async () => {
      if (isShown) await tell(stream, '\r\u001b[K');
      isShown = false;
    },
  };
}

/** `customers.csv ████████░░░░░░░░  50%  500,000 rows  81,000/s  0:06 left  2 bad` */
export function progressText(name: string, step: Step, elapsedMs: number, bar: boolean): string {
  const { done, total, rows, failed, phase } = step;
  const part = total === null || total === 0 ? undefined : Math.min(1, done / total);
  const filled = Math.round((part ?? 0) * BAR);
  const left = part === undefined || part === 0 ? undefined : (elapsedMs / part) * (1 - part);
  const parts = [
    ...(bar && part !== undefined ? ['█'.repeat(filled) + '░'.repeat(BAR - filled)] : []),
    ...(part === undefined ? [] : [`${Math.floor(part * 100)}%`.padStart(4)]),
    phase ?? `${grouped(rows)} rows`,
    ...(elapsedMs < 500 || rows === 0 ? [] : [`${grouped(Math.round((rows * 1000) / elapsedMs))}/s`]),
    ...(left === undefined || elapsedMs < 1000 ? [] : [`${clock(left)} left`]),
    ...(failed === 0 ? [] : [`${grouped(failed)} bad`]),
  ];
  const short = name.length > 20 ? `…${name.slice(-19)}` : name;
  return bar ? `${short} ${parts.join('  ')}` : `${short}: ${parts.map((one) => one.trim()).join(', ')}`;
}

/** `1,234,567`. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const two = (part: number) => String(part).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
