import { readdirSync, readFileSync } from 'node:fs';
import { parseCases, type ResolverCase } from '../resolver/case-format.ts';

const directory = new URL('../resolver/cases/', import.meta.url);

/** Every case of the corpus, with the file it stands in. */
export const allCases: readonly (ResolverCase & { readonly file: string })[] = readdirSync(directory)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .flatMap((file) =>
    parseCases(JSON.parse(readFileSync(new URL(file, directory), 'utf8'))).map((one) => ({ file, ...one })),
  );

export type CaseOf<D extends ResolverCase['decision']> = Extract<(typeof allCases)[number], { decision: D }>;

/** The cases about one decision. */
export const casesOf = <D extends ResolverCase['decision']>(decision: D): readonly CaseOf<D>[] =>
  allCases.filter((one): one is CaseOf<D> => one.decision === decision);
