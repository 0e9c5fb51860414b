import { describe, expect, it } from 'vitest';
import { trainTokenizer } from '../train-tokenizer';
import { fastaWindows } from './fasta-windows';
import { genomeTraining } from './genome-training';
import { kmerTokenizer } from './kmer-tokenizer';
import { kmers } from './kmers';
import { reverseComplement } from './nucleotides';

describe('kmers', () => {
  it('gives one at every letter, or one behind the other', () => {
    expect(kmers('ATGCA', { k: 3 })).toEqual(['ATG', 'TGC', 'GCA']);
    expect(kmers('ATGCATG', { k: 3, overlapping: false })).toEqual(['ATG', 'CAT', 'G']);
    expect(kmers('ATGCATG', { k: 3, overlapping: false, keepRest: false })).toEqual(['ATG', 'CAT']);
    expect(kmers('AT', { k: 3 })).toEqual([]);
  });

  it('keeps, leaves out or splits at other letters', () => {
    expect(kmers('ATNGC', { k: 2 })).toEqual(['AT', 'TN', 'NG', 'GC']);
    expect(kmers('ATNGC', { k: 2, ambiguous: 'skip' })).toEqual(['AT', 'GC']);
    expect(kmers('ATANGCNN', { k: 2, overlapping: false, ambiguous: 'split' })).toEqual([
      'AT',
      'A',
      'N',
      'GC',
      'N',
      'N',
    ]);
    expect(kmers('ATANGC', { k: 2, ambiguous: 'split' })).toEqual(['AT', 'TA', 'GC']);
  });

  it('refuses other lengths', () => {
    expect(() => kmers('A', { k: 0 })).toThrow('k: expected an integer from 1');
    expect(() => kmerTokenizer({ k: 9 })).toThrow('at most 8');
  });
});

describe('reverseComplement', () => {
  it('reads the other strand', () => {
    expect(reverseComplement('ATGCNry-')).toBe('-ryNGCAT');
    expect(reverseComplement('AUG')).toBe('CAT');
    for (const code of 'ATCGRYSWKMBDHVN') expect(reverseComplement(reverseComplement(code))).toBe(code);
  });
});

describe('kmerTokenizer', () => {
  it('has the ids of DNABERT', () => {
    const tokenizer = kmerTokenizer({ k: 3 });
    expect(tokenizer.info.vocabularySize).toBe(5 + 64);
    const { ids } = tokenizer.encode(kmers('AAATGNN', { k: 3 }).join(' '));
    expect(Array.from(ids)).toEqual([2, 5, 6, 5 + 1 * 4 + 3, 1, 1, 3]);
  });

  it('takes sequences without overlap', () => {
    const tokenizer = kmerTokenizer({ k: 2, overlapping: false });
    const { ids } = tokenizer.encode('AATTNAC', { addSpecialTokens: false });
    expect(Array.from(ids, (id) => tokenizer.idToToken(id))).toEqual(['AA', 'TT', 'N', 'AC']);
    expect(tokenizer.decode(ids)).toBe('AATTNAC');
  });
});

describe('fastaWindows', () => {
  const lines = ['>one\n', 'acgt\n', 'ACG\n', '>two\n', 'TTNNA\n'];

  it('cuts sequences at their ends and at other letters', () => {
    expect([...fastaWindows(lines, { length: 5 })]).toEqual(['ACGTA', 'CG', 'TT', 'A']);
    expect([...fastaWindows(lines, { length: 5, ambiguous: 'keep' })]).toEqual(['ACGTA', 'CG', 'TTNNA']);
    expect([...fastaWindows(lines, { length: 5, minimumLength: 2 })]).toEqual(['ACGTA', 'CG', 'TT']);
    expect([...fastaWindows(['ACG'], { length: 2, strands: 'both' })]).toEqual(['AC', 'GT', 'G', 'C']);
  });

  it('overlaps or leaves out, and repeats no end', () => {
    expect([...fastaWindows(['ACGTACGT'], { length: 4, step: 2 })]).toEqual(['ACGT', 'GTAC', 'ACGT']);
    expect([...fastaWindows(['ACGTACGTA'], { length: 4, step: 2 })]).toEqual(['ACGT', 'GTAC', 'ACGT', 'GTA']);
    expect([...fastaWindows(['ACGTACGT'], { length: 2, step: 5 })]).toEqual(['AC', 'CG']);
    expect(() => [...fastaWindows([], { step: 0 })]).toThrow('step');
  });

  it('gives the same for lines of any length', () => {
    const sequence = 'ACGTTGCAAC'.repeat(20);
    const expected = [...fastaWindows([sequence], { length: 17, step: 11 })];
    const short = sequence.match(/.{1,3}/g)!;
    expect([...fastaWindows(short, { length: 17, step: 11 })]).toEqual(expected);
  });
});

describe('genomeTraining', () => {
  it('trains pieces of whole sequences with the special tokens of DNABERT-2', () => {
    const tokenizer = trainTokenizer(fastaWindows(['ATATGC'.repeat(50)], { length: 60 }), genomeTraining(20));
    expect(tokenizer.info.vocabularySize).toBeLessThanOrEqual(20);
    const { ids, tokens } = tokenizer.encode('ATATGCATATGC', { offsets: 'utf16' });
    expect(ids[0]).toBe(1);
    expect(ids.at(-1)).toBe(2);
    expect(tokens!.slice(1, -1).join('')).toBe('ATATGCATATGC');
    expect(tokens!.length).toBeLessThan(6);
  });
});
