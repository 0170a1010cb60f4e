export { shellWord } from '../values/shell-word.ts';

/** Collects a flag that may be repeated, in order. */
export const repeated = (value: string, before: readonly string[]): string[] => [...before, value];

/** `1 run`, `2 runs`. */
export const counted = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`;
