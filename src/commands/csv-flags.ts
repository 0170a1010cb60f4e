import { invalid, quote } from '../values/error.ts';

const DELIMITERS: Readonly<Record<string, string>> = {
  ',': ',',
  comma: ',',
  ';': ';',
  semicolon: ';',
  '|': '|',
  pipe: '|',
  '\t': '\t',
  '\\t': '\t',
  tab: '\t',
};

/** What `--delimiter` says stands between cells; undefined where it is not given. */
export function delimiterFlag(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const known = DELIMITERS[given.toLowerCase()];
  if (known !== undefined) return known;
  const message = `--delimiter ${quote(given)} is none`;
  const hint = 'give one of , ; | or tab';
  throw invalid(message, hint, [{ field: '--delimiter', value: given, message, hint }]);
}
