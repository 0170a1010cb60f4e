import { customer } from '../records/customer.ts';
import { kebab } from '../records/names.ts';
import type { RecordOfType } from '../records/registry.ts';
import { type Column, table } from '../terminal/answer.ts';
import { type TphCommand, wantedArgument } from './command.ts';
import type { CommandContext } from './context.ts';
import { editCollections, wantCustomer } from './customer-edit.ts';
import { counted } from './words.ts';

type Address = RecordOfType<'Customer'>['addresses'][number];
type AddressField = keyof Address & string;

const { fields } = customer.fields.addresses;
const names = Object.keys(fields) as readonly AddressField[];

/** `tph customer address add|list`. */
export function registerAddress(command: TphCommand, context: CommandContext): void {
  const address = command
    .command('address')
    .description('The addresses that are known of a customer.')
    .examples(['tph customer address list "020 910 0001"']);
  add(address, context);
  list(address, context);
}

function add(command: TphCommand, context: CommandContext): void {
  const verb = wantedArgument(
    command
      .command('add')
      .description('Add an address to a customer; one that is there already stays as it is.'),
    'ref',
    'customer, by phone, e-mail, name or id',
  );
  for (const name of names) verb.option(`--${kebab(name)} <text>`, fields[name].help);
  verb
    .examples([
      'tph customer address add "020 910 0001" --label Home --street-address "1 Quay St" --city Galway --country IE',
    ])
    .action(async (given: string | undefined, flags: { readonly [N in AddressField]?: string }) => {
      const ref = await wantCustomer(context, given);
      const address: Partial<Record<AddressField, string>> = {};
      for (const name of names) if (flags[name] !== undefined) address[name] = flags[name];
      const isPlace = Object.keys(address).some((name) => name !== 'label');
      const wanted = { flag: '--street-address', question: 'Street and number?', example: '1 Quay St' };
      if (!isPlace) address.streetAddress = await context.need.text(undefined, wanted);
      await editCollections(context, ref, 'add', { addresses: [address] }, itemFlags);
    });
}

/** Errors name the item's field by its place in the list. */
const itemFlags = Object.fromEntries(names.map((name) => [`addresses[0].${name}`, `--${kebab(name)}`]));

const columns = names.map((name): Column<Address> => ({ name }));

function list(command: TphCommand, context: CommandContext): void {
  wantedArgument(
    command.command('list').alias('ls').description('List the addresses of a customer.'),
    'ref',
    'customer, by phone, e-mail, name or id',
  )
    .examples([
      'tph customer address list "020 910 0001"',
      'tph customer address list "Karen Kinsella" -o csv',
    ])
    .action(async (given: string | undefined) => {
      const ref = await wantCustomer(context, given);
      const { addresses } = await context.call('customer.get', { ref });
      const used = columns.filter(({ name }) => addresses.some((one) => one[name as AddressField] !== null));
      await context.answer({
        value: addresses,
        columns,
        idOf: (one: Address) => one.label ?? '',
        draw: () => (addresses.length === 0 ? [] : [table(used, addresses)]),
      });
      if (context.globals.output === 'table')
        await context.note(counted(addresses.length, 'address', 'addresses'));
    });
}
