import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvKind, csvKinds } from '../../src/contract/bulk.ts';
import { loadFormats } from '../../src/contract/formats.ts';
import { DateSurvey } from '../../src/csv/dates.ts';
import { escapeCell, harmlessCell } from '../../src/csv/escape.ts';
import { Findings } from '../../src/csv/findings.ts';
import { RowReader } from '../../src/csv/row-reader.ts';
import type { DateStyle } from '../../src/csv/understood.ts';
import { definitionOf } from '../../src/records/registry.ts';
import { type Instant, parseInstantInput } from '../../src/values/instant.ts';

const NOW = 1_768_219_200 as Instant;
const TIME_ZONE = 'Europe/Dublin';
const formats = await loadFormats(
  'IE',
  { ...definitionOf('Account').fields, phone: definitionOf('Customer').fields['phone'] as never },
  { phone: '', iban: '', bic: '', country: '' },
);

/** What a cell of a field is read as, and what is wrong with it or doubtful in it. */
function read(kind: CsvKind, field: string, text: string, dates: DateStyle | null = null) {
  const column = { index: 0, header: field, field, ignored: null, dates };
  const context = { timeZone: TIME_ZONE, country: 'IE', now: NOW, dateFormat: undefined, formats };
  const reader = new RowReader(definitionOf(csvKinds[kind]), [column], context);
  const findings = new Findings();
  const values = reader.read({ line: 2, cells: [text], flaw: undefined }, findings);
  return { values, problems: findings.problems, warnings: findings.warnings.list() };
}
const value = (...given: Parameters<typeof read>) => {
  const { values, problems } = read(...given);
  return values === undefined ? problems[0]?.message : values[0];
};
const instant = (text: string) => parseInstantInput(text, { now: NOW, timeZone: TIME_ZONE, day: 'through' });

describe('cells', () => {
  it.each<[CsvKind, string, string, unknown]>([
    ['customers', 'phone', '085 012 3456', '+353850123456'],
    ['customers', 'phone', "'850123456", '+353850123456'],
    ['customers', 'phone', '="0850123456"', '+353850123456'],
    ['customers', 'phone', '353850123456.0', '+353850123456'],
    ['customers', 'firstName', '  Ann ', 'Ann'],
    ['customers', 'firstName', "'t", "'t"],
    ['customers', 'firstName', "'=Ann", '=Ann'],
    ['customers', 'firstName', "''=Ann", "'=Ann"],
    ['customers', 'lastName', "'Null", 'Null'],
    ['customers', 'lastName', 'Null', null],
    ['customers', 'lastName', 'n/a', undefined],
    ['customers', 'lastName', '-', undefined],
    ['customers', 'loyaltyMiles', '1,000', 1000],
    ['customers', 'loyaltyMiles', '5.0', 5],
    ['customers', 'loyaltyMiles', 'none', 0],
    ['customers', 'sharedPhone', 'Y', true],
    ['customers', 'sharedPhone', '0', false],
    ['customers', 'sharedPhone', '✓', true],
    ['customers', 'tags', 'VIP; Regular;VIP', ['VIP', 'Regular']],
    ['customers', 'tags', 'VIP, Regular', ['VIP', 'Regular']],
    ['customers', 'tags', 'none', []],
    ['customers', 'clientCapabilities', 'WAV|CHILD_SEAT', ['WAV', 'CHILD_SEAT']],
    ['customers', 'clientCapabilities', '["A;B","C"]', ['A;B', 'C']],
    ['customers', 'accounts', 'Smith, Jones & Co', ['Smith, Jones & Co']],
    ['customers', 'addresses', '1 Main Street, Cork', [{ streetAddress: '1 Main Street, Cork' }]],
    ['customers', 'addresses', 'Home; city=Cork', [{ label: 'Home', city: 'Cork' }]],
    [
      'customers',
      'addresses',
      '12 Main Street,\nCobh\nCo. Cork',
      [{ streetAddress: '12 Main Street, Cobh, Co. Cork' }],
    ],
    ['customers', 'addresses', 'Home; city=Cork\nWork; city=Cobh', [{ label: 'Home' }, { label: 'Work' }]],
    ['customers', 'addresses', '{"label":"Home","city":"Cork"}', [{ label: 'Home', city: 'Cork' }]],
    [
      'recurring',
      'exclusionLinks',
      'Bad Weather;Easter 2026',
      [{ group: 'Bad Weather' }, { group: 'Easter 2026' }],
    ],
    [
      'recurring',
      'exclusionLinks',
      '{"group":"Bad Weather","time":"8:15","isReturn":true}',
      [{ group: 'Bad Weather', time: '08:15', isReturn: true, timeId: null }],
    ],
    ['favourites', 'mode', '\u200bHARD\ufeff', 'HARD'],
    ['favourites', 'driver', '\u200eD07\u200b', 'D07'],
    ['approvals', 'expiresAt', '1798761600', 1798761600],
    ['accounts', 'authType', 'none', 'NONE'],
    ['accounts', 'mergePreference', 'own account', 'ACCOUNT'],
    ['accounts', 'country', 'Ireland', 'IE'],
    ['accounts', 'iban', 'IE29 AIBK 9311 5212 3456 78', 'IE29AIBK93115212345678'],
    [
      'recurring',
      'times',
      '8:15 MON-FRI; 15:30 MON,WED return',
      [{ time: '08:15' }, { time: '15:30', isReturn: true }],
    ],
    ['recurring', 'skips', '[{"day":20260113,"time":"08:15"}]', [{ day: 20260113, time: '08:15' }]],
    ['recurring', 'skips', '2026-01-13; reason=Closed', [{ day: 20260113, reason: 'Closed' }]],
  ])('of %s: %s %j is %j', (kind, field, text, wanted) => {
    if (typeof wanted === 'object' && wanted !== null) expect(value(kind, field, text)).toMatchObject(wanted);
    else expect(value(kind, field, text)).toBe(wanted);
  });

  it.each<[CsvKind, string, string, string]>([
    ['customers', 'phone', '4.47E+11', 'last digits are lost'],
    ['favourites', 'customer', '4,47E+11', 'last digits are lost'],
    ['customers', 'email', 'ann', 'is not an e-mail address'],
    ['customers', 'firstName', '#REF!', 'a formula that failed'],
    ['customers', 'loyaltyMiles', '1.000', 'is not a whole number'],
    ['drivers', 'status', 'actve', 'is not one of the values'],
    ['drivers', 'callsign', 'none', 'cannot be cleared'],
    ['drivers', 'callsign', 'G12', 'looks like an id'],
    ['drivers', 'id', '9.1E+17', 'is not an id'],
    ['scps', 'dateOfBirth', '31/02/2015', 'there'],
    ['scps', 'dateOfBirth', '42912', 'a number where the column has dates'],
    ['recurring', 'times', '8:15', 'is not a time with its weekdays'],
    ['recurring', 'skips', '[{"day"', 'begins like a JSON array'],
    ['recurring', 'exclusionLinks', '{"group"', 'begins like a JSON object'],
    ['recurring', 'exclusionLinks', '{"group":"A","time":"late"}', 'is not a time of day'],
    ['customers', 'addresses', 'Home; city=Cork\n1 Main Street', 'may be an address of its own'],
    ['approvals', 'expiresAt', '30062027', 'neither a day nor'],
    ['approvals', 'expiresAt', '2027', 'neither a day nor'],
    ['approvals', 'expiresAt', '12', 'neither a day nor'],
  ])('of %s: %s %j is refused: %s', (kind, field, text, why) => {
    expect(value(kind, field, text, 'dmy')).toContain(why === 'there' ? 'is not a date' : why);
  });

  it.each<[string, DateStyle | null, number]>([
    ['2015-04-02', null, 20150402],
    ['20150402', null, 20150402],
    ['2015/4/2', null, 20150402],
    ['2015-04-02 00:00:00', null, 20150402],
    ['02/04/2015', 'dmy', 20150402],
    ['04/02/2015', 'mdy', 20150402],
    ['2.4.15', 'dmy', 20150402],
    ['2-Apr-15', null, 20150402],
    ['2nd April 2015', null, 20150402],
    ['Apr 2, 2015', null, 20150402],
    ['Thu, 2 Apr 2015', null, 20150402],
    ['02/04/68', 'dmy', 19680402],
    ['42096', 'serial', 20150402],
  ])('reads the day %s (%s)', (text, dates, day) => {
    expect(value('scps', 'dateOfBirth', text, dates)).toBe(day);
  });

  it.each<[string, DateStyle | null, string]>([
    ['2026-06-30', null, '20260630'],
    ['30/06/2026', 'dmy', '20260630'],
    ['30/06/2026 00:00', 'dmy', '20260630'],
    ['30/06/26 8:15 PM', 'dmy', '2026-06-30T20:15'],
    ['6/30/2026 20:15:00', 'mdy', '2026-06-30T20:15'],
    ['2026-06-30T20:15:00+01:00', null, '2026-06-30T20:15'],
    ['46203', 'serial', '20260630'],
    ['46203.5', 'serial', '2026-06-30T12:00'],
    ['1798761600', null, '1798761600'],
  ])('reads the expiry %s (%s)', (text, dates, wanted) => {
    expect(value('approvals', 'expiresAt', text, dates)).toBe(instant(wanted));
  });

  it('counts what was read as something else than it says', () => {
    expect(read('customers', 'lastName', 'N/A').warnings).toEqual([
      { message: '`N/A` was read as an empty cell', column: 'lastName', line: 2, count: 1 },
    ]);
    expect(read('customers', 'phone', '850123456').warnings).toMatchObject([
      { message: 'the leading zero that a spreadsheet took off was put back' },
    ]);
  });

  it('reads an exported text, and a cell of a result file, as the text that it was', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'\'=+-@"none/a12 x'), minLength: 1, maxLength: 8 }),
      fc.constantFrom('None', 'null', 'N/A', '-', "'12", "'=1", '="1"', '+353850123456'),
    );
    fc.assert(
      fc.property(text, (given) => {
        const name = given.trim();
        fc.pre(name !== '');
        expect(value('customers', 'firstName', escapeCell(name))).toBe(name);
        expect(value('customers', 'firstName', harmlessCell(name))).toBe(
          value('customers', 'firstName', name),
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the order of dates in a column', () => {
  const survey = (...texts: string[]) => {
    const dates = new DateSurvey(2026);
    for (const [i, text] of texts.entries()) dates.add(text, i + 2);
    return dates.result();
  };
  it('is what one of them proves, what full stops mean, or not known', () => {
    expect(survey('01/02/2015', '2015-01-02', '13/01/2015')).toEqual({ style: 'dmy' });
    expect(survey('01/02/2015', '1/13/15')).toEqual({ style: 'mdy' });
    expect(survey('1.2.2015')).toEqual({ style: 'dmy' });
    expect(survey('01/01/2015', '2 May 2015')).toEqual({ style: null });
    expect(survey('42096', '42097.5')).toEqual({ style: 'serial' });
    expect(survey('42096', '2015-01-02')).toEqual({ style: null });
    expect(survey('01/02/2015')).toEqual({ ambiguous: [2, '01/02/2015'] });
    expect(survey('13/02/2015', '02/13/2015')).toEqual({
      contradiction: [
        [2, '13/02/2015'],
        [3, '02/13/2015'],
      ],
    });
  });
});
