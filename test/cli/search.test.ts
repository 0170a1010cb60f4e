import { describe, expect, it } from 'vitest';
import { type Cli, shop } from './support.ts';

async function customers(): Promise<Cli> {
  const cli = await shop();
  const make = (phone: string, first: string, last: string, email: string) =>
    cli.tph(
      ...['customer', 'create', '--phone', phone, '--first-name', first],
      ...['--last-name', last, '--email', email],
    );
  await make('085 099 9888', 'Ann', 'Lee', 'ann@example.org');
  await make('+44 7700 900123', 'Bo Lee', 'O’Hara', 'Bo@example.org');
  await make('01 496 0000', 'Cara_', 'Leeson 100%', 'ca@example.org');
  return cli;
}

describe('--search', () => {
  it('finds a phone by its beginning, as people here write it or from abroad', async () => {
    const cli = await customers();
    const found = async (text: string) =>
      (await cli.tph('customer', 'list', '--search', text, '-o', 'json'))
        .json<{ firstName: string }[]>()
        .map(({ firstName }) => firstName);
    for (const text of [
      ...[
        '0850999888',
        '085 099',
        '(085) 0',
        '0',
        '850999888',
        '353850',
        '+353 85',
        '00353 85',
        '+353850999888',
      ],
    ])
      expect(await found(text), text).toContain('Ann');
    for (const text of ['0850999888', '085 099', '850999888', '353850'])
      expect(await found(text), text).toEqual(['Ann']);
    for (const text of ['+44', '0044 7700', '447700900']) expect(await found(text), text).toEqual(['Bo Lee']);
    for (const text of ['0860', '999888', '08509998881', '+', '085x', '#'])
      expect(await found(text), text).toEqual([]);
  });

  it('finds people by any word of their name, and an e-mail address by its beginning', async () => {
    const cli = await customers();
    const found = async (noun: string, text: string) =>
      (await cli.tph(noun, 'list', '--search', text, '-o', 'json'))
        .json<{ lastName: string }[]>()
        .map((one) => one.lastName);
    expect(await found('customer', 'LEE')).toEqual(['Lee', 'O’Hara', 'Leeson 100%']);
    expect(await found('customer', 'lees')).toEqual(['Leeson 100%']);
    expect(await found('customer', 'o’h')).toEqual(['O’Hara']);
    expect(await found('customer', 'lee o')).toEqual(['O’Hara']);
    expect(await found('customer', 'ann lee')).toEqual(['Lee']);
    expect(await found('customer', 'BO@EX')).toEqual(['O’Hara']);
    expect(await found('customer', 'cara_ leeson 100%')).toEqual(['Leeson 100%']);
    for (const text of ['nn', 'hara', '%', '_', 'l_e', 'lee%', '!'])
      expect(await found('customer', text), text).toEqual([]);
    await cli.tph('driver', 'create', 'D7', '--first-name', 'Dee', '--last-name', 'Byrne');
    expect(await found('driver', 'byr')).toEqual(['Byrne']);
  });
});

describe('filters', () => {
  it('take every spelling of a value that creating takes', async () => {
    const cli = await shop();
    await cli.tph('exclusion', 'create', 'Snow', '--mode', 'run-off');
    await cli.tph('account', 'create', 'ACME', '--merge-preference', 'own-department');
    const count = async (...words: string[]) => {
      const { code, out } = await cli.tph(...words, '-o', 'json');
      return code === 0 ? JSON.parse(out).length : `exit ${code}`;
    };
    for (const mode of ['run-off', 'RUN_OFF', 'Run Off'])
      expect(await count('exclusion', 'list', '--mode', mode)).toBe(1);
    expect(await count('exclusion', 'list', '--mode', 'run-on')).toBe(0);
    expect(await count('exclusion', 'list', '--mode', 'off')).toBe('exit 2');
    for (const merge of ['own-department', 'ACCOUNT_DEPARTMENT'])
      expect(await count('account', 'list', '--merge-preference', merge)).toBe(1);
  });
});
