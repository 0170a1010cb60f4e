import { ALL, FEW } from '../decisions/data.mjs';
import { DAY } from '../release/data.mjs';

/**
 * A command on one of the databases; `before` puts back what it changes and is not timed. `most`: the exponent that it
 * should have at most: flat is 0.1, what answers or reads as much as there is 1.
 *
 * @typedef {object} Case
 * @property {string} name
 * @property {keyof Databases} on
 * @property {number} [most]
 * @property {number} [rounds]
 * @property {readonly string[]} command
 * @property {readonly string[]} [before]
 */
/** @typedef {{ customers: string, decisions: string, release: string, csv: string, empty: string }} Databases */

const FLAT = 0.1;
const mode = (/** @type {string} */ word) => ['exclusion', 'set', 'Group 10', word];
/** @type {readonly Case[]} */
export const cases = [
  { name: 'customer list', on: 'customers', most: FLAT, command: ['customer', 'list'] },
  {
    name: 'list --tag',
    on: 'customers',
    most: FLAT,
    command: ['customer', 'list', '--tag', 'VIP', '--limit', '5'],
  },
  {
    name: 'list --account',
    on: 'customers',
    most: FLAT,
    command: ['customer', 'list', '--account', 'AC-007', '--limit', '1'],
  },
  {
    name: 'pick list, a name',
    on: 'customers',
    most: FLAT,
    command: ['customer', 'list', '--search', 'zeb'],
  },
  {
    name: 'pick list, a last name',
    on: 'customers',
    most: FLAT,
    command: ['customer', 'list', '--search', 'quill'],
  },
  {
    name: 'pick list, many fit',
    on: 'customers',
    most: FLAT,
    command: ['customer', 'list', '--search', 'm'],
  },
  { name: 'customer find', on: 'customers', most: FLAT, command: ['customer', 'find', '087 000 0001'] },
  { name: 'log', on: 'customers', most: FLAT, command: ['log'] },
  { name: 'log --type', on: 'customers', most: FLAT, command: ['log', '--type', 'account'] },
  { name: 'log --actor', on: 'customers', most: FLAT, command: ['log', '--actor', 'nobody'] },
  {
    name: 'driver list --status',
    on: 'decisions',
    most: FLAT,
    command: ['driver', 'list', '--status', 'SUSPENDED'],
  },
  { name: 'pref list --driver', on: 'decisions', most: FLAT, command: ['pref', 'list', '--driver', 'D7'] },
  { name: 'pref list --expired', on: 'decisions', most: FLAT, command: ['pref', 'list', '--expired'] },
  { name: 'trip show', on: 'decisions', most: FLAT, command: ['trip', 'show', FEW] },
  { name: 'eligible, few rows', on: 'decisions', most: 1, command: ['eligible', '--trip', FEW] },
  {
    name: 'eligible, every driver',
    on: 'decisions',
    most: 1,
    command: ['eligible', '--trip', ALL, '-o', 'json'],
  },
  {
    name: 'exclusion set',
    on: 'release',
    most: FLAT,
    before: mode('RUN_SCHEDULE'),
    command: mode('RUN_OFF'),
  },
  {
    name: 'exclusion status',
    on: 'release',
    most: FLAT,
    command: ['exclusion', 'status', 'Group 10', '--day', String(DAY)],
  },
  {
    name: 'release --day',
    on: 'release',
    most: 1,
    rounds: 3,
    command: ['release', '--day', String(DAY), '-o', 'json'],
  },
  { name: 'export', on: 'customers', most: 1, rounds: 3, command: ['export', 'customers'] },
];
