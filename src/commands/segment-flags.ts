import { Option } from 'commander';
import { operationPrefix } from '../contract/crud.ts';
import type { RecordDefinition, Values } from '../records/definition.ts';
import type { Field, Reference } from '../records/field.ts';
import { tripSegments } from '../records/segments.ts';
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
 * it, or opens one (spec section 5). On update the two replace all segments, `--add-customer` and `--add-scp` add, and
 * `--remove-customer` takes away.
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
  if (mode === 'update') {
    const take = (ref: string, before: readonly Values[] = []) => [...before, { customer: ref }];
    const help = 'Take away the segments of this customer (may be repeated).';
    command.addOption(new Option(`--remove-${SET} <ref>`, help).argParser(take));
  }
}

interface Segment {
  readonly customer: Reference | null;
  readonly scps: readonly Reference[];
}

/**
 * The input of an update with the segments that `--remove-customer` means, as the record has them: a segment is taken
 * away whole, whoever rides along.
 */
export async function withWholeSegments(
  context: CommandContext,
  { objectType }: RecordDefinition,
  ref: string,
  input: Values,
): Promise<Values> {
  const remove = input['remove'] as
    | { readonly tripSegments?: readonly { readonly customer: string }[] }
    | undefined;
  if (remove?.tripSegments === undefined) return input;
  const record = await anyApi(context).get(operationPrefix(objectType), ref);
  const segments = record['tripSegments'] as readonly Segment[];
  const gone = new Set<string>();
  for (const { customer } of remove.tripSegments) {
    // Somebody who has been deleted is still found here by id.
    const rides = segments.some((segment) => segment.customer?.id === customer);
    gone.add(rides ? customer : await idOf(context, customer));
  }
  const tripSegments = segments
    .filter((segment) => segment.customer !== null && gone.has(segment.customer.id))
    .map(({ customer, scps }) => ({
      customer: customer === null ? null : { id: customer.id },
      scps: scps.map(({ id }) => ({ id })),
    }));
  return { ...input, remove: { ...remove, tripSegments } };
}

const idOf = async (context: CommandContext, ref: string): Promise<string> =>
  (
    await context.call(
      'reference.resolve',
      { objectType: 'Customer', ref },
      { flags: { ref: `--remove-${SET}` } },
    )
  ).id;

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
