/** What can be chosen, and other spellings with what each stands for. */
export interface Choices<V extends string = string> {
  readonly values: readonly V[];
  readonly aliases?: Readonly<Record<string, V>> | undefined;
}

/** The value that a text chooses; letter case does not count, nor whether blanks, hyphens or `_` divide its words. */
export function chosen<V extends string>(text: string, { values, aliases = {} }: Choices<V>): V | undefined {
  const wanted = plain(text);
  const alias = Object.keys(aliases).find((one) => plain(one) === wanted);
  return values.find((one) => plain(one) === wanted) ?? (alias === undefined ? undefined : aliases[alias]);
}

const plain = (text: string): string =>
  text
    .trim()
    .toUpperCase()
    .replace(/[\s_-]+/g, '_');
