import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { shapeOf } from '../../src/contract/fields.ts';
import { loadFormats } from '../../src/contract/formats.ts';
import { checkInput } from '../../src/records/check.ts';
import type { Values } from '../../src/records/definition.ts';
import type { Fields } from '../../src/records/field.ts';
import { definitionOf, objectTypes } from '../../src/records/registry.ts';
import { anyValueOf, inputOf } from './arbitrary.ts';

const check = async (fields: Fields, input: Values, mode: 'create' | 'update') => {
  const definition = { ...definitionOf('Driver'), fields };
  return checkInput(definition, input, mode, await loadFormats('IE', fields, input));
};

/** Checked values as a store answers them: references as objects, secrets as nothing. */
function answered(fields: Fields, values: Values): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const value = values[name];
      if (value === null) return [name, null];
      if (field.kind === 'reference') return [name, { id: 'G1' }];
      if (field.kind === 'references') return [name, (value as unknown[]).map(() => ({ id: 'G1' }))];
      if (field.kind === 'secret') return [name, null];
      if (field.kind === 'items')
        return [name, (value as Values[]).map((item) => answered(field.fields, item))];
      if (field.kind === 'settings')
        return [name, Object.fromEntries(Object.entries(value as object).filter(([, one]) => one !== null))];
      return [name, value];
    }),
  );
}

describe.each(objectTypes)('%s', (type) => {
  const { fields } = definitionOf(type);
  const input = z.strictObject(shapeOf(z, fields, 'input', true));
  const output = z.strictObject(shapeOf(z, fields, 'output', true));

  test.each(Object.entries(fields))(
    '%s: what the contract refuses the check refuses; what the check accepts the contract can answer, and is accepted again',
    async (name, field) => {
      let accepted = 0;
      await fc.assert(
        fc.asyncProperty(anyValueOf(field), async (value) => {
          const given = { [name]: value };
          const { values, problems } = await check(fields, given, 'update');
          if (!input.safeParse(given).success) expect(problems).not.toEqual([]);
          if (problems.length > 0 || value === undefined) return;
          accepted += 1;
          const one = { [name]: field };
          expect(output.safeParse(answered(one, values)).error?.message).toBeUndefined();
          const again = await check(fields, values, 'update');
          expect([again.problems, again.values]).toEqual([[], values]);
        }),
        { numRuns: 80 },
      );
      expect(accepted).toBeGreaterThan(0);
    },
  );

  test('every problem names a field and says in one line what is wrong and what to do', async () => {
    await fc.assert(
      fc.asyncProperty(inputOf(fields), async (given) => {
        for (const problem of (await check(fields, given, 'create')).problems) {
          expect(problem.field).toBeTruthy();
          expect(problem.hint).toBeTruthy();
          expect(problem.message).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
          expect(problem.message.length).toBeLessThan(300);
          expect((problem.value ?? '').length).toBeLessThanOrEqual(200);
        }
      }),
      { numRuns: 100 },
    );
  });
});

test('a create fills defaults and demands what is required; an update takes what is given', async () => {
  const { fields } = definitionOf('DriverScp');
  const created = await check(fields, { driver: 'D1', scp: 'S1' }, 'create');
  expect(created.values).toEqual({
    driver: 'D1',
    scp: 'S1',
    mode: 'SOFT',
    priority: 0,
    expiresAt: null,
    notes: null,
  });
  const missing = await check(fields, {}, 'create');
  expect(missing.problems.map((problem) => [problem.field, problem['missing']])).toEqual([
    ['driver', true],
    ['scp', true],
  ]);
  expect((await check(fields, { priority: 3 }, 'update')).values).toEqual({ priority: 3 });
  expect((await check(fields, { mode: null, expiresAt: null }, 'update')).values).toEqual({
    mode: 'SOFT',
    expiresAt: null,
  });
});

test('a value that is repeated in an error is cut, and a password never repeated', async () => {
  const { fields } = definitionOf('Customer');
  const { problems } = await check(fields, { firstName: 'x'.repeat(10_000), password: 'geheim' }, 'create');
  expect(problems.map((problem) => [problem.field, problem.value?.length])).toEqual([
    ['firstName', 200],
    ['password', '(hidden)'.length],
  ]);
  expect(JSON.stringify(problems)).not.toContain('geheim');
});
