import { customer } from '../records/customer.ts';
import type { InputOfType } from '../records/registry.ts';
import { changeAny } from './any-api.ts';
import type { CommandContext } from './context.ts';
import { answerChange, changeFields } from './record-answer.ts';

/** The customer that `<ref>` names, asked for where it is missing. */
export const wantCustomer = (context: CommandContext, given: string | undefined): Promise<string> =>
  context.need.reference(given, 'Customer', {
    flag: '<ref>',
    question: 'Which customer?',
    example: '020 910 0001',
  });

/** Whether entries come to a collection or leave it. */
export type Edit = 'add' | 'remove';

/** Adds to or removes from collections of a customer, and says what that changed. */
export async function editCollections(
  context: CommandContext,
  ref: string,
  edit: Edit,
  entries: InputOfType<'Customer'>,
  flags: Readonly<Record<string, string>> = {},
): Promise<void> {
  await context.expectFields(changeFields(customer));
  const changed = await changeAny(context, 'customer', 'update', { ref, [edit]: entries }, { flags });
  await answerChange(context, customer, 'update', changed);
}
