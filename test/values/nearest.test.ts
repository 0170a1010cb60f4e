import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/values/nearest.ts';

const GROUPS = ['Bad Weather', 'Bank Holidays', 'Christmas break', 'Mid-term'];

describe('nearest', () => {
  it('finds what was meant', () => {
    expect(nearest('Bad Wether', GROUPS)).toEqual(['Bad Weather']);
    expect(nearest('BAD  WETHER', GROUPS)).toEqual(['Bad Weather']);
    expect(nearest('cristmas brake', GROUPS)).toEqual(['Christmas break']);
    expect(nearest('midterm', GROUPS)).toEqual(['Mid-term']);
    expect(nearest('WV', ['WAV', 'CHILD_SEAT'])).toEqual(['WAV']);
  });

  it('finds what contains the text', () => {
    expect(nearest('weather', GROUPS)).toEqual(['Bad Weather']);
  });

  it('gives none for nonsense', () => {
    expect(nearest('qqqqqq', GROUPS)).toEqual([]);
    expect(nearest('', GROUPS)).toEqual([]);
    expect(nearest('x'.repeat(10_000), GROUPS)).toEqual([]);
    expect(nearest('D1', ['E2'])).toEqual([]);
  });

  it('gives the nearest first, then in order of spelling, each once, at most three or as many as asked', () => {
    const names = ['annd', 'anne', 'ann', 'annc', 'annb', 'ann'];
    expect(nearest('ann', names)).toEqual(['ann', 'annb', 'annc']);
    expect(nearest('ann', names, 1)).toEqual(['ann']);
    expect(nearest('ann', names, 9)).toHaveLength(5);
  });

  it('always finds a candidate spelt the same', () => {
    const words = fc.stringMatching(/^[a-z]{1,12}$/);
    fc.assert(
      fc.property(fc.array(words), words, (others, word) => {
        expect(nearest(word.toUpperCase(), [...others, word])[0]).toBe(word);
      }),
    );
  });
});
