import { beforeAll, describe, expect, test } from 'vitest';
import type { Field, ObjectType } from '../../../src/records/field.ts';
import { type AnyAnswer, type CheckedApi, failure } from '../checked-api.ts';
import { anyText, freeText, ofKind, type Place, shown, wrongTypes } from '../places.ts';
import { operationOf, ownTypes, Samples } from '../samples.ts';
import type { World } from '../world.ts';

/** Wrong values in records: each is refused with its field, and nothing is written. */
export function hostile(world: () => World): void {
  describe('hostile values', () => {
    let api: CheckedApi;
    const made: Partial<Record<ObjectType, string>> = {};
    beforeAll(async () => {
      ({ api } = await world().tenant());
      await api.call('scheduleExclusionGroup.create', { name: 'Hostile' });
      const samples = new Samples(api);
      for (const type of ownTypes) made[type] = (await samples.create(type)).id;
    });
    const update = (type: ObjectType, set: object) =>
      api.any(operationOf(type, 'update'), { ref: made[type], set });

    /** Each update is refused, about this field and no other, and record and log stay as they are. */
    const areRefused = async (
      [type, path, , wrap]: Place,
      values: readonly unknown[],
      hint = /./,
    ): Promise<void> => {
      const state = async () => [
        await api.any(operationOf(type, 'get'), { ref: made[type] }),
        await api.call('log.list', { limit: 1 }),
      ];
      const before = await state();
      for (const value of values) {
        const refused = await failure(update(type, wrap(value)));
        expect(refused.code, refused.message).toBe('INVALID');
        const [detail, ...others] = refused.details;
        expect(others).toEqual([]);
        const field = detail?.field ?? '?';
        expect(path.startsWith(field) || field.startsWith(path), `${field} is not ${path}`).toBe(true);
        expect(refused.message.length).toBeLessThan(400);
        expect(`${refused.message}${refused.hint}`).not.toMatch(/\p{Cc}/u);
        expect(refused.hint).toMatch(hint);
      }
      expect(await state()).toEqual(before);
    };

    test.each(shown(anyText))(
      '%s: control characters, broken and invisible ones, 10,000 letters',
      async (_name, place) => {
        const isSecret = place[2].kind === 'secret';
        const odd = ['a\u0000b', 'a\u001b[31mb', 'a\u0085b', 'a\ud800b', 'a\u202eb', 'a\u200bb'];
        await areRefused(place, [
          ...odd.map((text) => (isSecret ? `long enough ${text}` : text)),
          'x'.repeat(10_000),
        ]);
        const isMultiline = place[2].kind === 'text' && place[2].format === 'multiline';
        if (!isMultiline) await areRefused(place, ['more than\none line']);
        if (isSecret) await areRefused(place, ['a line break at the end\n', 'short', '😀😀😀😀']);
      },
    );

    const nasty = [
      "Robert'); DROP TABLE driver;--",
      '" OR ""="',
      '`id`; $(rm -rf ~) && echo | tee > x < y',
      '%s %d %n $HOME {{7*7}} <script>alert(1)</script>',
      '../../etc/passwd\\..\\c:',
      "=cmd|' /C calc'!A0",
      'Ünïcödé 漢字 😀 e\u0301',
      'key is not first: key:x G1',
    ];

    test.each(shown(freeText))(
      '%s keeps metacharacters as they are',
      async (_name, [type, path, field, wrap]) => {
        const max = field.kind === 'text' ? field.max : 0;
        const [name = '', inner] = path.split('[0].');
        const stored = (record: AnyAnswer) => (inner === undefined ? record[name] : record[name][0][inner]);
        for (const text of nasty) {
          const given = text.slice(0, max).trim();
          expect(stored(await update(type, wrap(given)))).toBe(given.normalize('NFC'));
          expect(stored(await api.any(operationOf(type, 'get'), { ref: made[type] }))).toBe(
            given.normalize('NFC'),
          );
        }
      },
    );

    test.each(shown(freeText))(
      '%s takes as many characters as it says, of any width',
      async (_name, [type, , field, wrap]) => {
        const max = field.kind === 'text' ? field.max : 0;
        expect((await update(type, wrap('😀'.repeat(max)))).changed).toBe(true);
        expect((await failure(update(type, wrap('😀'.repeat(max + 1))))).code).toBe('INVALID');
      },
    );

    test.each(shown(ofKind('day')))('%s: no such day', async (_name, place) => {
      await areRefused(place, [0], /null/);
      const wrong = [20_260_230, 20_261_301, 20_250_229, 18_991_231, 30_000_101, 20_260_101.5, 1_768_219_200];
      await areRefused(place, [...wrong, ...wrongTypes('number')]);
    });

    test.each(shown(ofKind('instant')))('%s: no such instant', async (_name, place) => {
      await areRefused(place, [0], /null/);
      await areRefused(place, [-1, 1.5, 253_402_300_800, 1e21, Number.NaN, ...wrongTypes('number')]);
    });

    test.each(shown(ofKind('integer')))('%s: no such number', async (_name, place) => {
      const { min, max } = place[2] as { min: number; max: number } & Field;
      await areRefused(place, [min - 1, max + 1, 1.5, 2 ** 53, Number.NaN, ...wrongTypes('number')]);
    });

    test.each(shown(ofKind('boolean')))('%s: neither true nor false', async (_name, place) => {
      await areRefused(place, [0, 1, 'true', '', ...wrongTypes('boolean')]);
    });

    test.each(shown(ofKind('choice')))('%s: none of the values', async (_name, place) => {
      await areRefused(place, ['', 'NOPE', 'toString', '__proto__', ...wrongTypes()]);
    });

    test.each(shown(anyText))('%s: no text', async (_name, place) => {
      await areRefused(place, wrongTypes('text'));
    });

    test.each(shown(ofKind('weekdays', 'id')))('%s: neither weekdays nor an id', async (_name, place) => {
      const wrong = ['', 'NODAY', 'MON-', ['MON', 'NODAY'], [''], 'G0', 'G9223372036854775808'];
      await areRefused(place, [...wrong, ...wrongTypes()]);
    });

    test.each(shown(ofKind('reference')))('%s: no reference', async (_name, place) => {
      const ids = [5, '', 'name', 'G9223372036854775808'].map((id) => ({ id }));
      await areRefused(place, ['', '  ', 'a\u0000b', 'x'.repeat(10_000), ...ids, ...wrongTypes('text')]);
    });

    test.each(shown(ofKind('references', 'tags')))(
      '%s: no list of references or words',
      async (_name, place) => {
        const entries = [5, '', ['x'], 'a\u0000b', 'x'.repeat(10_000), Number.NaN].map((entry) => [entry]);
        await areRefused(place, ['VIP', ...entries, Array(1001).fill('x'), ...wrongTypes('list')]);
      },
    );

    test.each(shown(ofKind('items')))('%s: no list of objects', async (_name, place) => {
      const { max } = place[2] as { max: number } & Field;
      await areRefused(place, [
        'x',
        [5],
        ['x'],
        [null],
        [[]],
        Array(max + 1).fill({}),
        ...wrongTypes('list'),
      ]);
    });
  });
}
