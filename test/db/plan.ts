import { type Migration, migrations } from '../../src/db/migrations.ts';

/** The program's migrations and one more, as a later program would have them. */
export function grownPlan(): readonly Migration[] {
  const known = migrations('sqlite');
  const next = Math.max(...known.map((step) => step.version)) + 1;
  return [...known, { version: next, statements: ['alter table "driver" add column "badge" text'] }];
}
