import { Option } from 'commander';
import { operationPrefix } from '../contract/names.ts';
import type { RecordDefinition, Values } from '../records/definition.ts';
import type { Field, Reference } from '../records/field.ts';
import { tripSegments } from '../records/segments.ts';
import type { Id } from '../values/id.ts';
import { anyApi } from './any-api.ts';
import type { TphCommand } from './command.ts';
import type { CommandContext } from './context.ts';
import { flagName } from './flag-names.ts';

/** Whether a field says who rides, segment by segment. */
export const isSegments = (field: Field): boolean => field === tripSegments;

/** The names under which commander keeps the segments: that of the field's flag, and of the one that adds. */
const SET = flagName('tripSegments', tripSegments);

/**
 * Who rides, in the order of the command line: each `--customer` opens a segment, each `--scp` joins the segment before
 * it, or opens one (spec section 5). On update the two replace all segments, `--add-customer` and `--add-scp` add,
 * `--remove-customer` takes segments away and `--remove-scp` passengers out of theirs.
 */
export function addSegmentFlags(command: TphCommand, mode: 'create' | 'update'): void {
  const { customer, scps } = tripSegments.fields;
  pair(
    command,
    '',
    `${customer.help} Opens a segment.`,
    `${scps.help} Joins the segment before, or opens one.`,
  );
  if (mode === 'update')
    pair(
      command,
      'add-',
      'Add a segment with this customer.',
      'Add a passenger to the segment that is added.',
    );
  if (mode === 'update') addRemoving(command);
}

function addRemoving(command: TphCommand): void {
  const customer = new Option(
    `--remove-${SET} <ref>`,
    'Take away the segments of this customer (may be repeated).',
  );
  const scp = new Option(
    '--remove-scp <ref>',
    'Take this passenger out of every segment, and a segment that has nobody left away (may be repeated).',
  );
  let gone: readonly Gone[] = [];
  const take = (one: Gone): readonly Gone[] => {
    gone = [...gone, one];
    return gone;
  };
  command.addOption(customer.argParser((ref: string) => take({ customer: ref })));
  command.addOption(
    scp.argParser((ref: string) => {
      // As in `pair`: what is taken away belongs under one name.
      command.setOptionValueWithSource(customer.attributeName(), take({ scp: ref }), 'cli');
      return undefined;
    }),
  );
}

/** Who is taken away: a customer with the whole segment, or a passenger alone. */
type Gone = { readonly customer: string } | { readonly scp: string };

interface Segment {
  readonly customer: Reference | null;
  readonly scps: readonly Reference[];
}

/**
 * The input of an update with the segments that `--remove-customer` and `--remove-scp` mean, as the record has them. A
 * customer's segment is taken away whole, whoever rides along; one that loses a passenger is put in again without.
 */
export async function withWholeSegments(
  context: CommandContext,
  { objectType }: RecordDefinition,
  ref: string,
  input: Values,
): Promise<Values> {
  const remove = input['remove'] as { readonly tripSegments?: readonly Gone[] } | undefined;
  if (remove?.tripSegments === undefined) return input;
  const record = await anyApi(context).get(operationPrefix(objectType), ref);
  const segments = record['tripSegments'] as readonly Segment[];
  const known = new Set(
    segments.flatMap(({ customer, scps }) => [customer?.id, ...scps.map(({ id }) => id)]),
  );
  const gone = new Set<string>();
  for (const one of remove.tripSegments) {
    const named = 'customer' in one ? one.customer : one.scp;
    // Somebody who has been deleted is still found here by id.
    gone.add(known.has(named as Id) ? named : await idOf(context, one));
  }
  const changed = segments.filter(({ customer, scps }) =>
    [customer?.id, ...scps.map(({ id }) => id)].some((id) => id !== undefined && gone.has(id)),
  );
  const left = changed
    .filter(({ customer }) => customer === null || !gone.has(customer.id))
    .map((segment) => ({ ...segment, scps: segment.scps.filter(({ id }) => !gone.has(id)) }))
    .filter(({ customer, scps }) => customer !== null || scps.length > 0);
  const add = (input['add'] ?? {}) as { readonly tripSegments?: readonly unknown[] };
  const added = [...left.map(asInput), ...(add.tripSegments ?? [])];
  return {
    ...input,
    remove: { ...remove, tripSegments: changed.map(asInput) },
    ...(added.length === 0 ? {} : { add: { ...add, tripSegments: added } }),
  };
}

const asInput = ({ customer, scps }: Segment) => ({
  customer: customer === null ? null : { id: customer.id },
  scps: scps.map(({ id }) => ({ id })),
});

const idOf = async (context: CommandContext, one: Gone): Promise<string> => {
  const [objectType, ref, flag] =
    'customer' in one
      ? (['Customer', one.customer, `--remove-${SET}`] as const)
      : (['SpecialCategoryPassenger', one.scp, '--remove-scp'] as const);
  return (await context.call('reference.resolve', { objectType, ref }, { flags: { ref: flag } })).id;
};

function pair(command: TphCommand, prefix: '' | 'add-', customerHelp: string, scpHelp: string): void {
  const attribute = new Option(`--${prefix}${SET} <ref>`).attributeName();
  let segments: readonly Values[] = [];
  const open = (ref: string) => {
    segments = [...segments, { customer: ref, scps: [] }];
    return segments;
  };
  const join = (ref: string) => {
    const last = segments.at(-1);
    const joined = { ...last, scps: [...((last?.['scps'] ?? []) as readonly string[]), ref] };
    segments = [...segments.slice(0, -1), joined];
    // Commander keeps what a parser answers under the flag's own name; the segments belong under one.
    command.setOptionValueWithSource(attribute, segments, 'cli');
    return undefined;
  };
  command.addOption(new Option(`--${prefix}customer <ref>`, customerHelp).argParser(open));
  command.addOption(new Option(`--${prefix}scp <ref>`, scpHelp).argParser(join));
}
