import { expect, it } from 'vitest';
import { typeOfOperation, writesAnything } from '../../src/contract/names.ts';
import { operations } from '../../src/contract/operations.ts';

const all = Object.entries(operations);

it('tells by its name whether an operation may change something', () => {
  const told = all.map(([name]) => [name, writesAnything(name)]);
  expect(told).toEqual(all.map(([name, { writes }]) => [name, writes]));
});

it('tells by its name which kind of record an operation is about', () => {
  expect(typeOfOperation('driverScp.update')).toBe('DriverScp');
  expect(['release.commit', 'constructor.get', 'driver'].map(typeOfOperation)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
