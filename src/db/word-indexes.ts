import { LISTS_SINCE } from './list-indexes.ts';
import type { Computed, Index } from './table.ts';

/** What is left of a text without its first word. */
const afterSpace = ({ sqlite, postgres }: Computed): Computed => ({
  sqlite: `substr(${sqlite}, instr(${sqlite}, ' ') + 1)`,
  postgres: `substr(${postgres}, strpos(${postgres}, ' ') + 1)`,
});
const hasSpace = ({ sqlite, postgres }: Computed): Computed => ({
  sqlite: `instr(${sqlite}, ' ') > 0`,
  postgres: `strpos(${postgres}, ' ') > 0`,
});
const isLive = ({ sqlite, postgres }: Computed): Computed => ({
  sqlite: `deleted_at is null and ${sqlite}`,
  postgres: `deleted_at is null and ${postgres}`,
});

/** A name from a later word on. */
interface LaterWord {
  readonly column: string;
  /** How it is computed, and when a name has that word. */
  readonly made: Computed;
  readonly has: Computed;
  /** How it is asked for, and the condition of its index. */
  readonly rest: Computed;
  readonly is: Computed;
}

function laterWord(column: string, made: Computed, has: Computed): LaterWord {
  return {
    column,
    made,
    has,
    rest: { sqlite: made.sqlite, postgres: `"${column}"` },
    is: { sqlite: has.sqlite, postgres: `"${column}" is not null` },
  };
}

/**
 * People are looked for by their last names too: what is said of the folded column of a joined handle. `from`: the name from
 * its second and from its third word on; `longer`: when it has more words than that. All are indexed.
 */
export function laterWords(column: string): {
  readonly from: readonly LaterWord[];
  readonly longer: Computed;
} {
  const whole: Computed = { sqlite: `"${column}"`, postgres: `"${column}"` };
  const second = afterSpace(whole);
  const third = afterSpace(second);
  return {
    from: [
      laterWord(`${column}_2`, second, hasSpace(whole)),
      laterWord(`${column}_3`, third, hasSpace(second)),
    ],
    longer: hasSpace(third),
  };
}

/** The indexes that `laterWords` speaks of; `since` is the version that brought the column. */
export function wordIndexes(table: string, column: string, since: number): readonly Index[] {
  const { from, longer } = laterWords(column);
  const name = `${table}_by_${column}`;
  const common = { unique: false, since: Math.max(LISTS_SINCE, since) };
  return [
    ...from.map(({ column: own, made, has, is }) => ({
      ...common,
      name: `${table}_by_${own}`,
      columns: ['client_id'],
      computed: {
        column: own,
        sqlite: made.sqlite,
        postgres: `case when ${has.postgres} then ${made.postgres} end`,
      },
      where: isLive(is),
    })),
    { ...common, name: `${name}_longer`, columns: ['client_id', 'id'], where: isLive(longer) },
  ];
}
