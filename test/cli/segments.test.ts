import { describe, expect, it } from 'vitest';
import { type Cli, shop } from './support.ts';

interface Segments {
  readonly changed?: boolean;
  readonly tripSegments: readonly {
    readonly customer: { readonly id: string; readonly firstName: string } | null;
    readonly scps: readonly { readonly ref: string }[];
  }[];
}

async function trip(): Promise<Cli> {
  const cli = await shop();
  for (const [first, phone] of [
    ['Ann', '085 000 0001'],
    ['Bo', '085 000 0002'],
  ] as const)
    await cli.tph('customer', 'create', '--first-name', first, '--phone', phone);
  for (const ref of ['SCP-1', 'SCP-2', 'SCP-3']) await cli.tph('scp', 'create', ref, '--display-name', ref);
  const riders = [
    '--scp',
    'SCP-3',
    '--customer',
    'Ann',
    '--scp',
    'SCP-1',
    '--customer',
    '085 000 0002',
    '--scp',
    'SCP-2',
  ];
  const customers = riders.map((word) => (word === 'Ann' ? '085 000 0001' : word));
  const made = await cli.tph('trip', 'create', 'T-1', '--pickup', '2026-01-13T08:15', ...customers);
  expect(made.err).toBe('');
  return cli;
}

const riding = ({ tripSegments }: Segments) =>
  tripSegments.map(({ customer, scps }) => [customer?.firstName ?? null, ...scps.map(({ ref }) => ref)]);

describe('trip update --remove-customer', () => {
  it('takes away the whole segment of a customer, and no other', async () => {
    const cli = await trip();
    const update = async (...words: string[]) =>
      (await cli.tph('trip', 'update', 'T-1', ...words, '-o', 'json')).json<Segments>();
    const gone = await update('--remove-customer', '0850000001');
    expect(gone.changed).toBe(true);
    expect(riding(gone)).toEqual([
      [null, 'SCP-3'],
      ['Bo', 'SCP-2'],
    ]);
    expect((await update('--remove-customer', '0850000001')).changed).toBe(false);
    const swapped = await update(
      '--remove-customer',
      '0850000002',
      '--add-customer',
      '0850000001',
      '--add-scp',
      'SCP-1',
    );
    expect(riding(swapped)).toEqual([
      [null, 'SCP-3'],
      ['Ann', 'SCP-1'],
    ]);
  });

  it('repeats, finds a deleted customer by id, and names its flag in errors', async () => {
    const cli = await trip();
    const [, first] = (await cli.tph('trip', 'show', 'T-1', '-o', 'json')).json<Segments>().tripSegments;
    const id = first?.customer?.id ?? '';
    expect((await cli.tph('customer', 'delete', id, '--yes')).code).toBe(0);
    const wrong = await cli.tph('trip', 'update', 'T-1', '--remove-customer', 'Nobody', '-o', 'json');
    expect(wrong.code).toBe(5);
    expect(JSON.parse(wrong.err).error.details[0]).toMatchObject({ flag: '--remove-customer' });
    const clash = await cli.tph('trip', 'update', 'T-1', '--customer', id, '--remove-customer', id);
    expect(clash.code).toBe(2);
    const both = await cli.tph(
      'trip',
      'update',
      'T-1',
      '--remove-customer',
      id,
      '--remove-customer',
      '0850000002',
      '-o',
      'json',
    );
    expect(riding(both.json<Segments>())).toEqual([[null, 'SCP-3']]);
  });
});

describe('trip update --remove-scp', () => {
  it('takes a passenger out, and a segment that has nobody left with them', async () => {
    const cli = await trip();
    const update = async (...words: string[]) =>
      (await cli.tph('trip', 'update', 'T-1', ...words, '-o', 'json')).json<Segments>();
    expect(riding(await update('--remove-scp', 'SCP-2'))).toEqual([
      [null, 'SCP-3'],
      ['Ann', 'SCP-1'],
      ['Bo'],
    ]);
    expect(riding(await update('--remove-scp', 'SCP-3', '--remove-customer', '0850000002'))).toEqual([
      ['Ann', 'SCP-1'],
    ]);
    expect((await update('--remove-scp', 'SCP-3')).changed).toBe(false);
    const moved = await update('--remove-scp', 'SCP-1', '--add-scp', 'SCP-2');
    expect(riding(moved)).toEqual([['Ann'], [null, 'SCP-2']]);
    expect(await cli.tph('trip', 'update', 'T-1', '--remove-scp', 'SCP-9')).toMatchObject({
      code: 5,
      err: expect.stringContaining('SCP-9'),
    });
  });
});

describe('deleting somebody who rides', () => {
  it.each([
    ['scp', 'SCP-1', 'passenger'],
    ['customer', '0850000001', 'customer'],
  ])('a %s says in which part', async (noun, ref, role) => {
    const cli = await trip();
    const { out } = await cli.tph(noun, 'delete', ref, '-n');
    expect(out).toContain(`\n  1 trip refers to it as ${role}: T-1\n`);
  });
});
