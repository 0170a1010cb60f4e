import { customer } from '../records/customer.ts';
import type { AnyRecord } from '../records/definition.ts';
import { invalid, type TphError } from '../values/error.ts';
import { makeVerbs, type TphCommand, wantedArgument } from './command.ts';
import { takesOneOf } from './completion-values.ts';
import type { CommandContext, Register } from './context.ts';
import { registerAddress } from './customer-address.ts';
import { type Edit, editCollections, wantCustomer } from './customer-edit.ts';
import { answerList, answerRecord } from './record-answer.ts';
import { repeated } from './words.ts';

/** What customers can do beyond the six verbs (spec section 5). */
export const register: Register = (command, context, verb) => {
  makeVerbs(
    {
      find: () => find(command, context),
      tag: () => tagVerb(command, context, 'tag', 'add', 'Put tags on a customer.'),
      untag: () => tagVerb(command, context, 'untag', 'remove', 'Take tags off a customer.'),
      link: () =>
        linkVerb(
          command,
          context,
          'link',
          'add',
          'Link a customer to accounts, departments, brands or capabilities.',
        ),
      unlink: () => linkVerb(command, context, 'unlink', 'remove', 'Undo links of a customer.'),
      address: () => registerAddress(command, context),
    },
    verb,
  );
};

function find(command: TphCommand, context: CommandContext): void {
  command
    .command('find')
    .description('Find the customer who calls from a phone, written in any way.')
    .argument('[phone...]', 'phone, national or international')
    .usage('<phone> [options]')
    .examples(['tph customer find 020 910 0001', 'tph customer find +353209100001 -o json'])
    .action(async (given: readonly string[]) => {
      const phone = await context.need.text(given.length === 0 ? undefined : given.join(' '), {
        flag: '<phone>',
        question: 'Which phone?',
        example: '020 910 0001',
      });
      const { items } = await context.call('customer.findByPhone', { phone });
      const records = items.map((record): AnyRecord => ({ ...record }));
      const [only] = records;
      if (only !== undefined && records.length === 1 && context.globals.output === 'table')
        await answerRecord(context, customer, only);
      else await answerList(context, customer, records);
    });
}

function tagVerb(
  command: TphCommand,
  context: CommandContext,
  verb: string,
  edit: Edit,
  description: string,
): void {
  const one = command.command(verb).description(description);
  if (edit === 'remove') takesOneOf(one, 'tag', { type: 'Customer', field: 'tags', argument: 0 });
  wantedArgument(one, 'ref', 'customer, by phone, e-mail, name or id')
    .argument('[tag...]', 'tags, each a short word')
    .usage('<ref> <tag>... [options]')
    .examples([
      `tph customer ${verb} "020 910 0001" VIP`,
      `tph customer ${verb} "Karen Kinsella" VIP "night rider"`,
    ])
    .action(async (given: string | undefined, tags: readonly string[]) => {
      const ref = await wantCustomer(context, given);
      const wanted = { flag: '<tag>', question: 'Which tag?', example: 'VIP' };
      const all = tags.length > 0 ? tags : [await context.need.text(undefined, wanted)];
      await editCollections(context, ref, edit, { tags: all }, { tags: '<tag>' });
    });
}

const LINKS = [
  ['account', 'accounts', 'account, by ref, name or id'],
  ['dept', 'accountDepartments', 'department, as ACCOUNT/Name or by id'],
  ['brand', 'brands', 'brand, by code, name or id'],
  ['capability', 'clientCapabilities', 'capability, by code, name or id'],
] as const;

type LinkFlags = { readonly [L in (typeof LINKS)[number][0]]: readonly string[] };

function linkVerb(
  command: TphCommand,
  context: CommandContext,
  verb: string,
  edit: Edit,
  description: string,
): void {
  const link = wantedArgument(
    command.command(verb).description(description),
    'ref',
    'customer, by phone, e-mail, name or id',
  );
  for (const [flag, , help] of LINKS)
    link.option(`--${flag} <ref>`, `${help}; may be repeated`, repeated, []);
  link
    .examples([
      `tph customer ${verb} "020 910 0001" --account QUILL --dept QUILL/Litigation`,
      `tph customer ${verb} "Karen Kinsella" --capability WAV`,
    ])
    .action(async (given: string | undefined, flags: LinkFlags) => {
      const entries = Object.fromEntries(
        LINKS.flatMap(([flag, field]) => (flags[flag].length === 0 ? [] : [[field, flags[flag]]])),
      );
      if (Object.keys(entries).length === 0) throw nothingToLink(verb);
      await editCollections(context, await wantCustomer(context, given), edit, entries);
    });
}

function nothingToLink(verb: string): TphError {
  const message = `nothing to ${verb}`;
  const flags = LINKS.map(([flag]) => `--${flag}`).join(', ');
  return invalid(message, `give one or more of ${flags}`, [{ field: '--account', message, missing: true }]);
}
