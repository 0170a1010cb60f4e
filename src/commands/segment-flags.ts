import { Option } from 'commander';
import type { Values } from '../records/definition.ts';
import type { Field } from '../records/field.ts';
import { tripSegments } from '../records/segments.ts';
import type { TphCommand } from './command.ts';
import { flagName } from './flag-names.ts';

/** Whether a field says who rides, segment by segment. */
export const isSegments = (field: Field): boolean => field === tripSegments;

/** The names under which commander keeps the segments: that of the field's flag, and of the one that adds. */
const SET = flagName('tripSegments', tripSegments);

/**
 * Who rides, in the order of the command line: each `--customer` opens a segment, each `--scp` joins the segment before
 * it, or opens one (spec section 5). On update the two replace all segments, `--add-customer` and `--add-scp` add.
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
}

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
